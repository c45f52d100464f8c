import { afterAll, beforeAll, expect, test } from "vitest";
import { ratesAsPrices } from "#facts/effective-rate.ts";
import { decodeRates, effectiveRates } from "#lake/queries/effective-rates.ts";
import { formatMoney } from "#units/money.ts";
import { type BothEngines, clickhouseSkipped, openBothEngines } from "./engines/both-engines.ts";
import { type FixtureRow, focusCsv } from "./engines/focus-csv.ts";

if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);

const hours: FixtureRow = {
  ServiceProviderName: "AWS",
  ServiceName: "Amazon EC2",
  RegionId: "us-east-1",
  SkuId: "sku-h100",
  SkuPriceDetails: `{"InstanceType":"p5.48xlarge"}`,
  PricingCategory: "Standard",
  PricingUnit: "Hours",
  PricingQuantity: "2",
  BilledCost: "110",
  EffectiveCost: "90",
};
const rows: readonly FixtureRow[] = [
  hours,
  { ...hours, PricingQuantity: "1", EffectiveCost: "48", ChargePeriodStart: "2026-07-03T05:00:00Z" },
  { ...hours, PricingCategory: "Dynamic", PricingQuantity: "3", EffectiveCost: "50.000000000000000001" },
  { ...hours, PricingCategory: "Committed", PricingQuantity: "1", EffectiveCost: "30" },
  { ...hours, SkuId: "it's a sku", SkuPriceDetails: "", RegionId: "eu-west-1", PricingUnit: "GB-Mo" },
  { ...hours, SkuId: "sku-tokens", SkuPriceDetails: "", RegionId: "", PricingUnit: "1M Tokens" },
  // None of these says what an hour cost.
  { ...hours, EffectiveCost: "" },
  { ...hours, PricingQuantity: "" },
  { ...hours, PricingQuantity: "0", EffectiveCost: "7" },
  { ...hours, ChargeClass: "Correction", EffectiveCost: "-500" },
  { ...hours, ChargeCategory: "Purchase", EffectiveCost: "500" },
  { ...hours, PricingCategory: "Committed", CommitmentDiscountStatus: "Unused", EffectiveCost: "500" },
  { ...hours, ChargePeriodStart: "2026-05-01T00:00:00Z", EffectiveCost: "999" },
];
const july = { start: Date.UTC(2026, 6, 1), end: Date.UTC(2026, 6, 31) };

let both: BothEngines;
beforeAll(async () => {
  both = await openBothEngines([
    { source: "bill", csv: focusCsv(rows) },
    { source: "estimate", role: "estimate", csv: focusCsv([{ ...hours, EffectiveCost: "999" }]) },
  ]);
});
afterAll(() => both.close());

async function prices(skus?: readonly string[]): Promise<string[]> {
  const asked = { window: july, ...(skus === undefined ? {} : { skus }) };
  const engines = [both.duckdb, ...(both.clickhouse === undefined ? [] : [both.clickhouse])];
  const [first, second = first] = await Promise.all(
    engines.map(async ({ engine, dialect }) =>
      decodeRates(await engine.query(effectiveRates(dialect, asked))),
    ),
  );
  expect(second).toEqual(first);
  const made = ratesAsPrices(first ?? []);
  return made.map(({ sku, region, purchase, unit, price }) =>
    [sku, region, purchase, unit, formatMoney(price)].join(" "),
  );
}

test("(90 + 48) ÷ 3 hours are 46 an hour on demand; spot and committed hours stand apart, on both engines", async () => {
  expect((await prices(["p5.48xlarge"])).filter((price) => price.startsWith("p5"))).toEqual([
    "p5.48xlarge us-east-1 committed hour 30 USD",
    "p5.48xlarge us-east-1 spot hour 16.666666666666666667 USD",
    "p5.48xlarge us-east-1 on-demand hour 46 USD",
  ]);
});

test("a SKU is found by its own name, quotes and all, and without names everything is", async () => {
  expect(await prices(["it's a sku"])).toEqual(["it's a sku eu-west-1 on-demand GB-month 45 USD"]);
  expect(await prices(["sku-tokens"])).toEqual(["sku-tokens none on-demand 1M Tokens 45 USD"]);
  expect(await prices(["nothing"])).toEqual([]);
  expect(await prices()).toHaveLength(8);
});
