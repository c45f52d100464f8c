import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cataloguePrices } from "#flows/allocate/catalogue-prices.ts";
import type { PricedNode } from "#flows/allocate/node-prices.ts";
import { formatMoney } from "#units/money.ts";
import { csv } from "../imports/csv.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
});
afterAll(() => own.remove());

const july = Date.UTC(2026, 7, 1);
const node = (more: Partial<PricedNode>): PricedNode => ({
  cluster: "c",
  name: "n",
  labels: {},
  instanceType: "m5.xlarge",
  region: "us-east-1",
  zone: undefined,
  capacityType: "on-demand",
  ...more,
});
const priceOf = async (more: Partial<PricedNode>): Promise<string | undefined> => {
  const price = (await cataloguePrices(own.data, july, july)).prices(node(more));
  return price === undefined ? undefined : formatMoney(price.hourly);
};

describe("a node's price by the catalogue", () => {
  test("is the shipped one where nobody knows better, and says so", async () => {
    const { prices, used } = await cataloguePrices(own.data, july, july);
    for (const name of ["a", "b"]) expect(prices(node({ name }))?.hourly.currency).toBe("USD");
    expect(used()).toEqual([
      expect.objectContaining({ instanceType: "m5.xlarge", nodes: 2, purchaseKnown: true }),
    ]);
    expect(used()[0]?.price.layer).toBe("shipped");
  });

  test("is what was paid, and before that the contract's", async () => {
    const shipped = await priceOf({});
    const charge = {
      BilledCost: "15",
      EffectiveCost: "15",
      BillingCurrency: "USD",
      BillingPeriodStart: "2026-07-01T00:00:00Z",
      BillingPeriodEnd: "2026-08-01T00:00:00Z",
      ChargePeriodStart: "2026-07-20T00:00:00Z",
      ChargePeriodEnd: "2026-07-20T01:00:00Z",
      ChargeCategory: "Usage",
      PricingCategory: "Standard",
      PricingQuantity: "100",
      PricingUnit: "Hours",
      ServiceProviderName: "AWS",
      ServiceName: "Amazon EC2",
      RegionId: "us-east-1",
      SkuId: "x",
      SkuPriceDetails: '{"InstanceType":"m5.xlarge"}',
    };
    await bring(own.data, await own.write("bill.csv", csv([charge])));
    const paid = await priceOf({});
    expect(paid).toBe("0.15 USD");
    expect(paid).not.toBe(shipped);
  });

  test("is unknown, not another one's, for spot without a spot price, an unknown region, and GPUs that are sold apart", async () => {
    expect(await priceOf({ capacityType: "spot" })).toBeUndefined();
    expect(await priceOf({ region: "moon-1" })).toBeUndefined();
    expect(await priceOf({ region: undefined })).toBeUndefined();
    const n1 = { instanceType: "n1-standard-8", region: "us-central1" };
    expect(await priceOf(n1)).toBeDefined();
    expect(
      await priceOf({ ...n1, labels: { cloud_google_com_gke_accelerator: "nvidia-tesla-t4" } }),
    ).toBeUndefined();
  });

  test("of a node that nobody says how it is bought is the one on demand, and that is told", async () => {
    const { prices, used } = await cataloguePrices(own.data, july, july);
    expect(prices(node({ capacityType: undefined }))).toBeDefined();
    expect(used()[0]?.purchaseKnown).toBe(false);
  });
});
