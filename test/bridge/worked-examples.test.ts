import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Bridge, BridgeItem, ItemPeriod } from "#analysis/bridge/bridge.ts";
import { bridgeCosts, bridgeUnitCosts } from "#analysis/bridge/bridge-costs.ts";
import { judgeSaving } from "#analysis/bridge/judge-saving.ts";
import { roundBridge } from "#analysis/bridge/round-bridge.ts";
import { unitCost } from "#analysis/bridge/unit-cost.ts";
import { decimal, formatDecimal, multiply, ONE, roundTo } from "#units/decimal.ts";

const testData = process.env["PLIMSOLL_TEST_DATA"];
if (testData === undefined)
  console.warn("Skipped: PLIMSOLL_TEST_DATA does not name the folder of the worked examples.");

interface Period {
  readonly requests: number;
  readonly mix: Record<string, number>;
  readonly units: Record<string, number>;
  readonly price: Record<string, number>;
}
interface Factored {
  readonly volume: number;
  readonly mix: number;
  readonly efficiency: number;
  readonly price: number;
}
interface Examples {
  readonly cost_decomposition: {
    before: Period;
    after: Period;
    expected: {
      before_total: number;
      after_total: number;
      lmdi: Factored & { mix_of_which_new_or_retired: number };
      shapley: Factored;
      unit_cost_per_1000: { before: number; after: number; lmdi: Omit<Factored, "volume"> };
      avoided_cost: number;
      usage_effect_at_old_unit_cost: number;
    };
  };
  readonly normalised_savings: {
    baseline_periods: { volume_thousand: number[]; cost: number[] };
    reporting: { volume_thousand: number; cost: number };
    expected: Record<string, number>;
  };
}
const examples = (): Examples =>
  JSON.parse(readFileSync(path.join(testData ?? "", "signals", "worked-examples.json"), "utf8")) as Examples;
const exact = (value: number): bigint => decimal(String(value));
const shown = (units: bigint, decimals: number): string =>
  formatDecimal(roundTo(units, decimals, "half-even"));

/** An item of a period: its requests, their units and what they cost at a price per million units. */
function itemPeriod(period: Period, key: string): ItemPeriod | undefined {
  const share = period.mix[key];
  if (share === undefined) return undefined;
  const volume = multiply(exact(period.requests), exact(share), "half-even");
  const units = multiply(volume, exact(period.units[key] ?? 0), "half-even");
  return { cost: multiply(units, exact(period.price[key] ?? 0), "half-even") / 1_000_000n, units, volume };
}

function items({ before, after }: Examples["cost_decomposition"]): BridgeItem[] {
  return [...new Set([...Object.keys(before.mix), ...Object.keys(after.mix)])].map((key) => {
    const [was, is] = [itemPeriod(before, key), itemPeriod(after, key)];
    return {
      key,
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is }),
    };
  });
}

const atCents = (bridge: Bridge): Record<string, string> => {
  const { parts } = roundBridge(bridge, 2).sum;
  return Object.fromEntries(bridge.factors.map((factor) => [factor, formatDecimal(parts[factor])]));
};
const texts = (expected: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [name, formatDecimal(exact(value as number))]),
  );

describe.skipIf(testData === undefined)("the worked examples", () => {
  const question = () => ({
    currency: "USD",
    items: items(examples().cost_decomposition),
    volume: { of: "items" } as const,
  });

  test("LMDI, to the cent", () => {
    const { expected } = examples().cost_decomposition;
    const bridge = bridgeCosts(question());
    expect(bridge.sum.before).toBe(exact(expected.before_total));
    expect(bridge.sum.after).toBe(exact(expected.after_total));
    const { mix_of_which_new_or_retired: fresh, ...factors } = expected.lmdi;
    expect(atCents(bridge)).toEqual(texts(factors));
    expect(bridge.sum.newItems + bridge.sum.retiredItems).toBe(exact(fresh));
  });

  test("Shapley, to the cent", () =>
    expect(atCents(bridgeCosts({ ...question(), method: "shapley" }))).toEqual(
      texts(examples().cost_decomposition.expected.shapley),
    ));

  test("unit cost per 1,000 and what moved it, to the sixth decimal", () => {
    const { unit_cost_per_1000: expected } = examples().cost_decomposition.expected;
    const { sum } = bridgeUnitCosts(question(), 1000n) ?? expect.unreachable();
    expect([shown(sum.before, 6), shown(sum.after, 6)]).toEqual([
      formatDecimal(exact(expected.before)),
      formatDecimal(exact(expected.after)),
    ]);
    for (const factor of ["mix", "efficiency", "price"] as const)
      expect(shown(sum.parts[factor], 6)).toBe(formatDecimal(exact(expected.lmdi[factor])));
  });

  test("what the new volume would have cost at the old unit cost", () => {
    const { before, after, expected } = examples().cost_decomposition;
    const was = unitCost({
      cost: exact(expected.before_total),
      volume: exact(before.requests),
      per: 1n,
    });
    if (was.kind !== "known") expect.unreachable();
    const asBefore = multiply(was.cost, exact(after.requests), "half-even");
    expect(asBefore - exact(expected.after_total)).toBe(exact(expected.avoided_cost));
    expect(asBefore - exact(expected.before_total)).toBe(exact(expected.usage_effect_at_old_unit_cost));
  });

  test("efficiency and less use, to the cent", () => {
    const { baseline_periods: baseline, reporting, expected } = examples().normalised_savings;
    const saving = judgeSaving({
      currency: "USD",
      baseline: baseline.cost.map((cost, at) => ({
        cost: exact(cost),
        volume: exact(baseline.volume_thousand[at] ?? 0),
      })),
      reporting: { cost: exact(reporting.cost), volume: exact(reporting.volume_thousand) },
      guardrails: [],
    });
    if (saving.kind !== "measured") expect.unreachable();
    expect({
      intercept: Number(shown(saving.line.fixedCost, 6)),
      slope: Number(shown(saving.line.costPerVolume, 6)),
      adjusted_baseline: Number(shown(saving.adjustedBaselineCost, 2)),
      baseline_mean_cost: Number(shown(saving.baselineMeanCost, 2)),
      total_drop: Number(shown(saving.baselineMeanCost - saving.reportingCost, 2)),
      from_reduced_usage: Number(shown(saving.fromLessUse.cost, 2)),
      from_efficiency: Number(shown(saving.fromEfficiency.cost, 2)),
    }).toEqual(expected);
    expect(saving.fromLessUse.cost + saving.fromEfficiency.cost).toBe(saving.baselineMeanCost - 36000n * ONE);
  });
});
