import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { refusal, testLake } from "./deliver.ts";

/** A line as BigQuery writes JSON: numbers as they are, integers and times as text. */
const line = (cost: string, more = "", credits = "[]"): string =>
  `{"billing_account_id":"01A","service":{"id":"6F","description":"Compute Engine"},"sku":{"id":"AB","description":"Nvidia H100 80GB GPU running in Americas"},"usage_start_time":"2026-07-31 23:00:00 UTC","usage_end_time":"2026-08-01 00:00:00 UTC","project":{"id":"p-ml","name":"ML","labels":[{"key":"team","value":"research"},{"key":"cost-center","value":"42"}]},"labels":[{"key":"team","value":"ml"},{"key":"flag","value":""}],"location":{"location":"us-central1","region":"us-central1","zone":"us-central1-a"},"cost":${cost},"currency":"USD","usage":{"amount":7200.0,"unit":"seconds","amount_in_pricing_units":2,"pricing_unit":"hour"},"credits":${credits},"invoice":{"month":"202607"},"cost_type":"regular","cost_at_list":25.5,"price":{"effective_price":9.8,"tier_start_amount":0},"export_time":"2026-08-01 05:00:00 UTC","resource":{"name":"gpu-1","global_name":"//compute/gpu-1"}${more}}`;
const credit = (amount: string, type: string): string =>
  `{"name":"${type} of the line","amount":${amount},"full_name":"","id":"c1","type":"${type}"}`;

const columns = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost", "ChargeCategory"] as const;

test("Google Cloud: cost before credits, each credit a charge of its own, labels over the project's, months of California", async () => {
  const lake = await testLake();
  const { record } = await lake.deliver({
    "export.jsonl": `${line("19.600000000000000001", "", `[${credit("-1.1", "SUSTAINED_USAGE_DISCOUNT")},${credit("-2.5E-1", "PROMOTION")}]`)}\n${line("0.1")}\n`,
  });
  expect(record.files[0]).toMatchObject({ format: "gcp detailed", rows: 2 });
  const charges = await lake.charges(...columns, "x_Row");
  expect(charges.map((charge) => Object.values(charge))).toEqual([
    ["-1.1", "-1.1", "-1.1", "0", "Credit", "1"],
    ["-0.25", "-0.25", "-0.25", "-0.25", "Credit", "1"],
    ["19.600000000000000001", "19.600000000000000001", "19.600000000000000001", "25.5", "Usage", "1"],
    ["0.1", "0.1", "0.1", "25.5", "Usage", "2"],
  ]);
  const [line1] = (
    await lake.charges(
      "ChargeCategory",
      "BillingPeriodStart",
      "BillingPeriodEnd",
      "ChargePeriodEnd",
      "Tags",
      "x_Team",
      "x_CostCenter",
      "x_GpuType",
      "x_GpuHours",
      "ConsumedQuantity",
      "ConsumedUnit",
      "RegionId",
      "ResourceId",
      "SubAccountId",
      "ServiceCategory",
      "PricingCategory",
    )
  ).filter(({ ChargeCategory }) => ChargeCategory === "Usage");
  expect(line1).toEqual({
    ChargeCategory: "Usage",
    BillingPeriodStart: "2026-07-01 07:00:00",
    BillingPeriodEnd: "2026-08-01 07:00:00",
    ChargePeriodEnd: "2026-08-01 00:00:00",
    Tags: `{"team":"ml","cost-center":"42","flag":"true"}`,
    x_Team: "ml",
    x_CostCenter: "42",
    x_GpuType: "H100",
    x_GpuHours: "2",
    ConsumedQuantity: "7200",
    ConsumedUnit: "seconds",
    RegionId: "us-central1",
    ResourceId: "//compute/gpu-1",
    SubAccountId: "p-ml",
    ServiceCategory: "Compute",
    PricingCategory: "Standard",
  });
  expect(record.periods.map(({ billingPeriod }) => billingPeriod)).toEqual(["2026-07"]);
});

