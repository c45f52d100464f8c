/** What a cumulative series has come to at a moment. */
export interface Totals {
  /** Of a counter its value; of a histogram the sum of what was observed, 0 where that is not told. */
  readonly sum: number;
  /** Observations of a histogram; 0 of a counter. */
  readonly count: number;
  /** Observations by upper bound, ascending; Infinity is the last. Empty of a counter. */
  readonly buckets: ReadonlyMap<number, number>;
}

/** A series that began so long before it is first seen was counting long before anybody listened. */
const UNSEEN_MILLISECONDS = 3_600_000;

/**
 * By how much a cumulative series grew. One that is seen for the first time counts from its start, unless that lies more than an hour back or nobody tells it:
 * then only what comes is counted. One that fell began anew.
 * @param age from the start of the series to now, ms; undefined where it is not told
 */
export function increaseOf(before: Totals | undefined, now: Totals, age: number | undefined): Totals {
  if (before === undefined) return age !== undefined && age <= UNSEEN_MILLISECONDS ? now : nothingOf(now);
  const laid = laidOn(before, [...now.buckets.keys()]);
  const fell =
    now.count < before.count ||
    now.sum < before.sum - hairOf(before.sum) ||
    [...now.buckets].some(([upper, count]) => count < (laid.get(upper) ?? 0));
  if (fell) return now;
  return {
    sum: Math.max(0, now.sum - before.sum),
    count: now.count - before.count,
    buckets: new Map([...now.buckets].map(([upper, count]) => [upper, count - (laid.get(upper) ?? 0)])),
  };
}

/** Sums are kept to nine decimals, and so may have been rounded up. */
const hairOf = (sum: number): number => 1e-8 + Math.abs(sum) * 1e-12;

const nothingOf = ({ buckets }: Totals): Totals => ({
  sum: 0,
  count: 0,
  buckets: new Map([...buckets.keys()].map((upper) => [upper, 0])),
});

/** Former buckets on today's bounds: those of an exponential histogram widen by twos as it grows, so each lies whole in one of today's. */
function laidOn({ buckets }: Totals, bounds: readonly number[]): Map<number, number> {
  const laid = new Map<number, number>();
  for (const [upper, count] of buckets) {
    // Bounds of two scales are the same up to a hair.
    const into = bounds.find((bound) => bound >= upper * (1 - 1e-9)) ?? Infinity;
    laid.set(into, (laid.get(into) ?? 0) + count);
  }
  return laid;
}
