import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  absolute,
  decimal,
  divide,
  divideRounded,
  formatDecimal,
  MAX_UNITS,
  multiply,
  ONE,
  parseDecimal,
  type Rounding,
  roundTo,
} from "./decimal.ts";

const roundings: readonly Rounding[] = ["half-even", "half-up", "down", "up", "floor", "ceiling"];
const units = fc.bigInt({ min: -MAX_UNITS, max: MAX_UNITS });

describe("reading decimals", () => {
  test.each([
    ["12.5", "12.5"],
    ["-0.000000000000000001", "-0.000000000000000001"],
    ["1.81E-8", "0.0000000181"],
    ["1e3", "1000"],
    ["1E+3", "1000"],
    ["000012.500", "12.5"],
    [".5", "0.5"],
    ["-.5e1", "-5"],
    ["5.", "5"],
    ["-0", "0"],
    ["-0.00E5", "0"],
    ["0e999", "0"],
    ["99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"],
  ])("%s is %s", (text, shortest) => expect(formatDecimal(decimal(text))).toBe(shortest));

  test.each([
    "",
    "+3",
    " 3",
    "3 ",
    "1_000",
    "1,000",
    "1e",
    "e5",
    "--1",
    "0x1",
    "１",
    "NaN",
    "1.2.3",
    "-",
    ".",
    "-.",
    ".e5",
  ])("%j is no decimal", (text) => {
    expect(parseDecimal(text)).toBeUndefined();
    expect(() => decimal(text)).toThrow(expect.objectContaining({ code: "not-a-number" }));
  });

  test.each(["100000000000000000000", "-1e20", "1e400", "99999999999999999999.9999999999999999995"])(
    "%s is out of range",
    (text) =>
      expect(() => parseDecimal(text)).toThrow(expect.objectContaining({ code: "amount-out-of-range" })),
  );

  test.each([
    ["0.0000000000000000005", 0n, true],
    ["0.0000000000000000015", 2n, true],
    ["0.0000000000000000025", 2n, true],
    ["-0.0000000000000000035", -4n, true],
    ["0.00000000000000000250000000001", 3n, true],
    ["0.0000000000000000020000", 2n, false],
    ["1e-19", 0n, true],
  ])("%s keeps 18 decimals, half to even", (text, expected, rounded) =>
    expect(parseDecimal(text)).toEqual({ units: expected, rounded }),
  );

  test("what is written is read back as it was", () =>
    fc.assert(fc.property(units, (value) => decimal(formatDecimal(value)) === value)));

  test("moving the point by an exponent changes nothing", () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: -30, max: 7 }),
        (digits, exponent) => {
          const moved = exponent >= 0 ? `${digits}${"0".repeat(exponent)}` : pointAt(digits, -exponent);
          fc.pre(fits(moved));
          expect(parseDecimal(`${digits}e${exponent}`)).toEqual(parseDecimal(moved));
        },
      ),
    ));
});

