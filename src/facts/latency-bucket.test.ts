import * as fc from "fast-check";
import { expect, test } from "vitest";
import { latencyBounds, latencyBucket } from "./latency-bucket.ts";

test("a bucket begins above a power of two, and holds the next one eight buckets on", () => {
  expect([0, 1, 2, 3, 1_000_000, 1_048_576, 1_048_577].map(latencyBucket)).toEqual([
    -1, -1, 7, 12, 159, 159, 160,
  ]);
  expect(latencyBounds(-1)).toEqual({ above: 0, upTo: 1 });
  expect(latencyBounds(7).upTo).toBe(2);
});

test("every latency lies within the bounds of its bucket, which are 9 % apart", () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (microseconds) => {
      const { above, upTo } = latencyBounds(latencyBucket(microseconds));
      expect(microseconds === 0 || microseconds > above * (1 - 1e-12)).toBe(true);
      expect(microseconds).toBeLessThanOrEqual(upTo * (1 + 1e-12));
      if (microseconds > 1) expect(upTo / above).toBeCloseTo(2 ** (1 / 8), 10);
    }),
  ));
