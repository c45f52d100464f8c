/** One side of an exponential histogram: bucket i holds base^i to base^(i + 1), the first being i = offset. */
export interface ExponentialSide {
  offset: number;
  counts: number[];
}

/** More buckets than SDKs make (160), and few enough to unfold. */
const MOST_BUCKETS = 2048;

/**
 * The buckets of an exponential histogram by their bounds, base = 2^(2^−scale).
 * @returns undefined if there are too many, or their bounds are beyond what a number holds
 */
export function explicitBuckets(
  scale: number,
  zeroThreshold: number,
  zeroCount: number,
  negative: ExponentialSide,
  positive: ExponentialSide,
): { readonly bounds: number[]; readonly counts: number[] } | undefined {
  if (negative.counts.length + positive.counts.length > MOST_BUCKETS || Math.abs(scale) > 20)
    return undefined;
  const bound = (index: number): number => 2 ** (index / 2 ** scale);
  const bounds: number[] = [];
  const counts: number[] = [];
  const close = (upper: number, count: number): void => {
    bounds.push(upper);
    counts.push(count);
  };
  if (negative.counts.length > 0) {
    close(-bound(negative.offset + negative.counts.length), 0);
    for (let index = negative.counts.length - 1; index >= 0; index--)
      close(-bound(negative.offset + index), negative.counts[index] ?? 0);
  }
  close(zeroThreshold, zeroCount);
  if (positive.counts.length > 0) {
    // Nothing lies between the threshold of zero and the first bucket.
    if (bound(positive.offset) > zeroThreshold) close(bound(positive.offset), 0);
    for (const [index, count] of positive.counts.entries()) close(bound(positive.offset + index + 1), count);
  }
  counts.push(0);
  return bounds.every(Number.isFinite) ? { bounds, counts } : undefined;
}
