import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeResourceCosts, type ResourceCost } from "#lake/decode-resource-costs.ts";
import { resourceCosts, type ResourceQuestion } from "#lake/queries/resource-costs.ts";
import { decimal } from "#units/decimal.ts";
import { type BothEngines, clickhouseSkipped, openBothEngines } from "./engines/both-engines.ts";
import { focusCsv } from "./engines/focus-csv.ts";

if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);

const machine = {
  ResourceId: "i-0aaaaaaaaaaaaaaaa",
  ResourceName: "train-1",
  ResourceType: "instance",
  ServiceName: "EC2",
  ServiceCategory: "Compute",
  SkuMeter: "BoxUsage:p5",
  PricingUnit: "Hours",
  SubAccountId: "11",
  Tags: `{"workload":"train","Workload-Type":"Training","team":"vision"}`,
} as const;

const bill = focusCsv([
  { ...machine, BilledCost: "10", PricingQuantity: "1", SkuPriceDetails: `{"GpuCount":8,"GpuType":"H100"}` },
  {
    ...machine,
    BilledCost: "5.5",
    PricingQuantity: "0.5",
    ChargePeriodStart: "2026-07-03T10:00:00Z",
    SkuPriceDetails: `{"GpuCount":8,"GpuType":"H100"}`,
  },
  // Its disk traffic: the same resource, another meter and no machine time.
  {
    ...machine,
    BilledCost: "0.000000000000000001",
    SkuMeter: "Bytes",
    PricingUnit: "GB",
    PricingQuantity: "7",
  },
  { ResourceId: "b-big", BilledCost: "-20", ServiceName: "S3", ResourceName: "it's \\ odd" },
  { ResourceId: "c-small", BilledCost: "0.25" },
  { ResourceId: "d-small", BilledCost: "0.5", EffectiveCost: "" },
  { ResourceId: "e-euro", BilledCost: "3", BillingCurrency: "EUR" },
  { BilledCost: "1", ServiceName: "Support", ChargeCategory: "Purchase" },
  {
    BilledCost: "2",
    ServiceCategory: "AI and Machine Learning",
    SubAccountId: "proj_1",
    SubAccountName: "agents",
    ConsumedQuantity: "1000",
    ConsumedUnit: "Tokens",
  },
  // Before the window.
  { ResourceId: "c-small", BilledCost: "100", ChargePeriodStart: "2026-06-01T00:00:00Z" },
]);
const deliveries = [
  { source: "bill", csv: bill },
  {
    source: "gateway",
    role: "estimate" as const,
    csv: focusCsv([{ ResourceId: "c-small", BilledCost: "900" }]),
  },
];
const question: ResourceQuestion = {
  window: { start: Date.UTC(2026, 6, 1), end: Date.UTC(2026, 7, 1) },
  role: "invoice",
  top: 3,
  typeTags: ["workload-type", "Workload-Type"],
};

describe("what resources cost", () => {
  let both: BothEngines;
  let rows: ResourceCost[];
  beforeAll(async () => {
    both = await openBothEngines(deliveries);
    rows = decodeResourceCosts(await both.duckdb.engine.query(resourceCosts(both.duckdb.dialect, question)));
  });
  afterAll(() => both.close());

  test("a resource has a row for each of its meters, with its time, cost, hours and GPU hours", () => {
    const train = rows.filter(({ id }) => id === machine.ResourceId);
    expect(train).toHaveLength(2);
    expect(train.find(({ facts }) => facts.SkuMeter === "BoxUsage:p5")).toMatchObject({
      part: "named",
      account: "11",
      facts: { x_Workload: "train", x_Team: "vision", x_GpuType: "H100" },
      declaredType: "Training",
      first: Date.UTC(2026, 6, 1),
      last: Date.UTC(2026, 6, 3, 11),
      charges: 2,
      cost: decimal("15.5"),
      hours: decimal("1.5"),
      gpuHours: decimal("12"),
    });
    const traffic = train.find(({ facts }) => facts.SkuMeter === "Bytes");
    expect(traffic?.cost).toBe(1n);
    expect(traffic?.hours).toBeUndefined();
  });

  test("the largest are named by the size of their cost, the rest is one counted row a currency", () => {
    const named = rows.filter(({ part, currency }) => part === "named" && currency === "USD");
    expect([...new Set(named.map(({ id = "" }) => id))].sort()).toEqual([
      "b-big",
      machine.ResourceId,
      "proj_1",
    ]);
    expect(rows.filter(({ part }) => part === "rest")).toMatchObject([
      { resources: 2, cost: decimal("0.25"), charges: 2, known: 1 },
    ]);
    expect(rows.filter(({ currency }) => currency === "EUR")).toMatchObject([
      { part: "named", id: "e-euro" },
    ]);
  });

  test("charges of no resource stay apart, and a model provider's project stands for its resource", () => {
    expect(rows.filter(({ part }) => part === "none")).toMatchObject([
      { cost: decimal("1"), resources: 0, facts: {} },
    ]);
    expect(rows.find(({ id }) => id === "proj_1")).toMatchObject({
      facts: { SubAccountName: "agents" },
      tokenCharges: 1,
    });
  });

  test("nothing is lost: the rows add up to the invoices of the window", () => {
    const sum = rows
      .filter(({ currency }) => currency === "USD")
      .reduce((total, { cost }) => total + cost, 0n);
    expect(sum).toBe(decimal("-1.249999999999999999"));
  });

  test.skipIf(clickhouseSkipped !== undefined)(
    "ClickHouse answers alike, whatever the number of resources",
    async () => {
      const { clickhouse, duckdb } = both;
      if (clickhouse === undefined) throw new Error("ClickHouse is not open.");
      for (const top of [1, 2, 3, 50]) {
        for (const typeTags of [["none"], question.typeTags]) {
          const asked = { ...question, top, typeTags };
          const answers = async ({ dialect, engine }: typeof duckdb) =>
            decodeResourceCosts(await engine.query(resourceCosts(dialect, asked)));
          const expected = await answers(duckdb);
          expect(expected.length).toBeGreaterThan(3);
          expect(await answers(clickhouse)).toEqual(expected);
        }
      }
    },
  );
});
