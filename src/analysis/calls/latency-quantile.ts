import { latencyBounds } from "#facts/latency-bucket.ts";

/** A quantile of latencies, in microseconds. */
export interface LatencyQuantile {
  /** The geometric middle of the bucket that it lies in. */
  readonly microseconds: number;
  /** It lies above the one and is at most the other. */
  readonly above: number;
  readonly upTo: number;
}

/**
 * A quantile of what was counted in latency buckets: that of the nearest rank, ⌈ratio · n⌉.
 * @param counts calls per bucket
 * @param ratio above 0, up to 1: 0.95 for p95
 * @returns undefined if nothing was counted
 * @see Hyndman and Fan 1996, definition 1
 */
export function latencyQuantile(
  counts: ReadonlyMap<number, number>,
  ratio: number,
): LatencyQuantile | undefined {
  const ordered = [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = ordered.reduce((sum, [, count]) => sum + count, 0);
  // A product such as 0.29 · 100 comes out a hair above its whole number, and would be taken for the next rank.
  const rank = Math.max(1, Math.ceil(ratio * total * (1 - 1e-12)));
  let seen = 0;
  for (const [bucket, count] of ordered) {
    seen += count;
    if (seen < rank) continue;
    const { above, upTo } = latencyBounds(bucket);
    return { microseconds: above === 0 ? upTo : Math.sqrt(above * upTo), above, upTo };
  }
  return undefined;
}
