import { divide, formatDecimal } from "#units/decimal.ts";

/**
 * A column of a result and what it holds. ratio: a change against before, 0.1 is a tenth more; share: a part of a whole, 1 is all
 * of it.
 */
export interface ResultColumn {
  readonly name: string;
  readonly kind: "text" | "time" | "decimal" | "ratio" | "share" | "count";
}

/** Column name to value; null where there is none or it is unknown. */
export type ResultRow = Readonly<Record<string, string | number | null>>;

/** A result as rows of named values: decimals and times as exact text, absent and unknown values null. What every view shows. */
export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultRow[];
  /** Groups beyond the top, per currency. What can't be added up (quantities of different units) is left out. */
  readonly others: readonly ResultRow[];
  /** Rows and others together, per currency and bucket. */
  readonly totals: readonly ResultRow[];
  /** Charges without a value, per cost that has such; they are not in the sums. */
  readonly unknown: Readonly<Record<string, number>>;
}

/** A value that may be unknown, in units of the 18th decimal. */
export type Unknown = bigint | undefined;

/** The exact text of a sum; null if it is unknown. */
export const exactText = (units: Unknown): string | null =>
  units === undefined ? null : formatDecimal(units);

/** a ÷ b as a plain number for display; null if either is unknown or b is zero. */
export const ratioOf = (a: Unknown, b: Unknown): number | null =>
  a === undefined || b === undefined || b === 0n ? null : Number(divide(a, b, "half-even")) / 1e18;

/** The columns that compare a sum with the one before. */
export const changeColumns = (name: string): ResultColumn[] => [
  { name: `${name}_Previous`, kind: "decimal" },
  { name: `${name}_Change`, kind: "decimal" },
  { name: `${name}_ChangeRatio`, kind: "ratio" },
];

/** Their values; what is unknown on either side leaves the change unknown. */
export function changeOf(name: string, now: Unknown, then: Unknown): ResultRow {
  const change = now === undefined || then === undefined ? undefined : now - then;
  return {
    [`${name}_Previous`]: exactText(then),
    [`${name}_Change`]: exactText(change),
    // Against a negative amount the sign of a ratio says the opposite of what happened.
    [`${name}_ChangeRatio`]: then === undefined || then < 0n ? null : ratioOf(change, then),
  };
}

/** Sums of no charges at all: zero, and known to be. */
export const nothing = <T extends { readonly sums: readonly bigint[] }>(
  row: T,
): T & { sums: bigint[]; known: number[]; among: number[]; charges: number } => ({
  ...row,
  sums: row.sums.map(() => 0n),
  known: row.sums.map(() => 0),
  among: row.sums.map(() => 0),
  charges: 0,
});
