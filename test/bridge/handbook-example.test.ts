import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  type Bridge,
  type BridgeItem,
  effects,
  type ItemPeriod,
  type Parts,
} from "#analysis/bridge/bridge.ts";
import { bridgeCosts, bridgeUnitCosts } from "#analysis/bridge/bridge-costs.ts";
import { judgeSaving } from "#analysis/bridge/judge-saving.ts";
import { outcomeCost } from "#analysis/bridge/outcome-cost.ts";
import { roundBridge } from "#analysis/bridge/round-bridge.ts";
import { decimal, formatDecimal, multiply, roundTo } from "#units/decimal.ts";

const page = readFileSync(path.join(import.meta.dirname, "../../docs/unit-economics.md"), "utf8");

/** 1234.5 as the page has it: 1,234.50. */
function shown(units: bigint, decimals = 2): string {
  const [whole = "", fraction = ""] = formatDecimal(roundTo(units, decimals, "half-even")).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === 0 ? grouped : `${grouped}.${fraction.padEnd(decimals, "0")}`;
}
const line = (...cells: string[]): string => `| ${cells.join(" | ")} |`;
/** A table's line is found whatever its cells are padded with. */
const lines = page.split("\n").map((each) => each.replace(/ +/g, " "));
const expectLine = (...cells: string[]): void => expect(lines).toContain(line(...cells).replace(/ +/g, " "));

/** A period of an item: requests, tokens per request, price per million tokens. */
function used(requests: string, tokens: string, price: string): ItemPeriod {
  const units = multiply(decimal(requests), decimal(tokens), "half-even");
  return {
    cost: multiply(units, decimal(price), "half-even") / 1_000_000n,
    units,
    volume: decimal(requests),
  };
}
const items: readonly BridgeItem[] = [
  { key: "large", before: used("480000", "2100", "12"), after: used("375000", "1900", "10") },
  { key: "small", before: used("720000", "900", "0.8"), after: used("1050000", "1000", "0.8") },
  { key: "rerank", after: used("75000", "600", "2") },
];
const question = { currency: "USD", items, volume: { of: "items" } } as const;
const factors = ["volume", "mix", "efficiency", "price"] as const;
const told = (parts: Parts): string[] => factors.map((factor) => shown(parts[factor]));

test("the bridge of the handbook, by item and by effect", () => {
  const { rows, sum } = roundBridge(bridgeCosts(question), 2);
  for (const { key, before, after, parts } of rows)
    expectLine(key, shown(before), ...told(parts), shown(after));
  expectLine("**sum**", shown(sum.before), ...told(sum.parts), shown(sum.after));
  expect(effects.filter((effect) => sum.parts[effect] !== 0n)).toEqual([...factors]);
  expect(page).toContain(`of which ${shown(sum.newItems)} are new`);
});

test("the other methods' figures", () => {
  const atCents = (bridge: Bridge): string[] => told(roundBridge(bridge, 2).sum.parts);
  expectLine("LMDI", ...atCents(bridgeCosts(question)));
  expectLine("Shapley", ...atCents(bridgeCosts({ ...question, method: "shapley" })));
});

test("what the unit cost did", () => {
  const { sum } = bridgeUnitCosts(question, 1000n) ?? expect.unreachable();
  expect(page).toContain(`from ${shown(sum.before, 3)} to ${shown(sum.after, 3)}`);
  for (const factor of ["mix", "efficiency", "price"] as const)
    expect(page).toContain(`${factor} ${shown(sum.parts[factor], 6)}`);
});

test("efficiency against less use", () => {
  const volumes = ["1000", "1100", "900", "1200", "1050", "950"];
  const costs = ["50100", "53900", "45800", "58200", "52100", "47900"];
  const baseline = costs.map((cost, at) => ({ cost: decimal(cost), volume: decimal(volumes[at] ?? "") }));
  const reporting = { cost: decimal("36000"), volume: decimal("800") };
  const saving = judgeSaving({ currency: "USD", baseline, reporting, guardrails: [] });
  if (saving.kind !== "measured") expect.unreachable();
  const { baselineMeanCost, adjustedBaselineCost, fromLessUse, fromEfficiency, confidence } = saving;
  expectLine("mean of the baseline", shown(baselineMeanCost), "");
  expectLine("baseline at 800", shown(adjustedBaselineCost), "");
  for (const [name, { cost, low, high }] of [
    ["from less use", fromLessUse],
    ["from efficiency", fromEfficiency],
  ] as const)
    expectLine(name, shown(cost), `${shown(low)} to ${shown(high)}`);
  expect([saving.verdict, confidence.level, saving.notModelled.at(-1)]).toEqual([
    "both",
    "medium",
    "outside-baseline",
  ]);
  expect(page).toContain(
    `${shown(saving.line.fixedCost)} + ${shown(saving.line.costPerVolume, 4)} · thousand requests`,
  );
});

test("cost per resolved ticket", () => {
  const work = { cost: "8055", failedCost: "604.125", retriedCost: "201.375", successes: "3000" };
  const { perSuccess, perSuccessAlone, shares } = outcomeCost(
    {
      cost: decimal(work.cost),
      failedCost: decimal(work.failedCost),
      retriedCost: decimal(work.retriedCost),
      successes: decimal(work.successes),
    },
    1n,
  );
  if (perSuccess.kind !== "known" || perSuccessAlone.kind !== "known" || shares.kind !== "known")
    expect.unreachable();
  const { failed, retried } = shares.ratios;
  for (const text of [
    `${shown(perSuccess.cost, 3)} each`,
    `${shown(perSuccessAlone.cost, 4)} alone`,
    `${shown(failed * 100n, 1)} % failed`,
    `${shown(retried * 100n, 1)} % done again`,
  ])
    expect(page).toContain(text);
});
