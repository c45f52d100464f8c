import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal } from "#units/decimal.ts";
import { amount, count, percent, signed } from "./format.ts";

describe("sums for people", () => {
  test.each([
    ["0", "0.00"],
    ["1234567.891", "1,234,567.89"],
    ["-1234.5", "-1,234.50"],
    ["999.995", "1,000.00"],
    ["0.01", "0.01"],
    ["0.015", "0.02"],
    ["0.0099999", "0.01"],
    ["0.00123456", "0.00123"],
    ["-0.000000123456", "-0.000000123"],
    ["0.000000000000000001", "0.000000000000000001"],
    ["123456789012345678.9", "123,456,789,012,345,678.90"],
  ])("%s is shown as %s", (exact, shown) => expect(amount(decimal(exact))).toBe(shown));

  test("no money is ever shown as nothing, and what is shown is near", () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).filter((units) => units !== 0n),
        (units) => {
          const back = decimal(amount(units).replaceAll(",", ""));
          expect(back).not.toBe(0n);
          const error = back > units ? back - units : units - back;
          const size = units < 0n ? -units : units;
          expect(error <= 5n * 10n ** 15n || error * 200n <= size).toBe(true);
        },
      ),
    ));
});

test.each([
  ["12.5", "+12.5"],
  ["-3", "-3"],
  ["0", "±0"],
  ["-0.00", "±0"],
])("the change %s is shown as %s", (exact, shown) => expect(signed(exact)).toBe(shown));

test.each([
  [0.084, "+8.4%"],
  [-0.5, "-50.0%"],
  [12.345, "+1,235%"],
  [0, "0.0%"],
  [-0.0001, "0.0%"],
])("the ratio %d is shown as %s", (ratio, shown) => expect(percent(ratio)).toBe(shown));

test("counts have separators", () => expect(count(1_234_567)).toBe("1,234,567"));
