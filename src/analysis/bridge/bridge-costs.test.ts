import { describe, expect, test } from "vitest";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { type BridgeItem, type BridgeRow, effects, type ItemPeriod, type Parts } from "./bridge.ts";
import { bridgeCosts, bridgeUnitCosts } from "./bridge-costs.ts";

const period = (cost: string | undefined, units?: string, volume?: string): ItemPeriod => {
  const read = (text: string | undefined): bigint | undefined =>
    text === undefined ? undefined : decimal(text);
  return { cost: read(cost), units: read(units), volume: read(volume) };
};
const item = (key: string, before?: ItemPeriod, after?: ItemPeriod): BridgeItem => ({
  key,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});
const byItems = (...items: BridgeItem[]) => ({ currency: "USD", items, volume: { of: "items" } }) as const;
/** The parts that are not zero. */
const told = (parts: Parts): Record<string, string> =>
  Object.fromEntries(
    effects.filter((effect) => parts[effect] !== 0n).map((effect) => [effect, formatDecimal(parts[effect])]),
  );
const row = (rows: readonly BridgeRow[], key: string): BridgeRow =>
  rows.find((each) => each.key === key) ?? expect.unreachable();

describe("one item whose one factor changed has all of the change in that factor", () => {
  const was = period("12", "6", "3");
  test.each([
    ["volume", period("24", "12", "6")],
    ["efficiency", period("24", "12", "3")],
    ["price", period("24", "6", "3")],
  ])("%s", (factor, is) =>
    expect(told(bridgeCosts(byItems(item("a", was, is))).sum.parts)).toEqual({ [factor]: "12" }),
  );

  test("mix, with a second item that takes the rest", () => {
    const { rows, sum } = bridgeCosts(
      byItems(
        item("dear", period("10", "1", "1"), period("20", "2", "2")),
        item("cheap", period("3", "3", "3"), period("2", "2", "2")),
      ),
    );
    expect(told(row(rows, "dear").parts)).toEqual({ mix: "10" });
    expect(told(row(rows, "cheap").parts)).toEqual({ mix: "-1" });
    expect(told(sum.parts)).toEqual({ mix: "9" });
  });
});

describe("what the volume is", () => {
  test("of the whole: units per outcome are of all items, and each has its part of the units", () => {
    // 10 outcomes at 2 units each; half of the units at 1, half at 3. Then 4 units each, of the same mix and prices.
    const items = [
      item("a", period("10", "10"), period("20", "20")),
      item("b", period("30", "10"), period("60", "20")),
    ];
    const volume = { of: "whole", before: decimal("10"), after: decimal("10") } as const;
    const { sum, factors } = bridgeCosts({ currency: "USD", items, volume });
    expect(factors).toEqual(["volume", "mix", "efficiency", "price"]);
    expect(told(sum.parts)).toEqual({ efficiency: "40" });
  });

  test("units: no outcomes are known, and what was used is the volume", () => {
    const { sum, factors, volume } = bridgeCosts({
      currency: "USD",
      items: [item("a", period("10", "10"), period("20", "20"))],
      volume: { of: "units" },
    });
    expect(factors).toEqual(["volume", "mix", "price"]);
    expect(told(sum.parts)).toEqual({ volume: "10" });
    expect(volume).toEqual({ before: decimal("10"), after: decimal("20") });
  });

  test("an unknown volume of the whole leaves every change undivided, and says why", () => {
    const { rows, sum } = bridgeCosts({
      currency: "USD",
      items: [item("a", period("10", "10"), period("20", "20"))],
      volume: { of: "whole", before: undefined, after: decimal("10") },
    });
    expect(told(sum.parts)).toEqual({ undivided: "10" });
    expect(rows[0]?.why).toBe("volume-unknown");
  });
});

