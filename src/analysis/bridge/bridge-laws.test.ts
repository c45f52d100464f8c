import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absolute, divideRounded, ONE, roundTo } from "#units/decimal.ts";
import {
  type Bridge,
  type BridgeItem,
  type BridgeQuestion,
  type BridgeSum,
  effects,
  type ItemPeriod,
  type Volume,
} from "./bridge.ts";
import { bridgeCosts, bridgeUnitCosts } from "./bridge-costs.ts";
import { roundBridge } from "./round-bridge.ts";
import { changeOf, sumRows } from "./sum-rows.ts";

const LARGEST = 10n ** 38n - 1n;
/** From nothing and a single last unit to the most that a column holds. */
const number = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 1n, max: 9n }),
  fc.bigInt({ min: 1n, max: 1_000_000n }).map((value) => value * 10n ** 15n),
  fc.bigInt({ min: 1n, max: LARGEST }),
  fc.constant(LARGEST),
);
const maybe = fc.option(number, { nil: undefined, freq: 12 });
const cost = fc.oneof(
  { weight: 8, arbitrary: maybe },
  { weight: 1, arbitrary: number.map((value) => -value) },
);
const itemPeriod: fc.Arbitrary<ItemPeriod> = fc.record({ cost, units: maybe, volume: maybe });
const item: fc.Arbitrary<Omit<BridgeItem, "key">> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ before: itemPeriod, after: itemPeriod }) },
  // Much the same as before: where logarithms lose most.
  {
    weight: 2,
    arbitrary: fc
      .tuple(itemPeriod, fc.bigInt({ min: 0n, max: 2n }))
      .map(([before, more]) => ({ before, after: { ...before, cost: before.cost && before.cost + more } })),
  },
  { weight: 1, arbitrary: fc.record({ before: itemPeriod }) },
  { weight: 1, arbitrary: fc.record({ after: itemPeriod }) },
);
const items = fc
  .array(item, { maxLength: 8 })
  .map((list): BridgeItem[] => list.map((each, at) => ({ ...each, key: `item ${at}` })));
const volume: fc.Arbitrary<Volume> = fc.oneof(
  fc.constant({ of: "items" } as const),
  fc.constant({ of: "units" } as const),
  fc.record({ of: fc.constant("whole" as const), before: maybe, after: maybe }),
);
const question: fc.Arbitrary<BridgeQuestion> = fc.record({
  currency: fc.constant("USD"),
  items,
  volume,
  method: fc.constantFrom("lmdi" as const, "shapley" as const),
});
/** Both kinds of bridge of a question. */
const bridges = (asked: BridgeQuestion): Bridge[] => {
  const unit = bridgeUnitCosts(asked, 1000n);
  return [bridgeCosts(asked), ...(unit === undefined ? [] : [unit])];
};
const always = (law: (asked: BridgeQuestion) => void): void =>
  fc.assert(fc.property(question, law), { numRuns: 1500 });

const balances = ({ before, after, parts }: Pick<BridgeSum, "before" | "after" | "parts">): void =>
  expect(before + changeOf(parts)).toBe(after);

const backwards = ({ items, volume, ...asked }: BridgeQuestion): BridgeQuestion => ({
  ...asked,
  items: items.map(({ key, before, after }) => ({
    key,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  })),
  volume: volume.of === "whole" ? { of: "whole", before: volume.after, after: volume.before } : volume,
});

describe("whatever the items", () => {
  test("every item is in a row or among the unknown, and rows are the costs that came in", () =>
    always((asked) => {
      const { rows, unknown } = bridgeCosts(asked);
      expect([...rows, ...unknown].map(({ key }) => key).sort()).toEqual(asked.items.map(({ key }) => key));
      for (const { key, before, after } of rows) {
        const item = asked.items.find((each) => each.key === key);
        expect([before, after]).toEqual([item?.before?.cost ?? 0n, item?.after?.cost ?? 0n]);
      }
    }));

  test("every row and every sum adds up to its change, and the effects to the sums of the rows", () =>
    always((asked) => {
      for (const { rows, sum } of bridges(asked)) {
        for (const row of rows) balances(row);
        balances(sum);
        for (const effect of effects)
          expect(rows.reduce((all, { parts }) => all + parts[effect], 0n)).toBe(sum.parts[effect]);
      }
    }));

  test("unit costs add up to the cost of all items that are known, divided by the volume", () =>
    always((asked) => {
      const bridge = bridgeUnitCosts(asked, 1000n);
      if (bridge === undefined) return;
      const whole = bridgeCosts(asked).sum;
      for (const when of ["before", "after"] as const)
        expect(bridge.sum[when]).toBe(
          divideRounded(whole[when] * 1000n * ONE, bridge.volume[when] ?? 0n, "half-even"),
        );
    }));

  test("groups of items add up to the whole", () =>
    always((asked) => {
      const { rows, sum } = bridgeCosts(asked);
      const groups = [0, 1].map((half) => sumRows(rows.filter((_, at) => at % 2 === half)));
      for (const group of groups) balances(group);
      for (const effect of effects)
        expect(groups.reduce((all, { parts }) => all + parts[effect], 0n)).toBe(sum.parts[effect]);
    }));

  test("the periods exchanged, every part has the other sign, and new items are retired ones", () =>
    always((asked) => {
      const forth = bridges(asked);
      const back = bridges(backwards(asked));
      expect(back.length).toBe(forth.length);
      forth.forEach(({ rows, sum }, at) => {
        const other = back[at] ?? expect.unreachable();
        for (const row of rows) {
          const reversed = other.rows.find(({ key }) => key === row.key);
          for (const effect of effects) expect(reversed?.parts[effect]).toBe(-row.parts[effect]);
          expect(reversed?.why).toBe(row.why);
        }
        expect([-other.sum.retiredItems, -other.sum.newItems]).toEqual([sum.newItems, sum.retiredItems]);
      });
    }));

  test("the order in which items come decides nothing", () =>
    always((asked) => {
      expect(bridgeCosts({ ...asked, items: asked.items.toReversed() })).toEqual(bridgeCosts(asked));
    }));

  test("only the factors that were told apart have parts, and the two methods leave the same undivided or less", () =>
    always((asked) => {
      const lmdi = bridgeCosts({ ...asked, method: "lmdi" });
      const shapley = bridgeCosts({ ...asked, method: "shapley" });
      for (const { factors, rows } of [lmdi, shapley])
        for (const { parts } of rows)
          for (const factor of ["volume", "mix", "efficiency", "price"] as const)
            if (!factors.includes(factor)) expect(parts[factor]).toBe(0n);
      const undivided = ({ rows }: Bridge): string[] =>
        rows.filter(({ kind }) => kind === "undivided").map(({ key }) => key);
      expect(undivided(lmdi)).toEqual(expect.arrayContaining(undivided(shapley)));
    }));

  test("rounded to cents it still adds up in both directions, and the sum is off by less than a cent", () =>
    fc.assert(
      fc.property(question, fc.integer({ min: 0, max: 9 }), (asked, top) => {
        for (const bridge of bridges(asked)) {
          const { sum, rows, rest } = roundBridge(bridge, 2, top);
          const cent = ONE / 100n;
          for (const row of rows) balances(row);
          for (const line of [sum, rest]) balances(line);
          const shown = sumRows(rows);
          expect(sum.before).toBe(roundTo(bridge.sum.before, 2, "half-even"));
          expect(sum.after).toBe(roundTo(bridge.sum.after, 2, "half-even"));
          for (const effect of effects) {
            expect(shown.parts[effect] + rest.parts[effect]).toBe(sum.parts[effect]);
            expect(sum.parts[effect] % cent).toBe(0n);
            if (bridge.sum.parts[effect] === 0n) expect(sum.parts[effect]).toBe(0n);
          }
          expect(rest.count).toBe(Math.max(0, bridge.rows.length - top));
        }
      }),
    ));
});

