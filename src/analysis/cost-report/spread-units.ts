import { divideRounded } from "#units/decimal.ts";
import type { Instant } from "#units/instant.ts";
import type { Window } from "#units/window.ts";

/**
 * The parts of an amount that fall into each bucket if it accrues evenly over its period. Parts are differences of a rounded running
 * total, so over buckets that cover the period they add up to the amount exactly.
 * @param units the amount, in units of the 18th decimal
 * @param period of the charge, end after start
 * @param buckets in order, not overlapping
 */
export function spreadUnits(units: bigint, period: Window, buckets: readonly Window[]): bigint[] {
  const length = BigInt(period.end - period.start);
  const accrued = (time: Instant): bigint => {
    const elapsed = BigInt(Math.min(Math.max(time, period.start), period.end) - period.start);
    return divideRounded(units * elapsed, length, "half-even");
  };
  return buckets.map(({ start, end }) => accrued(end) - accrued(start));
}
