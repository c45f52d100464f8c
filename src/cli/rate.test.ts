import { expect, test } from "vitest";
import { percent, rate, share } from "./format.ts";
import { decimal } from "#units/decimal.ts";

test.each([
  ["68", "68.00"],
  ["1.507692307692307692", "1.508"],
  ["0.0000082", "0.0000082"],
  ["-0.45", "-0.45"],
  ["1234.5678", "1,234.57"],
])("the rate %s is shown as %s", (exact, shown) => expect(rate(decimal(exact))).toBe(shown));

test("percentages: a change has its sign, a share has none", () => {
  expect([percent(0.084), percent(-1), percent(0), percent(12.345), share(0.5)]).toEqual([
    "+8.4%",
    "-100.0%",
    "0.0%",
    "+1,235%",
    "50.0%",
  ]);
});
