import type { Row } from "#lake/engines/duckdb.ts";
import type { GroupedSums } from "#lake/queries/grouped-sums.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";

/** One sum: its value, the charges that were looked at, and those of them that have a value. */
export interface Summed {
  readonly units: bigint;
  readonly charges: number;
  readonly known: number;
}

/** Sums of one group in one currency, and in one bucket where there are buckets. */
export interface SumRow {
  readonly keys: readonly (string | null)[];
  readonly currency: string;
  /** Start of the bucket, ms; 0 where there are none. */
  readonly bucket: number;
  readonly sums: readonly Summed[];
}

/**
 * Rows of `groupedSums` from any engine.
 * @throws Problem "internal" if an engine answers in another shape
 */
export function decodeSums(rows: readonly Row[], { by, sums }: GroupedSums): SumRow[] {
  return rows.map((row) => ({
    keys: "k0" in row ? by.map((_, index) => optionalText(row[`k${index}`])) : [],
    currency: optionalText(row["currency"]) ?? "",
    bucket: "bucket" in row ? instantOf(optionalText(row["bucket"]) ?? "") : 0,
    sums: sums.map((_, index) => ({
      units: decimal(optionalText(row[`s${index}`]) ?? "0"),
      charges: Number(row[`m${index}`]),
      known: Number(row[`v${index}`]),
    })),
  }));
}

function optionalText(value: unknown): string | null {
  if (value === null || value === undefined || typeof value === "string") return value ?? null;
  throw new Problem("internal", `The engine gave ${JSON.stringify(value)} where a text was expected.`);
}

function instantOf(written: string): number {
  const time = Date.parse(written.length === 10 ? `${written}T00:00:00Z` : `${written.replace(" ", "T")}Z`);
  if (Number.isNaN(time))
    throw new Problem("internal", `The engine gave "${written}" where a time was expected.`);
  return time;
}

/** Adds rows up, column by column. */
export function addSums(a: SumRow, b: SumRow, sign: 1 | -1 = 1): SumRow {
  return {
    ...a,
    sums: a.sums.map((one, index) => {
      const other = b.sums[index] ?? { units: 0n, charges: 0, known: 0 };
      return {
        units: one.units + BigInt(sign) * other.units,
        charges: one.charges + sign * other.charges,
        known: one.known + sign * other.known,
      };
    }),
  };
}

/** A sum's value; undefined if there were charges and none had a value: unknown is not zero. */
export const valueOf = ({ units, charges, known }: Summed): bigint | undefined =>
  charges > 0 && known === 0 ? undefined : units;