describe("lines of their own", () => {
  test("new and retired items are in mix, and told apart", () => {
    const { rows, sum } = bridgeCosts(
      byItems(
        item("old", period("5", "1", "1")),
        item("new", undefined, period("7", "1", "1")),
        // An item that a source lists with zeros was not there either.
        item("listed", period("0", "0", "0"), period("2", "1", "1")),
        item("kept", period("1", "1", "1"), period("1", "1", "1")),
      ),
    );
    expect(rows.map(({ key, kind }) => `${key} ${kind}`)).toEqual([
      "new new",
      "old retired",
      "listed new",
      "kept continuing",
    ]);
    expect([sum.newItems, sum.retiredItems].map(formatDecimal)).toEqual(["9", "-5"]);
  });

  test("credits have no logarithm; Shapley divides those that have units", () => {
    const items = [
      item("refund", period("-4", "2", "2"), period("-2", "2", "2")),
      item("goodwill", period("-1"), period("-4")),
    ];
    const lmdi = bridgeCosts(byItems(...items));
    expect(told(lmdi.sum.parts)).toEqual({ credits: "-1" });
    const shapley = bridgeCosts({ ...byItems(...items), method: "shapley" });
    expect(told(shapley.sum.parts)).toEqual({ price: "2", credits: "-3" });
  });

  test("what became free is undivided by LMDI and a price by Shapley", () => {
    const free = item("a", period("4", "2", "2"), period("0", "2", "2"));
    const lmdi = bridgeCosts(byItems(free));
    expect([told(lmdi.sum.parts), lmdi.rows[0]?.why]).toEqual([{ undivided: "-4" }, "cost-not-positive"]);
    expect(told(bridgeCosts({ ...byItems(free), method: "shapley" }).sum.parts)).toEqual({ price: "-4" });
  });

  test.each([
    ["units-unknown", period("5", undefined, "1")],
    ["units-not-positive", period("5", "0", "1")],
    ["volume-unknown", period("5", "1")],
    ["volume-not-positive", period("5", "1", "0")],
  ])("a known cost without its factors: %s", (why, is) => {
    const { rows, sum } = bridgeCosts(
      byItems(item("a", period("3", "1", "1"), is), item("b", period("1", "1", "1"), period("2", "2", "2"))),
    );
    expect([row(rows, "a").kind, row(rows, "a").why]).toEqual(["undivided", why]);
    expect(formatDecimal(sum.parts.undivided)).toBe("2");
  });

  test("an item of unknown cost is in no sum, and is listed with what is known of it", () => {
    const { unknown, rows, sum } = bridgeCosts(
      byItems(
        item("unpriced", period("3", "1", "1"), period(undefined, "1", "1")),
        item("fresh", undefined, period(undefined)),
        item("kept", period("1", "1", "1"), period("2", "1", "1")),
      ),
    );
    expect(unknown).toEqual([
      { key: "fresh", before: 0n, after: undefined },
      { key: "unpriced", before: decimal("3"), after: undefined },
    ]);
    expect(rows.map(({ key }) => key)).toEqual(["kept"]);
    expect([sum.before, sum.after].map(formatDecimal)).toEqual(["1", "2"]);
  });

  test("nor is its volume in any: work that nobody has a price of would make the rest seem cheaper", () => {
    const { volume, sum } = bridgeCosts(
      byItems(
        item("priced", period("2", "2", "2"), period("1", "1", "1")),
        item("unpriced", undefined, period(undefined, "9", "9")),
      ),
    );
    expect(volume).toEqual({ before: decimal("2"), after: decimal("1") });
    expect(told(sum.parts)).toEqual({ volume: "-1" });
  });

  test("what came or went without units is undivided, by both methods and both ways", () => {
    for (const method of ["lmdi", "shapley"] as const) {
      const asked = byItems(
        item("disk", undefined, period("5", undefined, "1")),
        item("fee", period("3", "0", "1"), undefined),
        item("kept", period("1", "1", "1"), period("1", "1", "1")),
      );
      const { rows, sum } = bridgeCosts({ ...asked, method });
      expect([row(rows, "disk").why, row(rows, "fee").why]).toEqual(["units-unknown", "units-not-positive"]);
      expect(told(sum.parts)).toEqual({ undivided: "2" });
    }
  });

  test("a volume that is unknown in one period counts in neither, so that it does not seem to come or go", () => {
    const { volume, rows } = bridgeCosts(
      byItems(
        item("a", period("1", "1", "1"), period("1", "1", "1")),
        item("b", period("9", "9", "9"), period("9", "9")),
      ),
    );
    expect(volume).toEqual({ before: decimal("1"), after: decimal("1") });
    expect(told(row(rows, "a").parts)).toEqual({});
  });
});

test("a volume below zero, of a correction, takes nothing from the volume of all", () => {
  const { volume, rows } = bridgeCosts(
    byItems(
      item("a", period("1", "1", "1"), period("1", "1", "1")),
      item("b", period("9", "9", "9"), period("8", "9", "-9")),
    ),
  );
  expect(volume).toEqual({ before: decimal("1"), after: decimal("1") });
  expect(row(rows, "b").why).toBe("volume-not-positive");
});

test("a difference of the last unit between large costs is found", () => {
  const large = 10n ** 37n;
  const { rows } = bridgeCosts(
    byItems({
      key: "a",
      before: { cost: large, units: 1n, volume: 1n },
      after: { cost: large + 1n, units: 1n, volume: 1n },
    }),
  );
  expect(rows[0]?.parts.price).toBe(1n);
});

test("cost that stays while a price halves and its use doubles", () => {
  const { sum } = bridgeCosts(byItems(item("a", period("8", "4", "1"), period("8", "8", "1"))));
  expect(sum.parts.efficiency).toBe(-sum.parts.price);
  // 8 · ln 2
  expect(Number(formatDecimal(sum.parts.efficiency))).toBeCloseTo(5.545177, 6);
});

test("an item is told once", () =>
  expect(() => bridgeCosts(byItems(item("a"), item("a")))).toThrow('has the item "a" twice'));

describe("the bridge of unit costs", () => {
  test("has no volume: twice as much of the same costs as much each", () => {
    const same = byItems(item("a", period("10", "3", "7"), period("20", "6", "14")));
    const bridge = bridgeUnitCosts(same, 1000n) ?? expect.unreachable();
    expect(bridge.factors).toEqual(["mix", "efficiency", "price"]);
    expect(told(bridge.sum.parts)).toEqual({});
    expect(formatDecimal(bridge.sum.before)).toBe("1428.571428571428571429");
  });

  test("is none without a volume", () => {
    const none = byItems(item("a", period("10", "3", "0"), period("20", "6", "14")));
    expect(bridgeUnitCosts(none, 1n)).toBeUndefined();
    const unknown = { ...none, volume: { of: "whole", before: undefined, after: 1n } } as const;
    expect(bridgeUnitCosts(unknown, 1n)).toBeUndefined();
  });
});
