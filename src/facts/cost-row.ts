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
  readonly charges: number;
}

/** A row as the lake gives it: long charges carry their period. */
export interface LakeRow extends CostRow {
  readonly period?: Window;
}