describe("with costs as a company has them", () => {
  const usual = fc.bigInt({ min: 1n, max: 10n ** 12n }).map((value) => value * 10n ** 12n);
  const usualPeriod = fc.record({ cost: usual, units: usual, volume: usual });
  const usualItems = fc
    .array(fc.record({ before: usualPeriod, after: usualPeriod }), { minLength: 1, maxLength: 6 })
    .map((list) => list.map((each, at) => ({ ...each, key: String(at) })));

  test("each part is that of the published formula", () =>
    fc.assert(
      fc.property(usualItems, (items) => {
        const { rows } = bridgeCosts({ currency: "USD", items, volume: { of: "items" } });
        const total = (when: "before" | "after"): number =>
          items.reduce((sum, each) => sum + Number(each[when].volume), 0);
        for (const { key, parts } of rows) {
          const { before, after } = items[Number(key)] ?? expect.unreachable();
          const [was, is] = [Number(before.cost), Number(after.cost)];
          // Nearly equal, the formula loses its digits in floats, and the mean is any mean.
          const near = Math.abs(is - was) < 1e-6 * was;
          const mean = near ? (was + is) / 2 : (is - was) / (Math.log(is) - Math.log(was));
          const log = (of: (period: typeof before, total: number) => number): number =>
            Math.log(of(after, total("after")) / of(before, total("before")));
          const formula = {
            volume: mean * log((_, total) => total),
            mix: mean * log((period, total) => Number(period.volume) / total),
            efficiency: mean * log((period) => Number(period.units) / Number(period.volume)),
            price: mean * log((period) => Number(period.cost) / Number(period.units)),
          };
          for (const factor of ["volume", "mix", "efficiency", "price"] as const)
            expect(Math.abs(Number(parts[factor]) - formula[factor])).toBeLessThanOrEqual(
              1e-8 * (was + is) + 1,
            );
        }
      }),
    ));

  test("a factor that did not change has no part", () =>
    fc.assert(
      fc.property(usual, usual, usual, fc.bigInt({ min: 2n, max: 1000n }), (cost, units, volume, times) => {
        for (const method of ["lmdi", "shapley"] as const) {
          const { parts } = bridgeCosts({
            currency: "USD",
            items: [
              {
                key: "a",
                before: { cost, units, volume },
                after: { cost: cost * times, units: units * times, volume: volume * times },
              },
            ],
            volume: { of: "items" },
            method,
          }).sum;
          expect(parts).toEqual({
            ...parts,
            volume: cost * (times - 1n),
            mix: 0n,
            efficiency: 0n,
            price: 0n,
          });
        }
      }),
    ));

  test("the two methods agree where little changed", () => {
    const was = { cost: 1000n * ONE, units: 1000n * ONE, volume: 100n * ONE };
    const is = { cost: 1010n * ONE, units: 1020n * ONE, volume: 101n * ONE };
    const asked = {
      currency: "USD",
      items: [{ key: "a", before: was, after: is }],
      volume: { of: "items" },
    } as const;
    const [lmdi, shapley] = (["lmdi", "shapley"] as const).map((method) => bridgeCosts({ ...asked, method }));
    for (const effect of effects) {
      const apart = (lmdi?.sum.parts[effect] ?? 0n) - (shapley?.sum.parts[effect] ?? 0n);
      expect(absolute(apart) < ONE / 1000n).toBe(true);
    }
  });
});
