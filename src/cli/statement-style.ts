/**
 * The look of a printable statement: hairlines, tabular figures, one hue. On a narrow screen each row becomes a card of the columns that matter;
 * paper is white whatever the theme.
 */
export const statementStyle = `
:root { color-scheme: light dark; --page: #fff; --text: #14181f; --quiet: #5b6675; --line: #dde2e9; --rule: #14181f; --fill: #5470a8;
  --track: #eef1f5; --hatch: #8a94a3; --loud: #8a4500; --loud-line: #d98a2b; }
@media (prefers-color-scheme: dark) { :root { --page: #12151a; --text: #e6eaf0; --quiet: #9aa5b4; --line: #2a313b; --rule: #8d98a8; --fill: #86a3e0;
  --track: #1d222a; --hatch: #78828f; --loud: #f0b070; --loud-line: #b9772a; } }
* { box-sizing: border-box; }
body { background: var(--page); color: var(--text); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; margin: 0 auto;
  max-width: 76rem; padding: 40px 32px 64px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.over { color: var(--quiet); margin: 0 0 8px; }
h1 { font-size: 22px; font-weight: 600; line-height: 1.35; margin: 0 0 24px; max-width: 46rem; text-wrap: pretty; }
h2 { font-size: 15px; font-weight: 600; line-height: 1.35; margin: 40px 0 8px; }
.note { border-left: 2px solid var(--line); color: var(--quiet); margin: 0 0 8px; max-width: 60rem; padding-left: 12px; }
.loud { border-color: var(--loud-line); color: var(--loud); }
table { border-collapse: collapse; margin-top: 24px; width: 100%; }
.summary td.name { min-width: 9rem; }
.detail { table-layout: fixed; }
.detail th.name { width: 36%; } .detail th.kind { width: 19%; } .detail th.charges { width: 10%; }
h2 + table { margin-top: 0; }
caption { color: var(--quiet); padding-bottom: 8px; text-align: left; }
th, td { border-bottom: 1px solid var(--line); font-weight: 400; padding: 6px 0 6px 20px; text-align: right; vertical-align: baseline; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; white-space: normal; }
thead th { background: var(--page); border-bottom-color: var(--rule); color: var(--quiet); position: sticky; top: 0; overflow-wrap: normal; vertical-align: bottom; }
td.kind, th.kind { text-align: left; }
td.kind, td.minor, td.charges { color: var(--quiet); }
tr.sum td, tr.total td { font-weight: 600; }
tr.sum td.minor { color: inherit; }
tbody tr.first td, tr.total td { border-top: 2px solid var(--rule); }
tr.part td { color: var(--quiet); } tr.part td:first-child { padding-left: 16px; }
tr.gone td { color: var(--quiet); }
.track { background: var(--track); display: inline-block; height: 8px; margin-right: 8px; vertical-align: baseline; width: 56px; }
.fill { background: var(--fill); display: block; height: 8px; }
.percent { display: inline-block; min-width: 3.4em; }
.unallocated .fill, .swatch { background: repeating-linear-gradient(135deg, var(--hatch) 0 2px, transparent 2px 4px); }
.swatch { border: 1px solid var(--hatch); display: inline-block; height: 10px; margin-right: 8px; width: 10px; }
footer { border-top: 1px solid var(--line); color: var(--quiet); margin-top: 48px; max-width: 60rem; padding-top: 12px; }
@media screen and (max-width: 1240px) { .wide { overflow-x: auto; } thead th { position: static; } }
@media screen and (max-width: 860px) {
  .wide { overflow: visible; }
  body { padding: 24px 16px 48px; }
  h1 { font-size: 19px; }
  thead, .charges, .summary td.minor { display: none; }
  table, tbody, caption { display: block; }
  tr { border-bottom: 1px solid var(--line); display: grid; gap: 2px 16px; grid-template-columns: minmax(0, 1fr) auto; padding: 10px 0; }
  td, td:first-child { border: 0; padding: 0; }
  tbody tr.first td, tr.total td { border: 0; }
  tbody tr.first, tr.total { border-top: 1px solid var(--rule); }
  td.name { grid-column: 1; grid-row: 1; }
  td.effective { font-weight: 600; grid-column: 2; grid-row: 1; }
  td.bar { grid-column: 1 / -1; grid-row: 2; display: grid; grid-template-columns: 1fr auto; align-items: center; min-width: 0; }
  td.bar:empty, td:empty { display: none; }
  .track { width: auto; }
  td.vs, td.kind { color: var(--quiet); font-weight: 400; grid-column: 1; grid-row: 3; text-align: left; white-space: normal; }
  td.billed { color: var(--quiet); font-weight: 400; grid-column: 2; grid-row: 3; }
  tr.sum td.vs, tr.sum td.billed, tr.total td.billed { font-weight: 400; }
  tr.part td.name { padding-left: 16px; }
  td.vs::before, td.billed::before { content: attr(data-label) " "; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --text: #000; --quiet: #444; --line: #ccc; --rule: #000; --fill: #5470a8; --track: #eee; --hatch: #777; --loud: #000; --loud-line: #000; }
  @page { margin: 16mm 14mm; size: A4; }
  body { font-size: 9.5px; max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h1 { font-size: 16px; } h2 { break-after: avoid; font-size: 11px; margin-top: 24px; }
  thead { display: table-header-group; } thead th { position: static; }
  tr, .note, caption, footer { break-inside: avoid; } tr.sum, tr.total { break-before: avoid; }
  th, td { padding: 3px 0 3px 10px; } .summary td.name { min-width: 7rem; } .track, .fill { height: 6px; } .track { margin-right: 4px; width: 32px; }
}
`;
