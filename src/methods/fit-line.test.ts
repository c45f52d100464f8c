import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainedRatio, fitLine, lineAt, predictionError, shiftError, slopeOf } from "./fit-line.ts";

const points = (...pairs: [number, number][]) => pairs.map(([x, y]) => ({ x: BigInt(x), y: BigInt(y) }));
const value = ({ over, under }: { over: bigint; under: bigint }): number => Number(over) / Number(under);

describe("a line through points", () => {
  // Means 2 and 4; Σ(x−x̄)² = 2, Σ(x−x̄)(y−ȳ) = 3, residuals ½ −1 ½: scatter √1.5.
  const line = fitLine(points([1, 3], [2, 3], [3, 6])) ?? expect.unreachable();

  test("is the one of least squares", () => {
    expect([value(slopeOf(line)), value(lineAt(line, 0n)), value(lineAt(line, 4n))]).toEqual([1.5, 1, 7]);
    expect(explainedRatio(line)).toBeCloseTo(4.5 / 6, 12);
  });

  test("errs by its scatter, more so far from its middle", () => {
    expect(predictionError(line, 2n)).toBeCloseTo(Math.sqrt(1.5 * (1 + 1 / 3)), 12);
    expect(predictionError(line, 4n)).toBeCloseTo(Math.sqrt(1.5 * (1 + 1 / 3 + 4 / 2)), 12);
    expect([shiftError(line, 2n), shiftError(line, 4n)]).toEqual([0, expect.closeTo(Math.sqrt(1.5 * 2), 12)]);
  });

  test("is none through points of one x", () => {
    expect(fitLine(points([2, 1], [2, 5]))).toBeUndefined();
    expect(fitLine([])).toBeUndefined();
  });

  test("goes through points of a line exactly, however large they are", () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.bigInt({ min: 0n, max: 10n ** 38n }), { minLength: 3, maxLength: 8 }),
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }),
        (xs, slope, intercept) => {
          const line = fitLine(xs.map((x) => ({ x, y: intercept + slope * x }))) ?? expect.unreachable();
          const { over, under } = lineAt(line, 7n);
          expect(over).toBe(under * (intercept + slope * 7n));
          expect(predictionError(line, 7n)).toBe(0);
        },
      ),
    ));
});
