/** Nothing was measured. */
export const GAP = Number.NaN;

/**
 * How much a counter grew in each step, from its values at the ends of steps. After a reset it counts from zero; a step without a value at its
 * end or at its start has no increase: what a gap hides is not guessed.
 * @param values one more than the steps: `values[0]` is the value before the first step
 * @param born true where a counter that begins in that step began at zero, such as one of a pod that was started then
 * @returns one per step, GAP where it is not known
 */
export function increments(values: Float64Array, born: (step: number) => boolean): Float64Array {
  const grown = new Float64Array(values.length - 1).fill(GAP);
  let known = false;
  for (let step = -1; step < grown.length; step++) {
    const [before, now] = [step < 0 ? GAP : (values[step] ?? GAP), values[step + 1] ?? GAP];
    if (Number.isNaN(now)) continue;
    if (!Number.isNaN(before)) grown[step] = now >= before ? now - before : now;
    else if (!known && step >= 0 && born(step)) grown[step] = now;
    known = true;
  }
  return grown;
}

/** A cumulative bucket of a histogram: observations up to `upper`. */
export interface CumulativeBucket {
  readonly upper: number;
  readonly grown: Float64Array;
}

/** Observations above `lower` and up to `upper`, per step. */
export interface BucketCounts {
  readonly lower: number;
  readonly upper: number;
  readonly counts: Float64Array;
}

/**
 * Buckets by themselves out of cumulative ones. A scrape may see one bucket a moment before the next, so a difference below zero is zero. In a
 * step in which one of the buckets is not known none is.
 */
export function ownBuckets(cumulative: readonly CumulativeBucket[]): BucketCounts[] {
  const sorted = [...cumulative].sort((a, b) => a.upper - b.upper);
  const steps = sorted[0]?.grown.length ?? 0;
  const known = (step: number): boolean => sorted.every(({ grown }) => !Number.isNaN(grown[step] ?? GAP));
  const whole = Array.from({ length: steps }, (_, step) => known(step));
  return sorted.map(({ upper, grown }, index) => {
    const below = sorted[index - 1];
    const counts = grown.map((value, step) =>
      whole[step] === true ? Math.max(0, value - (below?.grown[step] ?? 0)) : GAP,
    );
    return { lower: below?.upper ?? -Infinity, upper, counts };
  });
}
