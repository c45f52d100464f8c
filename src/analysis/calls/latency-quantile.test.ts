import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { latencyBucket } from "#facts/latency-bucket.ts";
import { latencyQuantile } from "./latency-quantile.ts";

const counted = (latencies: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const each of latencies) counts.set(latencyBucket(each), (counts.get(latencyBucket(each)) ?? 0) + 1);
  return counts;
};

describe("a quantile of latencies", () => {
  test("of 99 calls of a second and one of a minute: p50 and p99 are a second, p100 is the minute", () => {
    const counts = counted([...Array.from({ length: 99 }, () => 1_000_000), 60_000_000]);
    expect(latencyQuantile(counts, 0.5)?.microseconds).toBeCloseTo(1_004_119, -1);
    expect(latencyQuantile(counts, 0.99)).toEqual(latencyQuantile(counts, 0.5));
    const { above = 0, upTo = 0 } = latencyQuantile(counts, 1) ?? {};
    expect([above < 60e6, 60e6 <= upTo, upTo / above < 1.1]).toEqual([true, true, true]);
  });

  test("of nothing is unknown, of nothing but zero at most a microsecond", () => {
    expect(latencyQuantile(new Map(), 0.5)).toBeUndefined();
    expect(latencyQuantile(counted([0, 0]), 0.5)).toEqual({ microseconds: 1, above: 0, upTo: 1 });
  });

  test("the range always holds the call of the nearest rank, however the counts were split and added up", () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1e10 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 300 }),
        (latencies, percent, cut) => {
          const added = counted(latencies.slice(0, cut));
          for (const [bucket, count] of counted(latencies.slice(cut)))
            added.set(bucket, (added.get(bucket) ?? 0) + count);
          const sorted = [...latencies].sort((a, b) => a - b);
          const exact = sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? NaN;
          const found = latencyQuantile(added, percent / 100);
          expect(exact).toBeLessThanOrEqual((found?.upTo ?? 0) * (1 + 1e-12));
          expect(exact === 0 || exact > (found?.above ?? Infinity) * (1 - 1e-12)).toBe(true);
        },
      ),
    ));
});
