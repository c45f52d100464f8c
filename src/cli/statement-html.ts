import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { amount } from "./format.ts";
import { remarksOf, rowsOf, scopeName, SUMMARY_WORDS, summaryOf, total } from "./statement-rows.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Names come from tags, which anyone may write: none of them is markup. */
const text = (value: string): string => value.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? "");

const style = `
:root { color-scheme: light dark; --line: #d4d9e1; --quiet: #5a6472; --loud: #9a4b00; }
@media (prefers-color-scheme: dark) { :root { --line: #3a424e; --quiet: #a0aab8; --loud: #f0a860; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p.quiet { color: var(--quiet); margin: .2rem 0 1.5rem; } p.loud { color: var(--loud); }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; color: var(--quiet); } td.wrap { white-space: normal; min-width: 12rem; }
.n { text-align: right; } tr.sum td { font-weight: 600; border-top: 2px solid var(--line); }
@media print { body { margin: 0; max-width: none; font-size: 11px; } section { break-inside: avoid; } a { color: inherit; } }
`;

/** A statement as one printable page without scripts or anything to fetch. */
export function statementHtml(asked: MonthStatement): string {
  const title = `Statement of ${asked.month} by ${asked.key}`;
  const scopes = [...new Set(asked.statement.scopes.map(({ scope }) => scope))];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title><style>${style}</style></head><body>
<h1>${text(title)}</h1>
<p class="quiet">By billing period. What all bear adds up to what was invoiced and corrected, unit for unit.</p>
${remarksOf(asked)
  .map((remark) => `<p class="loud">${text(remark)}</p>`)
  .join("\n")}
${summary(asked)}
${scopes.map((scope) => section(asked, scopeName(scope))).join("\n")}
</body></html>
`;
}

function summary(asked: MonthStatement): string {
  const { head, scopes, sums } = summaryOf(asked);
  const rows = [...scopes.map((cells) => row(cells)), ...sums.map((cells) => row(cells, "sum"))];
  return tableOf(head, SUMMARY_WORDS, rows);
}

function section(asked: MonthStatement, scope: string): string {
  const rows = rowsOf(asked)
    .filter((each) => each.scope === scope)
    .map((each) =>
      row([each.kind, each.what, each.currency, each.effectiveShort, each.billedShort, each.charges], "", 3),
    );
  const sums = asked.statement.scopes
    .filter((each) => scopeName(each.scope) === scope)
    .map((each) =>
      row(
        [
          "Total",
          "",
          each.currency,
          total(each.total),
          each.total.billed === undefined ? "unknown" : amount(each.total.billed),
          "",
        ],
        "sum",
        3,
      ),
    );
  const head = ["Kind", "What", "Currency", "EffectiveCost", "BilledCost", "Charges"];
  return `<section><h2>${text(scope)}</h2>${tableOf(head, 3, [...rows, ...sums])}</section>`;
}

const row = (cells: readonly string[], kind = "", words = 2): string =>
  `<tr${kind === "" ? "" : ` class="${kind}"`}>${cells.map((cell, index) => `<td${index < words ? (index === 1 && words === 3 ? ' class="wrap"' : "") : ' class="n"'}>${text(cell)}</td>`).join("")}</tr>`;

const tableOf = (head: readonly string[], words: number, rows: readonly string[]): string =>
  `<div class="wide"><table><thead><tr>${head.map((cell, index) => `<th${index < words ? "" : ' class="n"'}>${text(cell)}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
