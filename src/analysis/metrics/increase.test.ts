import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { increaseOf, type Totals } from "./increase.ts";

const totals = (sum: number, count = 0, buckets: readonly (readonly [number, number])[] = []): Totals => ({
  sum,
  count,
  buckets: new Map(buckets),
});
const HOUR = 3_600_000;

describe("a cumulative series", () => {
  test("that is new counts from its start, if that is near", () => {
    expect(increaseOf(undefined, totals(5, 2, [[1, 2]]), 60_000)).toEqual(totals(5, 2, [[1, 2]]));
    for (const age of [HOUR + 1, undefined])
      expect(increaseOf(undefined, totals(5, 2, [[1, 2]]), age)).toEqual(totals(0, 0, [[1, 0]]));
  });

  test("that fell began anew; a hair of rounding is no fall", () => {
    expect(increaseOf(totals(10), totals(3), 0)).toEqual(totals(3));
    expect(
      increaseOf(
        totals(10, 5, [[1, 5]]),
        totals(12, 6, [
          [1, 4],
          [2, 2],
        ]),
        0,
      ).count,
    ).toBe(6);
    expect(increaseOf(totals(0.12345679), totals(0.1234567899), 0).sum).toBe(0);
  });

  test("adds up to what it came to, however it is cut and wherever a reader begins anew from what it knows", () => {
    const step = fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        let [before, now] = [
          undefined as Totals | undefined,
          totals(0, 0, [
            [1, 0],
            [2, 0],
            [Infinity, 0],
          ]),
        ];
        const all = { count: 0, sum: 0, buckets: [0, 0, 0] };
        for (const each of steps) {
          const buckets = [...now.buckets].map(
            ([upper, n], index) => [upper, n + (each[index] ?? 0)] as const,
          );
          const count = buckets.reduce((sum, [, n]) => sum + n, 0);
          now = totals(count * 2, count, buckets);
          const increase = increaseOf(before, now, 1000);
          all.count += increase.count;
          all.sum += increase.sum;
          [...increase.buckets.values()].forEach(
            (n, index) => (all.buckets[index] = (all.buckets[index] ?? 0) + n),
          );
          before = now;
        }
        expect(all).toEqual({ count: now.count, sum: now.sum, buckets: [...now.buckets.values()] });
      }),
    );
  });

  test("of an exponential histogram whose buckets became twice as wide loses and invents nothing", () => {
    const fine = totals(0, 6, [
      [1, 1],
      [Math.SQRT2, 2],
      [2, 0],
      [2 * Math.SQRT2, 3],
      [4, 0],
      [Infinity, 0],
    ]);
    const wide = totals(0, 8, [
      [1, 1],
      [2, 3],
      [4, 4],
      [Infinity, 0],
    ]);
    expect([...increaseOf(fine, wide, 0).buckets]).toEqual([
      [1, 0],
      [2, 1],
      [4, 1],
      [Infinity, 0],
    ]);
  });
});
