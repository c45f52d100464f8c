import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { settleParts } from "./settle-parts.ts";

describe("parts are settled", () => {
  test("to the nearest, and what is lacking goes to the largest remainder", () =>
    expect(settleParts([333n, 334n, 333n], 100n, 10n)).toEqual([3n, 4n, 3n]));

  test("with either sign", () => expect(settleParts([270n, -160n, 0n], 100n, 1n)).toEqual([3n, -2n, 0n]));

  test("with what floats lost spread by size, and nothing for a part of zero", () =>
    expect(settleParts([10n ** 20n, -(10n ** 20n), 0n], 1n, 6n)).toEqual([
      10n ** 20n + 3n,
      -(10n ** 20n) + 3n,
      0n,
    ]));

  test("never among parts of zero", () => {
    expect(settleParts([0n, 0n], 1n, 0n)).toEqual([0n, 0n]);
    expect(() => settleParts([0n, 0n], 1n, 1n)).toThrow(RangeError);
    expect(() => settleParts([], 1n, 1n)).toThrow(RangeError);
  });

  const part = fc.oneof(
    fc.constant(0n),
    fc.bigInt({ min: -20n, max: 20n }),
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
  );

  test("whatever they are: they add up, zero stays zero, and the opposite gives the opposite", () =>
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 9 }),
        fc.bigInt({ min: 1n, max: 1000n }),
        fc.bigInt({ min: -(10n ** 39n), max: 10n ** 39n }),
        (parts, under, total) => {
          fc.pre(parts.some((each) => each !== 0n));
          const settled = settleParts(parts, under, total);
          expect(settled.reduce((sum, each) => sum + each, 0n)).toBe(total);
          parts.forEach((each, at) => each === 0n && expect(settled[at]).toBe(0n));
          const opposite = settleParts(
            parts.map((each) => -each),
            under,
            -total,
          );
          expect(opposite.map((each) => -each)).toEqual(settled);
        },
      ),
      { numRuns: 1000 },
    ));

  test("parts that add up already are moved by less than one", () =>
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 9 }),
        fc.bigInt({ min: 1n, max: 1000n }),
        (some, under) => {
          const sum = some.reduce((all, each) => all + each, 0n);
          const parts = [...some, -sum];
          fc.pre(parts.some((each) => each !== 0n));
          settleParts(parts, under, 0n).forEach((settled, at) => {
            const moved = settled * under - (parts[at] ?? 0n);
            expect(moved < under && -moved < under).toBe(true);
          });
        },
      ),
    ));
});
