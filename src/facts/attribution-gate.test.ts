import { expect, test } from "vitest";
import { decimal } from "#units/decimal.ts";
import { attributionGate, isPremature } from "./attribution-gate.ts";

const part = (currency: string, billed: string, withoutTeam: string) => ({
  currency,
  billed: decimal(billed),
  withoutTeam: decimal(withoutTeam),
});

test("what was billed is added up per currency; exactly the share that is wanted passes, a unit less is premature", () => {
  const parts = [
    part("USD", "6", "2"),
    part("EUR", "10", "2.000000000000000001"),
    part("USD", "4", "0"),
    part("CHF", "0", "0"),
  ];
  const gate = attributionGate(parts);
  expect(gate.currencies).toEqual([
    { currency: "CHF", billedCost: "0", withTeam: "0", passed: true },
    { currency: "EUR", billedCost: "10", withTeam: "7.999999999999999999", passed: false },
    { currency: "USD", billedCost: "10", withTeam: "8", passed: true },
  ]);
  expect(["USD", "EUR", "CHF", "JPY"].map((currency) => isPremature(gate, currency))).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect(isPremature(attributionGate(parts, 81), "USD")).toBe(true);
});
