import * as fc from "fast-check";
import { expect, test } from "vitest";
import { allocateUnits } from "#units/money.ts";
import { runningSplit } from "./running-split.ts";

test("3 units among two and 3 more: 2 and 1, then 1 and 2, so that each has half of 6", () => {
  const split = runningSplit([1n, 1n]);
  expect([split(3n), split(3n)]).toEqual([
    [2n, 1n],
    [1n, 2n],
  ]);
});

const amount = fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }));
const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 40n }), { minLength: 1, maxLength: 6 })
  .filter((all) => all.some((weight) => weight > 0n));

test("each amount is divided whole, no part is two units off, and all together are what their sum is divided into", () => {
  fc.assert(
    fc.property(weights, fc.array(amount, { maxLength: 40 }), (parts, amounts) => {
      const split = runningSplit(parts);
      const total = parts.reduce((a, b) => a + b, 0n);
      const sums = parts.map(() => 0n);
      for (const each of amounts) {
        const got = split(each);
        expect(got.reduce((a, b) => a + b, 0n)).toBe(each);
        got.forEach((part, index) => {
          const off = part * total - each * (parts[index] ?? 0n);
          expect(off < 2n * total && off > -2n * total).toBe(true);
          sums[index] = (sums[index] ?? 0n) + part;
        });
      }
      expect(sums).toEqual(
        allocateUnits(
          amounts.reduce((a, b) => a + b, 0n),
          parts,
        ),
      );
    }),
  );
});
