import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatDecimal } from "#units/decimal.ts";
import { formatMoney } from "#units/money.ts";
import { plainUnit, providerId, type RateGroup, ratesAsPrices } from "./effective-rate.ts";

const group = (of: Partial<RateGroup> = {}): RateGroup => ({
  provider: "AWS",
  service: "Amazon EC2",
  instanceType: "m5.large",
  skuId: "sku-1",
  region: "us-east-1",
  category: "Standard",
  unit: "Hours",
  currency: "USD",
  cost: "9",
  quantity: "100",
  charges: 3,
  lastUsed: 7,
  ...of,
});
const rates = (...groups: RateGroup[]): string[] =>
  ratesAsPrices(groups).map(({ sku, purchase, price }) => `${sku} ${purchase} ${formatMoney(price)}`);

test("a machine is priced by its type over all its SKUs, and by each SKU, weighted by quantity", () => {
  expect(rates(group(), group({ skuId: "sku-2", cost: "27", quantity: "200", lastUsed: 9 }))).toEqual([
    "m5.large on-demand 0.12 USD",
    "sku-1 on-demand 0.09 USD",
    "sku-2 on-demand 0.135 USD",
  ]);
  expect(ratesAsPrices([group()])[0]).toMatchObject({
    provider: "aws",
    service: "compute",
    unit: "hour",
    asOf: 7,
    source: "your bill: 3 charges",
  });
});

test("ways of buying, regions and currencies are rates of their own", () => {
  const others = [
    group({ category: "Dynamic" }),
    group({ category: "Committed" }),
    group({ currency: "CNY" }),
  ];
  expect(rates(group(), ...others).filter((rate) => rate.startsWith("m5"))).toEqual([
    "m5.large on-demand 0.09 USD",
    "m5.large spot 0.09 USD",
    "m5.large committed 0.09 USD",
    "m5.large on-demand 0.09 CNY",
  ]);
});

test("what cost nothing, has no category or no unit gives no rate; a type counts by the hour only", () => {
  expect(rates(group({ cost: "0" }), group({ cost: "-1" }), group({ category: "Other" }))).toEqual([]);
  expect(rates(group({ category: undefined }), group({ unit: undefined }))).toEqual([]);
  expect(rates(group({ unit: "GB" }))).toEqual(["sku-1 on-demand 0.09 USD"]);
});

test("one third is rounded half to even at the 18th decimal", () => {
  expect(rates(group({ cost: "1", quantity: "3", skuId: undefined }))).toEqual([
    "m5.large on-demand 0.333333333333333333 USD",
  ]);
});

test("providers and units have one spelling", () => {
  expect(["Amazon Web Services", "AWS", "Microsoft", "Google Cloud", "Nebius"].map(providerId)).toEqual([
    "aws",
    "aws",
    "azure",
    "gcp",
    "nebius",
  ]);
  expect(["Hours", "Hrs", "1 Hour", "hour", "GB-Mo", "GB-Month", "GB", "Requests"].map(plainUnit)).toEqual([
    "hour",
    "hour",
    "hour",
    "hour",
    "GB-month",
    "GB-month",
    "GB",
    "Requests",
  ]);
});

test("the rate over several groups lies between the cheapest and the dearest of them", () => {
  const some = fc.bigInt({ min: 1n, max: 10n ** 24n });
  fc.assert(
    fc.property(
      fc.array(fc.record({ cost: some, quantity: some }), { minLength: 1, maxLength: 5 }),
      (made) => {
        const groups = made.map(({ cost, quantity }) =>
          group({ cost: formatDecimal(cost), quantity: formatDecimal(quantity), skuId: undefined }),
        );
        const each = groups.flatMap((one) => ratesAsPrices([one])).map(({ price }) => price.units);
        const [all] = ratesAsPrices(groups);
        if (all === undefined || each.length < groups.length) return;
        const [least, most] = [each, each].map((units, index) =>
          units.reduce((a, b) => (index === 0 ? (a < b ? a : b) : a > b ? a : b)),
        );
        expect(all.price.units).toBeGreaterThanOrEqual((least ?? 0n) - 1n);
        expect(all.price.units).toBeLessThanOrEqual((most ?? 0n) + 1n);
      },
    ),
  );
});
