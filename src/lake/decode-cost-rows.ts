import type { LakeRow } from "#facts/cost-row.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { Row } from "./engines/duckdb.ts";

/**
 * Rows of `costByDimensions` and `groupedSums` from any engine: sums as exact units, times as instants.
 * @throws Problem "internal" if an engine answers in another shape
 */
export function decodeCostRows(
  rows: readonly Row[],
  { by, measures }: { readonly by: readonly unknown[]; readonly measures: readonly unknown[] },
): LakeRow[] {
  return rows.map((row) => {
    const bucket = optionalText(row["bucket"]);
    const start = optionalText(row["spread_start"]);
    const end = optionalText(row["spread_end"]);
    return {
      // A question for totals selects no keys, and its rows have none.
      keys: "k0" in row ? by.map((_, index) => optionalText(row[`k${index}`]) ?? null) : [],
      currency: text(row["currency"]),
      ...(bucket === undefined ? {} : { bucket: instantOf(bucket) }),
      ...(start === undefined || end === undefined
        ? {}
        : { period: { start: instantOf(start), end: instantOf(end) } }),
      sums: measures.map((_, index) => decimal(optionalText(row[`m${index}`]) ?? "0")),
      known: measures.map((_, index) => Number(row[`n${index}`])),
      charges: Number(row["charges"]),
      ...amongOf(row, measures.length),
      ...unstatedOf(row, measures.length),
      ...(row["others"] === undefined || Number(row["others"]) === 0 ? {} : { others: true as const }),
    };
  });
}

/** Charges that pass the condition of each sum; absent where no sum has one. */
function amongOf(row: Row, sums: number): Pick<LakeRow, "among"> {
  const among = Array.from({ length: sums }, (_, index) => row[`a${index}`]);
  if (among.every((count) => count === undefined)) return {};
  return { among: among.map((count) => Number(count ?? row["charges"])) };
}

/** Sums that are null without a charge or a condition that would explain it; absent where there is none. */
function unstatedOf(row: Row, sums: number): Pick<LakeRow, "unstated"> {
  if (Number(row["charges"]) > 0) return {};
  const unstated = Array.from(
    { length: sums },
    (_, index) => row[`m${index}`] === null && row[`a${index}`] === undefined,
  );
  return unstated.includes(true) ? { unstated } : {};
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Problem("internal", `The engine gave ${JSON.stringify(value)} where a text was expected.`);
}

function optionalText(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : text(value);
}

/** Both engines write UTC as 2026-07-01 00:00:00, with or without a fraction; a date alone is its midnight. */
function instantOf(written: string): number {
  const iso = written.length === 10 ? `${written}T00:00:00Z` : `${written.replace(" ", "T")}Z`;
  const time = Date.parse(iso);
  if (Number.isNaN(time))
    throw new Problem("internal", `The engine gave "${written}" where a time was expected.`);
  return time;
}
