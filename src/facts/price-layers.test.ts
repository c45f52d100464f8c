import { expect, test } from "vitest";
import { money } from "#units/money.ts";
import type { PriceAsk, PriceRow } from "./price.ts";
import { layeredPrice, type LayerRows, type PriceLayer } from "./price-layers.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const now = day("2026-11-24");
const row = (price: string, of: Partial<PriceRow> = {}): PriceRow => ({
  provider: "aws",
  service: "compute",
  sku: "m5.large",
  region: "us-east-1",
  purchase: "on-demand",
  unit: "hour",
  price: money(price, "USD"),
  source: "list",
  asOf: day("2026-11-20"),
  ...of,
});
const ask: PriceAsk = { sku: "m5.large", region: "us-east-1", purchase: "on-demand" };
const layer = (name: PriceLayer, ...rows: PriceRow[]): LayerRows => ({ layer: name, rows });
const all = [
  layer("shipped", row("0.096", { asOf: day("2026-07-20") })),
  layer("refreshed", row("0.095")),
  layer("bill", row("0.08")),
  layer("contract", row("0.07")),
];

test("contract before bill before refreshed before shipped, and the others stand beside", () => {
  for (const [index, name] of (["contract", "bill", "refreshed", "shipped"] as const).entries()) {
    const answer = layeredPrice(all.slice(0, 4 - index), ask, now, now);
    expect(answer).toMatchObject({ state: "priced", chosen: { layer: name } });
    if (answer.state === "priced") expect(answer.others).toHaveLength(3 - index);
  }
});

test("an age is in whole days; over 30 days, or undated, is stale; a contract says itself how long it holds", () => {
  const aged = (asOf: number | undefined, name: PriceLayer = "shipped"): unknown => {
    const { asOf: _, ...undated } = row("1");
    const answer = layeredPrice(
      [layer(name, asOf === undefined ? undated : { ...undated, asOf })],
      ask,
      now,
      now,
    );
    return answer.state === "priced" && [answer.chosen.ageDays, answer.chosen.stale];
  };
  expect(aged(day("2026-10-25"))).toEqual([30, false]);
  expect(aged(day("2026-10-24"))).toEqual([31, true]);
  expect(aged(undefined)).toEqual([undefined, true]);
  expect(aged(day("2024-01-01"), "contract")).toEqual([1058, false]);
});

test("a layer that contradicts itself is not passed over for a weaker one, but a stronger one answers", () => {
  const unclear = layer("refreshed", row("0.095"), row("0.099"));
  expect(layeredPrice([unclear, layer("shipped", row("0.096"))], ask, now, now)).toMatchObject({
    state: "unpriced",
    reason: "sources-disagree",
  });
  expect(layeredPrice([unclear, layer("bill", row("0.08"))], ask, now, now)).toMatchObject({
    chosen: { layer: "bill" },
  });
});

test("without a price the closest reason is told, and on-demand as the upper bound", () => {
  expect(layeredPrice(all, { ...ask, purchase: "spot" }, now, now)).toMatchObject({
    state: "unpriced",
    reason: "option-unpriced",
    upperBound: { layer: "contract", row: { price: money("0.07", "USD") } },
  });
  expect(layeredPrice([], ask, now, now)).toEqual({
    state: "unpriced",
    reason: "sku-unknown",
    candidates: [],
  });
});
