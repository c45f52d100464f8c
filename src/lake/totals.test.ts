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

const units = (exact: string | null): bigint => decimal(exact ?? "unknown");

test("two months add up per currency, in order of the currencies' names", () =>
  expect(addTotals([{ USD: costs("0.1", "1") }, { USD: costs("0.2", "2"), EUR: costs("5") }])).toEqual({
    EUR: costs("5"),
    USD: costs("0.3", "3"),
  }));

test("only what moved is told, a currency that is gone too", () =>
  expect(movedTotals({ USD: costs("10", "12"), EUR: costs("0") }, { USD: costs("10", "11.5") })).toEqual([
    { currency: "USD", column: "ListCost", before: "12", after: "11.5", difference: "-0.5" },
  ]));

test("a cost that no month knows is unknown, and one that some know is their sum", () => {
  const unknown = { ...costs("1"), ListCost: null };
  expect(addTotals([{ USD: unknown }, { USD: unknown }])["USD"]).toEqual({ ...costs("2"), ListCost: null });
  expect(addTotals([{ USD: unknown }, { USD: costs("3") }])["USD"]).toEqual({ ...costs("4"), ListCost: "3" });
});

test("a cost that becomes known moved, by nobody knows how much; zero is known", () => {
  const list = (sum: string | null) => ({ USD: { ...costs("1"), ListCost: sum } });
  const moved = { currency: "USD", column: "ListCost" };
  expect(movedTotals(list(null), list("0"))).toEqual([
    { ...moved, before: null, after: "0", difference: null },
  ]);
  expect(movedTotals(list("0"), list(null))).toEqual([
    { ...moved, before: "0", after: null, difference: null },
  ]);
  expect(movedTotals(list(null), list(null))).toEqual([]);
});

test("what was, and what moved, is what is", () => {
  const amounts = fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }).map((cents) => costs(`${cents}e-2`));
  const totals = fc.dictionary(fc.constantFrom("USD", "EUR", "CHF"), amounts, { noNullPrototype: true });
  fc.assert(
    fc.property(totals, totals, (old, now) => {
      for (const { currency, column, before, after, difference } of movedTotals(old, now)) {
        expect(difference).not.toBe("0");
        expect(units(before) + units(difference)).toBe(units(after));
        expect(after).toBe(addTotals([now])[currency]?.[column] ?? "0");
      }
    }),
  );
});
