import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absolute, decimal, MAX_UNITS } from "./decimal.ts";
import {
  add,
  allocate,
  allocateUnits,
  divide,
  formatMoney,
  type Money,
  money,
  ratio,
  subtract,
  sumByCurrency,
  usd,
} from "./money.ts";

const amounts = fc.bigInt({ min: -MAX_UNITS, max: MAX_UNITS });
const currencies = fc.constantFrom("USD", "EUR", "GPU-credits");
const moneys: fc.Arbitrary<Money> = fc.record({ units: amounts, currency: currencies });
const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { minLength: 1, maxLength: 12 })
  .filter((all) => all.some((weight) => weight > 0n));

describe("adding", () => {
  test("0.1 + 0.2 is 0.3", () => expect(add(usd("0.1"), usd("0.2"))).toEqual(usd("0.3")));

  test("currencies are never mixed", () => {
    const mixed = expect.objectContaining({ code: "currencies-mixed" });
    expect(() => add(usd("1"), money("1", "EUR"))).toThrow(mixed);
    expect(() => subtract(usd("1"), money("1", "usd"))).toThrow(mixed);
    expect(() => ratio(usd("1"), money("1", "EUR"))).toThrow(mixed);
  });

  test("what was added can be taken away again", () =>
    fc.assert(
      fc.property(amounts, amounts, currencies, (a, b, currency) => {
        const [x, y] = [
          { units: a, currency },
          { units: b, currency },
        ];
        expect(subtract(add(x, y), y)).toEqual(x);
        expect(add(x, y)).toEqual(add(y, x));
      }),
    ));

  test("sums per currency do not depend on the order, and name each currency once", () =>
    fc.assert(
      fc.property(fc.array(moneys), (all) => {
        const sums = sumByCurrency(all);
        expect(sumByCurrency(all.toReversed())).toEqual(sums);
        for (const { currency, units } of sums) {
          const alone = all.filter((each) => each.currency === currency);
          expect(units).toBe(alone.reduce((sum, each) => sum + each.units, 0n));
        }
        expect(sums.map(({ currency }) => currency)).toEqual(
          [...new Set(all.map((each) => each.currency))].sort(),
        );
      }),
    ));
});

describe("splitting", () => {
  const split = (text: string, by: readonly bigint[], decimals?: number): string[] =>
    allocate(usd(text), by, decimals).map(formatMoney);

  test("ten cents by three: 4, 3 and 3", () =>
    expect(split("0.10", [1n, 1n, 1n])).toEqual(["0.04 USD", "0.03 USD", "0.03 USD"]));

  test("a credit is split as the charge it returns", () =>
    expect(split("-0.10", [1n, 1n, 1n])).toEqual(["-0.04 USD", "-0.03 USD", "-0.03 USD"]));

  test("the largest remainder wins, not the first part", () =>
    expect(split("1", [1n, 1n, 5n], 0)).toEqual(["0 USD", "0 USD", "1 USD"]));

  test("what is smaller than a cent goes to one part and is not lost", () =>
    expect(split("0.0199", [1n, 1n])).toEqual(["0.01 USD", "0.0099 USD"]));

  test("a part without weight gets nothing", () =>
    expect(split("0.05", [0n, 2n, 0n, 1n])).toEqual(["0 USD", "0.03 USD", "0 USD", "0.02 USD"]));

  test("weights of nothing, and negative ones, are refused", () => {
    const refused = expect.objectContaining({ code: "not-positive" });
    for (const bad of [[], [0n, 0n], [2n, -1n]]) expect(() => allocate(usd("1"), bad)).toThrow(refused);
  });

  test("parts add up to the whole, to the last unit", () =>
    fc.assert(
      fc.property(moneys, weights, fc.integer({ min: 0, max: 18 }), (whole, by, decimals) => {
        const parts = allocate(whole, by, decimals);
        expect(parts.reduce(add)).toEqual(whole);
      }),
    ));

  test("every part is less than a step away from its exact share, and none has the other sign", () =>
    fc.assert(
      fc.property(amounts, weights, fc.integer({ min: 0, max: 18 }), (total, by, decimals) => {
        const step = 10n ** BigInt(18 - decimals);
        const sum = by.reduce((a, b) => a + b, 0n);
        allocateUnits(total, by, step).forEach((part, index) => {
          const weight = by[index] ?? 0n;
          // |part − total · weight / sum| < step, without a division
          expect(absolute(part * sum - total * weight) < step * sum).toBe(true);
          expect(part * total >= 0n).toBe(true);
          if (weight === 0n) expect(part).toBe(0n);
        });
      }),
      { numRuns: 500 },
    ));

  test("at most one part has more decimals than asked for", () =>
    fc.assert(
      fc.property(amounts, weights, (total, by) => {
        const step = decimal("0.01");
        const odd = allocateUnits(total, by, step).filter((part) => part % step !== 0n);
        expect(odd.length).toBe(total % step === 0n ? 0 : 1);
      }),
    ));

  test("more weight is never less money", () =>
    fc.assert(
      fc.property(amounts, weights, (total, by) => {
        const parts = allocateUnits(absolute(total), by);
        for (const [i, a] of by.entries())
          for (const [j, b] of by.entries())
            if (a > b) expect((parts[i] ?? 0n) >= (parts[j] ?? 0n)).toBe(true);
      }),
    ));
});

describe("dividing and sharing", () => {
  test("a third of a dollar, named rounding", () => {
    expect(formatMoney(divide(usd("1"), 3n, "half-even"))).toBe("0.333333333333333333 USD");
    expect(formatMoney(divide(usd("-1"), 3n, "floor"))).toBe("-0.333333333333333334 USD");
    expect(() => divide(usd("1"), 0n, "down")).toThrow(expect.objectContaining({ code: "not-a-number" }));
  });

  test("a share of nothing is unknown", () => {
    expect(ratio(usd("1"), usd("4"))).toBe(0.25);
    expect(ratio(usd("-1"), usd("8"))).toBe(-0.125);
    expect(ratio(usd("1"), usd("0"))).toBeUndefined();
  });
});