test("Google Cloud: a commitment's fee is a purchase, its credits take list price back, taxes and corrections are named", async () => {
  const lake = await testLake();
  const fee = line(
    "5",
    `,"subscription":{"instance_id":"sub-1"}`,
    `[${credit("-4", "FEE_UTILIZATION_OFFSET")}]`,
  ).replace("Nvidia H100 80GB GPU running in Americas", "Commitment - dollar based v1: GCE for 1 year");
  const covered = line(
    "12",
    `,"cost_at_effective_price_default":15`,
    `[${credit("-3", "COMMITTED_USAGE_DISCOUNT")}]`,
  );
  const tax = line("2").replace(`"regular"`, `"tax"`);
  const correction = line(
    "-1",
    `,"adjustment_info":{"type":"PRICE_CORRECTION","description":"Wrong price"}`,
  ).replace(`"regular"`, `"adjustment"`);
  const spot = line("1").replace("Nvidia H100", "Spot Preemptible Nvidia T4");
  await lake.deliver({ "export.jsonl": [fee, covered, tax, correction, spot].join("\n") });
  const charges = await lake.charges(
    ...columns,
    "ChargeClass",
    "PricingCategory",
    "CommitmentDiscountId",
    "ChargeFrequency",
  );
  expect(charges.map((charge) => Object.values(charge))).toEqual([
    ["-4", "-4", "-4", "-4", "Credit", null, null, "sub-1", "Usage-Based"],
    ["5", "5", "5", "25.5", "Purchase", null, "Standard", "sub-1", "Recurring"],
    ["-3", "-3", "0", "0", "Credit", null, null, null, "Usage-Based"],
    ["12", "12", "15", "25.5", "Usage", null, "Standard", null, "Usage-Based"],
    ["2", "2", "2", "25.5", "Tax", null, null, null, "One-Time"],
    ["-1", "-1", "-1", "25.5", "Adjustment", "Correction", null, null, "One-Time"],
    ["1", "1", "1", "25.5", "Usage", null, "Dynamic", null, "Usage-Based"],
  ]);
});

test("Google Cloud in Parquet gives the same charges as in JSON Lines", async () => {
  const lake = await testLake();
  const text = `${line("0.0088", "", `[${credit("-0.001", "DISCOUNT")},${credit("-0.0021", "PROMOTION")}]`)}\n${line("7")}\n`;
  await lake.deliver({ "export.jsonl": text });
  await lake.deliver({ "export.parquet": await asParquet(text) }, { source: "parquet" });
  const charges = await lake.charges(
    ...columns,
    "x_Source",
    "x_Row",
    "Tags",
    "ConsumedQuantity",
    "PricingQuantity",
    "SkuPriceId",
    "BillingPeriodStart",
    "ChargePeriodStart",
    "ChargeDescription",
  );
  const of = (source: string) =>
    charges.filter(({ x_Source }) => x_Source === source).map((charge) => ({ ...charge, x_Source: "" }));
  expect(of("parquet")).toHaveLength(4);
  expect(of("parquet")).toEqual(of("test"));
});

test("Google Cloud: a line without its cost stops the import with its line", async () => {
  const lake = await testLake();
  const refused = await refusal(lake.deliver({ "export.jsonl": `${line("1")}\n${line("null")}\n` }));
  expect(refused).toMatchObject({ code: "amount-missing", at: { line: 2, column: "cost" } });
  const credits = await refusal(
    lake.deliver({ "export.jsonl": line("1", "", `[{"name":"n","type":"PROMOTION"}]`) }),
  );
  expect(credits).toMatchObject({ code: "amount-missing", at: { line: 1, column: "credits.amount" } });
});

/** The same lines in the types of BigQuery: doubles, timestamps, records and repeated records. */
async function asParquet(text: string): Promise<Buffer> {
  const name = path.join(tmpdir(), `plimsoll-gcp-${process.pid}`);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await writeFile(`${name}.jsonl`, text);
  await connection.run(
    `copy (select * replace (replace(usage_start_time, ' UTC', 'Z')::timestamptz as usage_start_time, replace(usage_end_time, ' UTC', 'Z')::timestamptz as usage_end_time)
      from read_json('${name}.jsonl', columns = ${PARQUET_COLUMNS})) to '${name}.parquet' (format parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const bytes = await readFile(`${name}.parquet`);
  await Promise.all([rm(`${name}.jsonl`), rm(`${name}.parquet`)]);
  return bytes;
}

const pairs = "STRUCT(key VARCHAR, value VARCHAR)[]";
const PARQUET_COLUMNS = `{billing_account_id: 'VARCHAR', service: 'STRUCT(id VARCHAR, description VARCHAR)', sku: 'STRUCT(id VARCHAR, description VARCHAR)',
  usage_start_time: 'VARCHAR', usage_end_time: 'VARCHAR', project: 'STRUCT(id VARCHAR, name VARCHAR, labels ${pairs})', labels: '${pairs}',
  location: 'STRUCT(location VARCHAR, region VARCHAR, zone VARCHAR)', cost: 'DOUBLE', currency: 'VARCHAR',
  usage: 'STRUCT(amount DOUBLE, unit VARCHAR, amount_in_pricing_units DOUBLE, pricing_unit VARCHAR)',
  credits: 'STRUCT(name VARCHAR, amount DOUBLE, full_name VARCHAR, id VARCHAR, type VARCHAR)[]', invoice: 'STRUCT(month VARCHAR)', cost_type: 'VARCHAR',
  cost_at_list: 'DOUBLE', price: 'STRUCT(effective_price DECIMAL(38,9), tier_start_amount VARCHAR)', resource: 'STRUCT(name VARCHAR, global_name VARCHAR)'}`;
