import { expect, test } from "vitest";
import { decimal, ONE } from "#units/decimal.ts";
import { noParts, type Parts } from "./bridge.ts";
import { readBridge } from "./read-bridge.ts";

const one = { before: ONE, after: ONE };
const reading = (
  before: string,
  after: string,
  parts: Partial<Record<keyof Parts, string>>,
  volume = one,
): string => {
  const told = Object.fromEntries(Object.entries(parts).map(([effect, text]) => [effect, decimal(text)]));
  const sum = {
    before: decimal(before),
    after: decimal(after),
    parts: { ...noParts, ...told },
    newItems: 0n,
    retiredItems: 0n,
  };
  return readBridge({ sum, volume }).reading;
};

test.each([
  ["less-use", "100", "60", { volume: "-38", price: "-2" }],
  ["more-use", "100", "140", { volume: "38", price: "2" }],
  ["efficiency", "100", "60", { volume: "-2", efficiency: "-20", mix: "-18" }],
  ["dearer", "100", "140", { volume: "2", price: "38" }],
  ["both", "100", "60", { volume: "-20", price: "-20" }],
  // More to do, and cheaper work: the net alone would tell neither.
  ["both", "100", "100", { volume: "50", efficiency: "-50" }],
  ["same", "100", "100", {}],
  ["unexplained", "100", "60", { undivided: "-30", credits: "-8", volume: "-2" }],
])("a change that is mostly %s", (expected, before, after, parts) => {
  expect(reading(before, after, parts)).toBe(expected);
});

test("where one of the periods has no volume, there is nothing to compare with", () => {
  const [fresh, ended] = [{ mix: "8" }, { mix: "-8" }];
  expect(reading("0", "8", fresh, { before: 0n, after: ONE })).toBe("new");
  expect(reading("8", "0", ended, { before: ONE, after: 0n })).toBe("gone");
  expect(reading("0", "0", {}, { before: 0n, after: 0n })).toBe("same");
});
