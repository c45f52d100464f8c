import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HistogramBucket, type HistogramQuantile, histogramQuantiles } from "./histogram-quantile.ts";

const histogramQuantile = (
  buckets: readonly HistogramBucket[],
  ratio: number,
): HistogramQuantile | undefined => histogramQuantiles(buckets, [ratio])[0];

const buckets: readonly HistogramBucket[] = [
  { lower: 0, upper: 1, count: 60 },
  { lower: 1, upper: 4, count: 30 },
  { lower: 4, upper: Infinity, count: 10 },
];

describe("a quantile of a histogram", () => {
  test("lies between the bounds of its bucket, as far in as its rank", () => {
    expect(histogramQuantile(buckets, 0.3)).toEqual({ value: 0.5, above: 0, upTo: 1 });
    expect(histogramQuantile(buckets, 0.75)).toEqual({ value: 2.5, above: 1, upTo: 4 });
  });

  test("is the bound of a bucket that has no other", () => {
    expect(histogramQuantile(buckets, 0.99)).toEqual({ value: 4, above: 4, upTo: Infinity });
    const below = [{ lower: -Infinity, upper: -2, count: 1 }];
    expect(histogramQuantile(below, 0.5)).toEqual({ value: -2, above: -Infinity, upTo: -2 });
  });

  test("is unknown where nothing was observed", () => {
    expect(histogramQuantile([], 0.5)).toBeUndefined();
    expect(histogramQuantile([{ lower: 0, upper: 1, count: 0 }], 0.5)).toBeUndefined();
  });

  test("takes buckets of other bounds, laid evenly on the pieces between all bounds", () => {
    const other = [...buckets, { lower: 0, upper: 2, count: 20 }];
    // From 0 to 1 there are 70, from 1 to 2 there are 10 and 10.
    expect(histogramQuantile(other, 80 / 120)?.value).toBeCloseTo(1.5, 9);
  });
});

test("whatever the buckets: adding them up in parts, in any order, tells the same; a higher ratio is never lower", () => {
  const bounds = [0, 0.1, 0.5, 1, 2, 10, Infinity];
  const any = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 5 }), count: fc.integer({ min: 0, max: 1000 }) }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(any, fc.double({ min: 0.01, max: 1, noNaN: true }), (parts, ratio) => {
      const all = parts.map(({ at, count }) => ({
        lower: bounds[at] ?? 0,
        upper: bounds[at + 1] ?? Infinity,
        count,
      }));
      const found = histogramQuantile(all, ratio);
      expect(histogramQuantile([...all].reverse(), ratio)?.value).toEqual(found?.value);
      if (found === undefined) return;
      expect(found.value >= found.above && found.value <= found.upTo).toBe(true);
      expect(histogramQuantile(all, 1)?.value ?? 0).toBeGreaterThanOrEqual(found.value);
    }),
  );
});
