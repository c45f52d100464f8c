import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { ratio } from "#units/money.ts";
import { formatInstant } from "#units/instant.ts";
import { htmlText as text, pageHtml } from "./page-html.ts";
import { DETAIL_HEAD, detailOf, type DetailRow } from "./statement-detail.ts";
import {
  type Cell,
  commitmentRemarks,
  partText,
  remarksOf,
  scopeName,
  type SummaryRow,
  summaryOf,
} from "./statement-rows.ts";
import { keyName, monthName, statementSentence } from "./statement-sentence.ts";
import { statementStyle } from "./statement-style.ts";

/**
 * A statement as one printable page without scripts or anything to fetch.
 * @param scope the one that it is narrowed to, null for what nobody owns; undefined for all
 */
export function statementHtml(asked: MonthStatement, scope: string | null | undefined): string {
  const { closed, open, month, key } = asked;
  const state =
    closed !== undefined
      ? `closed on ${formatInstant(closed.at).slice(0, 10)}`
      : open.length > 0
        ? "provisional"
        : "final, not closed";
  const whose = scope === undefined ? "" : ` of ${scopeName(scope)}`;
  const scopes = [...new Set(asked.statement.scopes.map((each) => each.scope))];
  return pageHtml(
    "statement",
    `Statement${whose}, ${monthName(month)}`,
    statementStyle,
    `<header><p class="over">${text(`Statement${whose} by ${keyName(key)} · ${monthName(month)} · ${state}`)}</p>
<h1>${text(unbroken(statementSentence(asked, scope)))}</h1></header>
${remarksOf(asked)
  .map((remark) => `<p class="note loud">${text(remark)}</p>`)
  .join("\n")}
${commitmentRemarks(asked)
  .map((remark) => `<p class="note">${text(remark)}</p>`)
  .join("\n")}
${summaries(asked)}
${scopes.map((each) => section(asked, each)).join("\n")}
<footer>By billing period. EffectiveCost spreads commitments over what they cover; BilledCost is what the invoice asks for. What all bear adds up to what was
invoiced and corrected, per currency, to the 18th decimal; an amount that is pointed at shows all its digits.</footer>`,
  );
}

/** An amount stays beside its currency. */
const unbroken = (sentence: string): string => sentence.replaceAll(/(\d) (?=[A-Z]{3}\b)/g, "$1\u00A0");

/** Currencies are never added, so each has a table of its own, and its name is in the head. */
function summaries(asked: MonthStatement): string {
  const { rows } = summaryOf(asked);
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  return currencies.map((currency) => summary(asked, currency)).join("\n");
}

function summary(asked: MonthStatement, currency: string): string {
  const { head, rows } = summaryOf(asked);
  const own = rows.filter((each) => each.currency === currency);
  const [key = "", , ...amounts] = head;
  const at = amounts.indexOf("EffectiveCost");
  const classOf = (index: number): string =>
    index < at ? "minor" : index === at ? "effective" : index === at + 1 ? "billed" : "vs";
  const whole = asked.sums.find((each) => each.currency === currency)?.borne.effective;
  const heads = amounts.map((name, index) => `<th scope="col" class="${classOf(index)}">${text(name)}</th>`);
  const body = own.map((row, index) => {
    const [name, , ...cells] = row.cells;
    const isFirstSum = row.kind === "sum" && own[index - 1]?.kind !== "sum";
    const tds = cells.map((cell, place) => cellHtml(cell, classOf(place), amounts[place] ?? ""));
    const swatch = row.kind === "unallocated" ? `<span class="swatch"></span>` : "";
    return `<tr class="${row.kind}${isFirstSum ? " first" : ""}"><td class="name">${swatch}${text(name?.text ?? "")}</td>${[
      ...tds.slice(0, at + 1),
      ...(whole === undefined ? [] : [barHtml(row, cells[at], whole, currency)]),
      ...tds.slice(at + 1),
    ].join("")}</tr>`;
  });
  const barHead = whole === undefined ? [] : [`<th scope="col" class="bar">Share</th>`];
  return `<div class="wide"><table class="summary"><caption>${text(`Who bears it, in ${currency}`)}</caption><thead><tr><th scope="col">${text(key)}</th>${[
    ...heads.slice(0, at + 1),
    ...barHead,
    ...heads.slice(at + 1),
  ].join("")}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>`;
}

/** The part of all that is borne, on one scale for all rows; credits can make it no part at all. */
function barHtml(row: SummaryRow, cell: Cell | undefined, whole: bigint, currency: string): string {
  const units = row.effective;
  const of =
    row.kind === "sum" || cell?.exact === undefined || units === undefined
      ? undefined
      : ratio({ units, currency }, { units: whole, currency });
  if (of === undefined || of <= 0 || of > 1) return `<td class="bar"></td>`;
  const width = (of * 100).toFixed(2);
  return `<td class="bar"><span class="track"><span class="fill" style="width:${width}%"></span></span><span class="percent">${text(partText(of))}</span></td>`;
}

const detailClasses = ["name", "kind", "", "effective", "billed", "charges"] as const;

function section(asked: MonthStatement, scope: string | null): string {
  const rows = detailOf(asked, scope);
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  const swatch = scope === null ? `<span class="swatch"></span>` : "";
  const tables = currencies.map((currency) =>
    detailTable(
      rows.filter((each) => each.currency === currency),
      currency,
    ),
  );
  return `<section${scope === null ? ` class="unallocated"` : ""}><h2>${swatch}${text(scopeName(scope))}</h2>${tables.join("\n")}</section>`;
}

function detailTable(rows: readonly DetailRow[], currency: string): string {
  const columns = [0, 1, 3, 4, 5] as const;
  const heads = columns.map(
    (index) => `<th scope="col" class="${detailClasses[index]}">${DETAIL_HEAD[index]}</th>`,
  );
  const body = rows.map(
    ({ kind, cells }) =>
      `<tr class="${kind}">${columns
        .map((index) => cellHtml(cells[index] ?? { text: "" }, detailClasses[index], DETAIL_HEAD[index]))
        .join("")}</tr>`,
  );
  return `<table class="detail"><caption>${text(`In ${currency}`)}</caption><thead><tr>${heads.join("")}</tr></thead><tbody>
${body.join("\n")}
</tbody></table>`;
}

const cellHtml = ({ text: shown, exact }: Cell, name: string, label: string): string =>
  `<td class="${name}" data-label="${text(label)}"${exact === undefined ? "" : ` title="${exact}"`}>${text(shown)}</td>`;
