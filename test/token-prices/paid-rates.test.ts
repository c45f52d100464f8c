import { afterAll, beforeAll, expect, test } from "vitest";
import { paidTokenRates } from "#facts/paid-token-rates.ts";
import { decodeTokenRates, tokenRates } from "#lake/queries/token-rates.ts";
import { formatDecimal } from "#units/decimal.ts";
import { type BothEngines, clickhouseSkipped, openBothEngines } from "../engines/both-engines.ts";
import { type FixtureRow, focusCsv } from "../engines/focus-csv.ts";

if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);

const details = (direction: string, action?: string, model = "gpt-5"): string =>
  JSON.stringify({
    ModelId: model,
    TokenDirection: direction,
    ...(action === undefined ? {} : { TokenCacheAction: action }),
  });
const tokens: FixtureRow = {
  ServiceProviderName: "OpenAI",
  ServiceName: "OpenAI API",
  RegionId: "",
  SkuPriceDetails: details("Input", "Uncached"),
  PricingCategory: "Standard",
  ConsumedUnit: "Tokens",
  ConsumedQuantity: "3000000",
  PricingUnit: "1000000 Tokens",
  PricingQuantity: "3",
  BilledCost: "3",
  EffectiveCost: "3",
};
const rows: readonly FixtureRow[] = [
  tokens,
  { ...tokens, ConsumedQuantity: "1000000", EffectiveCost: "1.001" },
  { ...tokens, SkuPriceDetails: details("Output"), ConsumedQuantity: "7", EffectiveCost: "0.0001" },
  { ...tokens, SkuPriceDetails: details("Input", "Read"), RegionId: "eu-west-1" },
  { ...tokens, SkuPriceDetails: details("Input", "Write") },
  { ...tokens, SkuPriceDetails: details("Input", "Write", "claude-a") },
  // None of these says what a token of one kind cost.
  { ...tokens, SkuPriceDetails: details("Input") },
  { ...tokens, SkuPriceDetails: details("Output"), EffectiveCost: "" },
  { ...tokens, PricingCategory: "Committed", EffectiveCost: "500" },
  { ...tokens, ChargeClass: "Correction", EffectiveCost: "-500" },
  { ...tokens, SkuPriceDetails: details("Output", undefined, "free"), EffectiveCost: "0" },
  { ...tokens, ChargePeriodStart: "2026-05-01T00:00:00Z", EffectiveCost: "999" },
];

let both: BothEngines;
beforeAll(async () => {
  both = await openBothEngines([
    { source: "bill", csv: focusCsv(rows) },
    { source: "estimate", role: "estimate", csv: focusCsv([{ ...tokens, EffectiveCost: "999" }]) },
  ]);
});
afterAll(() => both.close());

test("4.001 ÷ 4 M tokens of input; of writes only where one lifetime has a price; on both engines", async () => {
  const window = { start: Date.UTC(2026, 6, 1), end: Date.UTC(2026, 6, 31) };
  const engines = [both.duckdb, ...(both.clickhouse === undefined ? [] : [both.clickhouse])];
  const [first, second = first] = await Promise.all(
    engines.map(async ({ engine, dialect }) =>
      decodeTokenRates(await engine.query(tokenRates(dialect, window))),
    ),
  );
  expect(second).toEqual(first);
  const cards = paidTokenRates(first ?? [], (_, model) => model.startsWith("claude"));
  const told = cards.flatMap(({ model, card }) =>
    Object.entries(card.rates).map(([charged, { steps }]) =>
      [model, card.region ?? "anywhere", charged, formatDecimal(steps[0]?.units ?? 0n), card.source].join(
        " ",
      ),
    ),
  );
  expect(told.sort()).toEqual([
    "gpt-5 anywhere cache_write_5m_text 0.000001 your bill: 1 charge",
    "gpt-5 anywhere reasoning_text 0.000014285714285714 your bill: 1 charge",
    "gpt-5 anywhere uncached_text 0.00000100025 your bill: 2 charges",
    "gpt-5 anywhere visible_text 0.000014285714285714 your bill: 1 charge",
    "gpt-5 eu-west-1 cache_read_text 0.000001 your bill: 1 charge",
  ]);
});
