import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decimal } from "#units/decimal.ts";
import { addTotals, movedTotals } from "./totals.ts";

const costs = (billed: string, list = billed) => ({
  BilledCost: billed,
  EffectiveCost: billed,
  ContractedCost: billed,
  ListCost: list,
});

test("two months add up per currency, in order of the currencies' names", () =>
  expect(addTotals([{ USD: costs("0.1", "1") }, { USD: costs("0.2", "2"), EUR: costs("5") }])).toEqual({
    EUR: costs("5"),
    USD: costs("0.3", "3"),
  }));

test("only what moved is told, a currency that is gone too", () =>
  expect(movedTotals({ USD: costs("10", "12"), EUR: costs("0") }, { USD: costs("10", "11.5") })).toEqual([
    { currency: "USD", column: "ListCost", before: "12", after: "11.5", difference: "-0.5" },
  ]));

test("what was, and what moved, is what is", () => {
  const amounts = fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }).map((cents) => costs(`${cents}e-2`));
  const totals = fc.dictionary(fc.constantFrom("USD", "EUR", "CHF"), amounts, { noNullPrototype: true });
  fc.assert(
    fc.property(totals, totals, (old, now) => {
      for (const { currency, column, before, after, difference } of movedTotals(old, now)) {
        expect(difference).not.toBe("0");
        expect(decimal(before) + decimal(difference)).toBe(decimal(after));
        expect(decimal(after)).toBe(decimal(addTotals([now])[currency]?.[column] ?? "0"));
      }
    }),
  );
});
