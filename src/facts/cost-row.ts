import type { Instant } from "#units/instant.ts";
import type { Window } from "#units/window.ts";

/** Sums of one group in one currency, and in one bucket where the question has buckets. */
export interface CostRow {
  readonly keys: readonly (string | null)[];
  readonly currency: string;
  readonly bucket?: Instant;
  /** One per measure, in units of the 18th decimal. */
  readonly sums: readonly bigint[];
  /** Charges that have a value, per measure; the others are unknown, not zero. */
  readonly known: readonly number[];
  /** Charges each sum looks at, where sums have conditions of their own; all of the row's charges if absent. */
  readonly among?: readonly number[];
  /** Delivered charges; none where a division gave the group all that it has. */
  readonly charges: number;
  /** True of sums that nothing has a value for, though no charge is there to count: what a division gave of an unknown cost. */
  readonly unstated?: readonly boolean[];
}

/** A row as the lake gives it: long charges carry their period, and the sum of all groups beyond the top says so. */
export interface LakeRow extends CostRow {
  readonly period?: Window;
  readonly others?: true;
}

/** Charges that a sum looks at. */
export const chargesOf = ({ among, charges }: CostRow, index: number): number => among?.[index] ?? charges;

/**
 * A sum's value; undefined if it looks at charges and none has a value: unknown is not zero. A sum that is not zero is known whatever its
 * charges say: a division gave to it.
 */
export function valueOf(row: CostRow, index: number): bigint | undefined {
  if (row.unstated?.[index] === true) return undefined;
  const sum = row.sums[index] ?? 0n;
  return sum === 0n && chargesOf(row, index) > 0 && row.known[index] === 0 ? undefined : sum;
}
