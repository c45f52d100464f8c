import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type PlaceCost, suggestRules } from "./suggest-rules.ts";

const place = (cost: bigint, more: Partial<PlaceCost> = {}): PlaceCost => ({
  account: null,
  service: null,
  beginning: null,
  owner: null,
  currency: "USD",
  charges: 1,
  cost,
  ...more,
});

test("the place that would attribute the most comes first, for the owner of what is owned there", () => {
  const costs = [
    place(10n, { account: "a", service: "s" }),
    place(5n, { account: "b", service: "s" }),
    place(100n, { account: "a", service: "t", owner: "search" }),
    place(100n, { account: "c", service: "s", owner: "vision" }),
    place(100n, { account: "c", service: "s", owner: "search" }),
  ];
  // Service s is shared by two, so its accounts are suggested one by one.
  expect(suggestRules(costs, 10)).toEqual([
    {
      place: { account: "a" },
      owner: "search",
      agreement: 1_000_000,
      owned: [{ currency: "USD", cost: 100n }],
      attributes: [{ currency: "USD", charges: 1, cost: 10n }],
    },
    { place: { account: "b" }, owned: [], attributes: [{ currency: "USD", charges: 1, cost: 5n }] },
  ]);
});

test("currencies are compared by shares, never added", () => {
  const costs = [
    place(50n, { account: "a" }),
    place(950n, { account: "x", owner: "o" }),
    place(9n, { account: "b", currency: "EUR" }),
    place(1n, { account: "x", currency: "EUR", owner: "o" }),
  ];
  expect(suggestRules(costs, 10).map(({ place: { account } }) => account)).toEqual(["b", "a"]);
});

const name = fc.option(fc.constantFrom("a", "b", "c"), { nil: null });
const anyPlace = fc.record({
  account: name,
  service: name,
  beginning: name,
  owner: name,
  currency: fc.constantFrom("USD", "EUR"),
  charges: fc.integer({ min: 1, max: 9 }),
  cost: fc.bigInt({ min: -1000n, max: 10n ** 24n }),
});

test("no cost is counted by two suggestions, and none that has an owner", () => {
  fc.assert(
    fc.property(fc.array(anyPlace, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (costs, most) => {
      const suggestions = suggestRules(costs, most);
      expect(suggestions.length).toBeLessThanOrEqual(most);
      const unowned = costs
        .filter(({ owner }) => owner === null)
        .reduce((sum, { charges }) => sum + charges, 0);
      const told = suggestions
        .flatMap(({ attributes }) => attributes)
        .reduce((sum, { charges }) => sum + charges, 0);
      expect(told).toBeLessThanOrEqual(unowned);
      for (const { agreement } of suggestions) expect(agreement ?? 1_000_000).toBeGreaterThanOrEqual(950_000);
    }),
  );
});

test("what is owned in one account and currency says nothing about another", () => {
  const logs = (account: string, currency: string, owner: string | null, cost = 10n): PlaceCost =>
    place(cost, { account, beginning: "logs", currency, owner });
  const costs = [
    logs("azure", "EUR", "vision", 900n),
    logs("aws", "USD", null),
    logs("azure", "EUR", null, 1n),
  ];
  expect(suggestRules(costs, 10).map(({ place, owner }) => ({ ...place, owner }))).toEqual([
    { account: "aws", owner: undefined },
    { account: "azure", owner: "vision" },
  ]);
});