describe("rounding", () => {
  test.each<[Rounding, bigint[]]>([
    ["half-even", [-2n, -2n, -1n, 0n, 0n, 0n, 1n, 2n, 2n]],
    ["half-up", [-3n, -2n, -1n, -1n, 0n, 1n, 1n, 2n, 3n]],
    ["down", [-2n, -1n, -1n, 0n, 0n, 0n, 1n, 1n, 2n]],
    ["up", [-3n, -2n, -2n, -1n, 0n, 1n, 2n, 2n, 3n]],
    ["floor", [-3n, -2n, -2n, -1n, 0n, 0n, 1n, 1n, 2n]],
    ["ceiling", [-2n, -1n, -1n, 0n, 0n, 1n, 2n, 2n, 3n]],
  ])("%s of −2.5, −1.6, −1.4, −0.5, 0, 0.5, 1.4, 1.6, 2.5", (rounding, expected) =>
    expect(
      [-25n, -16n, -14n, -5n, 0n, 5n, 14n, 16n, 25n].map((tenths) => divideRounded(tenths, 10n, rounding)),
    ).toEqual(expected),
  );

  test("every mode gives what its definition says, whatever the signs", () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -2000n, max: 2000n }),
        fc.bigInt({ min: -40n, max: 40n }).filter((divisor) => divisor !== 0n),
        fc.constantFrom(...roundings),
        (dividend, divisor, rounding) =>
          divideRounded(dividend, divisor, rounding) === byDefinition(dividend, divisor, rounding),
      ),
      { numRuns: 2000 },
    ));

  test("rounding to fewer places leaves whole steps, less than one step away", () =>
    fc.assert(
      fc.property(
        units,
        fc.integer({ min: 0, max: 18 }),
        fc.constantFrom(...roundings),
        (value, places, rounding) => {
          const step = 10n ** BigInt(18 - places);
          const rounded = roundTo(value, places, rounding);
          expect(rounded % step).toBe(0n);
          expect(absolute(rounded - value) < step).toBe(true);
          expect(roundTo(rounded, places, rounding)).toBe(rounded);
        },
      ),
    ));
});

describe("multiplying and dividing", () => {
  test("3 × 0.1 is 0.3 and 1 ÷ 3 is 0.333333333333333333", () => {
    expect(formatDecimal(multiply(3n * ONE, decimal("0.1"), "half-even"))).toBe("0.3");
    expect(formatDecimal(divide(ONE, 3n * ONE, "half-even"))).toBe("0.333333333333333333");
    expect(formatDecimal(divide(2n * ONE, 3n * ONE, "half-even"))).toBe("0.666666666666666667");
  });

  test("a quotient times its divisor is the dividend, within half a unit of each", () =>
    fc.assert(
      fc.property(
        units,
        units.filter((divisor) => divisor !== 0n),
        (dividend, divisor) => {
          const error = divide(dividend, divisor, "half-even") * divisor - dividend * ONE;
          expect(2n * absolute(error) <= absolute(divisor)).toBe(true);
        },
      ),
    ));

  test("a product is exact within half a unit, and the same either way round", () =>
    fc.assert(
      fc.property(units, units, (a, b) => {
        const product = multiply(a, b, "half-even");
        expect(product).toBe(multiply(b, a, "half-even"));
        expect(2n * absolute(product * ONE - a * b) <= ONE).toBe(true);
      }),
    ));

  test("nothing is divided by zero", () =>
    expect(() => divide(ONE, 0n, "down")).toThrow(expect.objectContaining({ code: "not-a-number" })));
});

/** The integer that the name of the mode asks for, searched for among the neighbours instead of computed. */
function byDefinition(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const [top, bottom] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor];
  // Distances are compared as multiples of 1/bottom.
  const distance = (candidate: bigint): bigint => absolute(candidate * bottom - top);
  const guess = top / bottom;
  const neighbours = [guess - 1n, guess, guess + 1n].filter((candidate) => distance(candidate) < bottom);
  const below = neighbours.find((candidate) => candidate * bottom <= top) ?? guess;
  const above = neighbours.find((candidate) => candidate * bottom >= top) ?? guess;
  const [near, far] = distance(below) <= distance(above) ? [below, above] : [above, below];
  const [toZero, fromZero] = absolute(below) <= absolute(above) ? [below, above] : [above, below];
  const tie = distance(below) === distance(above);
  switch (rounding) {
    case "floor":
      return below;
    case "ceiling":
      return above;
    case "down":
      return toZero;
    case "up":
      return fromZero;
    case "half-up":
      return tie ? fromZero : near;
    default:
      return tie && near % 2n !== 0n ? far : near;
  }
}

function pointAt(digits: bigint, decimals: number): string {
  const text = absolute(digits)
    .toString()
    .padStart(decimals + 1, "0");
  return `${digits < 0n ? "-" : ""}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

const fits = (text: string): boolean => /^-?0*\d{0,19}(\.|$)/.test(text);
