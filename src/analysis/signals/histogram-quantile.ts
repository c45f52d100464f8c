/** Observations of a histogram above `lower` and up to `upper`, which may be infinite. */
export interface HistogramBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/** A quantile, as near as the buckets tell it. */
export interface HistogramQuantile {
  /** Between the bounds as if observations lay evenly there; the one bound of a bucket that has no other. */
  readonly value: number;
  /** It lies above the one and is at most the other. */
  readonly above: number;
  readonly upTo: number;
}

/**
 * Quantiles of buckets that were added up over subjects and time. Buckets of other bounds, as after a program's update, may be among them: each is laid
 * on the pieces between all bounds, evenly.
 * @param ratios above 0, up to 1: 0.95 for p95
 * @returns one per ratio; none at all if nothing was observed
 * @see Prometheus, histogram_quantile: linear within a bucket
 */
export function histogramQuantiles(
  buckets: readonly HistogramBucket[],
  ratios: readonly number[],
): HistogramQuantile[] {
  const pieces = piecesOf(buckets.filter(({ count }) => count > 0));
  const total = pieces.reduce((sum, { count }) => sum + count, 0);
  return total === 0 ? [] : ratios.map((ratio) => quantileOf(pieces, ratio * total));
}

function quantileOf(pieces: readonly HistogramBucket[], rank: number): HistogramQuantile {
  let seen = 0;
  let [last = { lower: 0, upper: 0, count: 0 }] = pieces;
  for (last of pieces) {
    seen += last.count;
    // Sums of parts of counts are off by a hair; the last piece holds whatever is left.
    if (seen >= rank * (1 - 1e-12)) break;
  }
  const { lower, upper, count } = last;
  const part = Math.min(1, Math.max(0, (rank - (seen - count)) / count));
  const value = upper === Infinity ? lower : lower === -Infinity ? upper : lower + (upper - lower) * part;
  return { value, above: lower, upTo: upper };
}

/** What lies between neighbouring bounds, lowest first; pieces that hold nothing are left out. */
function piecesOf(buckets: readonly HistogramBucket[]): HistogramBucket[] {
  const ordered = [...buckets].sort((a, b) => a.lower - b.lower);
  // Mostly all have the same bounds, and are pieces already once they lie side by side.
  if (ordered.every(({ lower }, index) => index === 0 || lower >= (ordered[index - 1]?.upper ?? lower)))
    return ordered;
  const bounds = [...new Set(buckets.flatMap(({ lower, upper }) => [lower, upper]))].sort((a, b) => a - b);
  return bounds.slice(1).flatMap((upper, index) => {
    const lower = bounds[index] ?? 0;
    const count = buckets.reduce(
      (sum, each) =>
        sum + (each.lower <= lower && upper <= each.upper ? each.count * shareOf(each, lower, upper) : 0),
      0,
    );
    return count > 0 ? [{ lower, upper, count }] : [];
  });
}

/** How much of a bucket lies in a piece of it. What has no end lies, as far as anybody knows, in the piece at its only bound. */
function shareOf(bucket: HistogramBucket, lower: number, upper: number): number {
  if (bucket.upper === Infinity) return lower === bucket.lower ? 1 : 0;
  if (bucket.lower === -Infinity) return upper === bucket.upper ? 1 : 0;
  return (upper - lower) / (bucket.upper - bucket.lower);
}
