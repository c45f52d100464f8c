import type { Answer } from "#flows/report/answer-report.ts";
import type { ResultColumn, ResultRow, ResultTable } from "#flows/report/result-table.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { type Granularity, startOf } from "#units/window.ts";
import { amount, count, day, percent, rate, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

const OTHERS = "(others)";
const UNKNOWN = "–";

/** The row of the groups beyond the top, named in its first key. */
export function withOthersNamed(row: ResultRow, { columns }: ResultTable): ResultRow {
  const key = columns.find(({ kind, name }) => kind === "text" && name !== "BillingCurrency");
  return key === undefined ? row : { ...row, [key.name]: OTHERS };
}

/** The rows of a report with their totals, as a table. */
export function reportTable({ table: result, report, granularity }: Answer): string {
  const columns = result.columns.filter((column) => isShown(column, result, report));
  const cells = (row: ResultRow): string[] =>
    columns.map((column) => (column.name in row ? cell(row, column, granularity) : ""));
  const labelled = (row: ResultRow, label: string): string[] => {
    const at = columns.findIndex(({ name }) => !(name in row) && name !== "BillingCurrency");
    return cells(row).map((text, index) => (index === Math.max(0, at) ? label : text));
  };
  const lines = linesOf(result).map(({ row, of }) => ({
    cells:
      of === "group"
        ? cells(row)
        : of === "others"
          ? cells(withOthersNamed(row, result))
          : labelled(row, "Total"),
    total: of === "total",
  }));
  return table(
    columns.map(({ name }) => heading(name)),
    lines.map((line) => line.cells),
    columns.map(({ kind }) => kind !== "text" && kind !== "time"),
    { bold: new Set(lines.flatMap(({ total }, index) => (total ? [index] : []))) },
  );
}

/** Groups, others and totals in the order they are read: a bucket's total stands below its groups. */
function linesOf({
  rows,
  others,
  totals,
  columns,
}: ResultTable): { row: ResultRow; of: "group" | "others" | "total" }[] {
  const all = (list: readonly ResultRow[], of: "group" | "others" | "total") =>
    list.map((row) => ({ row, of }));
  const keyed = columns.some(({ name, kind }) => kind === "text" && name !== "BillingCurrency");
  const bucketed = totals.some((row) => "Period" in row);
  if (!bucketed)
    return [...all(rows, "group"), ...all(others, "others"), ...(keyed ? all(totals, "total") : [])];
  // Rows that are buckets themselves have nothing to be summed above them.
  if (!keyed) return all(rows, "group");
  const buckets = [...new Set(totals.map((row) => row["Period"]))];
  return buckets.flatMap((bucket) => {
    const of = (list: readonly ResultRow[]): ResultRow[] => list.filter((row) => row["Period"] === bucket);
    return [...all(of(rows), "group"), ...all(of(others), "others"), ...all(of(totals), "total")];
  });
}

/** A column that says the same in every row is said once, in the headline; one of a named report that is empty is left out. */
function isShown({ name, kind }: ResultColumn, result: ResultTable, report: string): boolean {
  if (name === "BillingCurrency") return soleCurrency(result) === undefined;
  return report === "cost" || kind !== "text" || result.rows.some((row) => (row[name] ?? null) !== null);
}

/** The currency of all rows, if they have but one. */
export function soleCurrency({ rows, totals }: ResultTable): string | undefined {
  const currencies = new Set([...rows, ...totals].map((row) => row["BillingCurrency"]));
  const [only] = currencies;
  return currencies.size === 1 && typeof only === "string" ? only : undefined;
}

/** A column as its heading names it. */
export const heading = (name: string): string =>
  name
    .replace("_ChangeRatio", " change %")
    .replace(/_(Previous|Change|Share)$/, (_, what: string) => ` ${what.toLowerCase()}`)
    .replace(/^x_/, "");

function cell(row: ResultRow, { name, kind }: ResultColumn, granularity: Granularity | undefined): string {
  const value = row[name];
  if (value === null || value === undefined) {
    if (kind === "text") return "(none)";
    if (kind === "ratio") return row[name.replace("_ChangeRatio", "_Previous")] === "0" ? "new" : UNKNOWN;
    return kind === "decimal" && name.endsWith("Cost") ? "unknown" : UNKNOWN;
  }
  switch (kind) {
    case "decimal": {
      const units = decimal(String(value));
      if (/Per[A-Z]/.test(name)) return rate(units);
      // Nobody buys a part of a token.
      return name.endsWith("Tokens") ? amount(units).replace(/\.00$/, "") : amount(units);
    }
    case "ratio":
      return percent(Number(value));
    case "share":
      return share(Number(value));
    case "count":
      return count(Number(value));
    case "time":
      return bucketName(Date.parse(String(value)), granularity);
    default:
      return printable(String(value));
  }
}

/** A bucket as people write it: 2026-07, 2026-Q3, 2026, a week by its Monday. */
function bucketName(time: number, granularity: Granularity | undefined): string {
  const iso = formatInstant(time);
  switch (granularity) {
    case "year":
      return iso.slice(0, 4);
    case "quarter":
      return `${iso.slice(0, 4)}-Q${Math.floor(new Date(startOf("quarter", time)).getUTCMonth() / 3) + 1}`;
    case "month":
      return iso.slice(0, 7);
    case "hour":
      return iso.slice(0, 16).replace("T", " ");
    default:
      return day(time);
  }
}
