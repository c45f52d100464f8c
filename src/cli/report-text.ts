import type { CostReport } from "#flows/report/report-cost.ts";
import type { ResultColumn, ResultTable } from "#flows/report/result-table.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { bold, dim } from "./colors.ts";
import { amount, count, percent } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

type ResultRow = ResultTable["rows"][number];

const OTHERS = "(others)";

/** The row of the groups beyond the top, named in its first key. */
export function withOthersNamed(row: ResultRow, { columns }: ResultTable): ResultRow {
  const key = columns.find(({ kind, name }) => kind === "text" && name !== "BillingCurrency");
  return key === undefined ? row : { ...row, [key.name]: OTHERS };
}

/** A report for people: what was asked, the table with its total, what is unknown, and on request how it was answered. */
export function reportText(report: CostReport, result: ResultTable, explain: boolean): string {
  const { columns } = result;
  const cells = (row: ResultRow): string[] =>
    columns.map((column) => (column.name in row ? cell(row, column) : ""));
  const rows = result.rows.map(cells);
  const others = result.others.map((row) => cells(withOthersNamed(row, result)));
  const totals = totalRows(report, result).map((row) =>
    cells(row).map((text, index) => bold(index === 0 ? "Total" : text)),
  );
  const right = columns.map(({ kind }) => kind !== "text" && kind !== "time");
  const names = columns.map(({ name }) =>
    name
      .replace("_ChangeRatio", " %")
      .replace(/_(Previous|Change)$/, (_, what: string) => ` ${what.toLowerCase()}`),
  );
  const body =
    rows.length === 0
      ? "No charges in this period match.\n"
      : table(names, [...rows, ...others, ...totals], right);
  return `${bold(headline(report))}\n\n${body}${unknownNote(report)}${explain ? explanationText(report) : ""}`;
}

function headline({ question, compared }: CostReport): string {
  const window = ({ start, end }: { start: number; end: number }): string => `${day(start)} to ${day(end)}`;
  const than = compared === undefined ? "" : ` compared with ${window(compared.window)}`;
  return `${question.measures.join(", ")} · ${window(question.window)}${than}`;
}

/** Totals only where they are what the rows above add up to in one line: not per bucket, not of a single row. */
function totalRows({ question }: CostReport, { totals }: ResultTable): readonly ResultRow[] {
  return question.granularity === undefined && question.by.length > 0 ? totals : [];
}

function cell(row: ResultRow, { name, kind }: ResultColumn): string {
  const value = row[name];
  if (value === null || value === undefined)
    return { text: "(none)", time: "", decimal: "unknown", ratio: "new", count: "" }[kind];
  switch (kind) {
    case "decimal":
      return amount(decimal(String(value)));
    case "ratio":
      return percent(Number(value));
    case "count":
      return count(Number(value));
    case "time":
      return day(Date.parse(String(value)));
    default:
      return printable(String(value));
  }
}

function unknownNote({ question, totals }: CostReport): string {
  const notes = question.measures.flatMap((measure, index) => {
    const unknown = totals.reduce((sum, row) => sum + row.charges - (row.known[index] ?? 0), 0);
    if (!measure.endsWith("Cost") || unknown === 0) return [];
    return [`${measure} is unknown for ${count(unknown)} charges; they are not in the sums.`];
  });
  return notes.length === 0 ? "" : `${dim(notes.join("\n"))}\n`;
}

function explanationText({ explanation }: CostReport): string {
  const { version, table: name, files, rowsRead, queries } = explanation;
  const asked = queries.map(
    ({ text, values, milliseconds }) => `${text}\n  values: ${values.join(", ")}\n  ${milliseconds} ms`,
  );
  return `
${bold("How this was answered")}
Lake version ${version}, table ${name}, ${count(files)} files, ${count(rowsRead)} charges behind them.
Amounts as delivered: no price layer applies. Team, environment and the like are tags as delivered: no attribution rules apply.

${asked.join("\n\n")}
`;
}

const day = (time: number): string => formatInstant(time).replace("T00:00:00Z", "");
