import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logarithmicMean, logRatio } from "./logarithmic-mean.ts";

const positive = fc.oneof(
  fc.bigInt({ min: 1n, max: 1000n }),
  fc.bigInt({ min: 1n, max: 10n ** 38n }),
  fc.bigInt({ min: 1n, max: 10n ** 120n }),
);

describe("the logarithmic mean", () => {
  test("of 1 and 3 is 2 ÷ ln 3, and of a number and itself that number", () => {
    expect(logarithmicMean(3n, 1n)).toBeCloseTo(2 / Math.log(3), 12);
    expect(logarithmicMean(7n, 7n)).toBe(7);
  });

  test("loses nothing where two large numbers differ by one", () => {
    const large = 10n ** 22n;
    expect(logRatio(large + 1n, large)).toBe(1e-22);
    expect(logarithmicMean(large + 1n, large)).toBeCloseTo(1e22, -10);
  });

  test("has none of zero and of less", () => {
    expect(() => logRatio(0n, 1n)).toThrow(RangeError);
    expect(() => logarithmicMean(1n, -1n)).toThrow(RangeError);
  });

  test("is symmetric, and lies between the geometric and the arithmetic mean", () =>
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const mean = logarithmicMean(a, b);
        expect(mean).toBe(logarithmicMean(b, a));
        expect(logRatio(a, b) + logRatio(b, a)).toBe(0);
        expect(mean).toBeGreaterThanOrEqual(Math.sqrt(Number(a)) * Math.sqrt(Number(b)) * (1 - 1e-12));
        expect(mean).toBeLessThanOrEqual((Number(a) / 2 + Number(b) / 2) * (1 + 1e-12));
      }),
    ));
});
