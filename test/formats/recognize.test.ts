import { describe, expect, test } from "vitest";
import type { Layout } from "#facts/source-mapping.ts";
import { mapFocus } from "#ingest/focus/map.ts";
import { recognize } from "#ingest/recognize.ts";
import { Problem } from "#units/problems.ts";
import { csv } from "../imports/csv.ts";
import { refusal, testLake } from "./deliver.ts";

const focus = [
  "BilledCost",
  "BillingCurrency",
  "BillingPeriodStart",
  "BillingPeriodEnd",
  "ChargePeriodStart",
  "ChargePeriodEnd",
];
const cur = [
  "lineItem/UnblendedCost",
  "lineItem/CurrencyCode",
  "bill/BillingPeriodStartDate",
  "bill/BillingPeriodEndDate",
  "lineItem/UsageStartDate",
  "lineItem/UsageEndDate",
  "lineItem/LineItemType",
];

function recognised(columns: readonly string[], name?: string, layout: Layout = "csv", head = ""): string {
  try {
    const { format, version } = recognize({ layout, columns, head }, "bill.csv", name);
    return `${format} ${version}`;
  } catch (cause) {
    if (cause instanceof Problem) return `${cause.code}: ${cause.message}`;
    throw cause;
  }
}

describe("a format", () => {
  test("is told by its columns, whatever their spelling", () => {
    expect(recognised(focus)).toBe("focus 1.0");
    expect(recognised(focus.map((name) => name.toUpperCase()))).toBe("focus 1.0");
    expect(recognised([...focus, "InvoiceId"])).toBe("focus 1.2");
    expect(recognised([...focus, "AllocatedTags"])).toBe("focus 1.3");
    expect(recognised([...focus, "InvoiceDetailId"])).toBe("focus 1.4");
    expect(recognised(["AmortizedCost", "ChargeType", ...focus])).toBe("focus 0.5");
    expect(recognised(cur)).toBe("aws-cur 1");
    expect(
      recognised(
        cur.map((name) =>
          name
            .replace("/", "_")
            .replaceAll(/\B[A-Z]/g, "_$&")
            .toLowerCase(),
        ),
      ),
    ).toBe("aws-cur 1");
  });

  test("that is near is named with what it lacks", () => {
    expect(recognised(cur.filter((name) => name !== "lineItem/CurrencyCode"))).toBe(
      "format-unknown: bill.csv looks like AWS CUR but lacks lineItem/CurrencyCode.",
    );
    expect(recognised(focus.slice(1))).toBe(
      "format-unknown: bill.csv looks like FOCUS but lacks BilledCost.",
    );
    expect(recognised(["a", "b"])).toBe(
      "format-unknown: bill.csv is not in a format that is read. Its columns begin with a, b.",
    );
    const line = JSON.stringify(Object.fromEntries(focus.map((name) => [name, "1"])));
    expect(recognised([], undefined, "jsonl", line)).toBe(
      "format-unknown: bill.csv looks like FOCUS but is JSON Lines; that format is read as CSV or Parquet.",
    );
  });

  test("can be insisted on, and then it must fit", () => {
    expect(recognised(cur, "aws-cur")).toBe("aws-cur 1");
    expect(recognised(cur, "oci")).toContain(
      "bill.csv is not OCI cost report: it lacks lineItem/intervalUsageStart",
    );
    expect(recognised(cur, "gcp")).toBe(
      "format-unknown: bill.csv is CSV; gcp is read as JSON Lines or Parquet.",
    );
    expect(recognised(cur, "aws")).toMatch(
      /^format-unknown: There is no format "aws"\. Formats: focus, aws-cur, azure,/,
    );
  });
});

describe("FOCUS", () => {
  test("0.5 and 1.0, and Oracle's names, are today's columns and values", async () => {
    const lake = await testLake();
    await lake.deliver({
      "oci.csv": csv([
        {
          AmortizedCost: "1",
          BilledCost: "2",
          BillingCurrency: "USD",
          BillingPeriodStart: "2026-07-01T00:00:00Z",
          BillingPeriodEnd: "2026-08-01T00:00:00Z",
          ChargePeriodStart: "2026-07-01T02:00:00+02:00",
          ChargePeriodEnd: "2026-07-01T03:00:00+02:00",
          ChargeType: "Usage",
          PricingCategory: "On-Demand",
          ChargeFrequency: "Usage-based",
          Provider: "Oracle",
          Publisher: "Partner",
          InvoiceIssuer: "Oracle Inc",
          Region: "us-sanjose-1",
          UsageQuantity: "3",
          UsageUnit: "Hours",
          oci_ReferenceNumber: "r-9",
          x_Note: "kept",
        },
      ]),
    });
    expect(
      await lake.charges(
        "EffectiveCost",
        "ChargeCategory",
        "PricingCategory",
        "ChargeFrequency",
        "ServiceProviderName",
        "HostProviderName",
        "InvoiceIssuerName",
        "RegionId",
        "ConsumedQuantity",
        "ConsumedUnit",
        "ChargePeriodStart",
        "x_Extra",
      ),
    ).toEqual([
      {
        EffectiveCost: "1",
        ChargeCategory: "Usage",
        PricingCategory: "Standard",
        ChargeFrequency: "Usage-Based",
        ServiceProviderName: "Oracle",
        HostProviderName: "Partner",
        InvoiceIssuerName: "Oracle Inc",
        RegionId: "us-sanjose-1",
        ConsumedQuantity: "3",
        ConsumedUnit: "Hours",
        ChargePeriodStart: "2026-07-01 00:00:00",
        x_Extra: `{"oci_ReferenceNumber":"r-9","x_Note":"kept"}`,
      },
    ]);
  });

  test("1.3's keys of ContractApplied are spelled as in 1.4", () => {
    const [charge] = mapFocus([...focus, "ContractApplied"], "csv", false).charges;
    expect(charge?.columns.ContractApplied).toContain(`'"ContractId"'`);
  });

  test("a time without a zone is refused where other times have one", async () => {
    const lake = await testLake();
    const row = {
      BilledCost: "1",
      BillingCurrency: "USD",
      BillingPeriodStart: "2026-07-01T00:00:00Z",
      BillingPeriodEnd: "2026-08-01T00:00:00Z",
      ChargePeriodStart: "2026-07-01 00:00:00",
      ChargePeriodEnd: "2026-07-01T01:00:00Z",
    };
    expect(await refusal(lake.deliver({ "a.csv": csv([row]) }))).toMatchObject({
      code: "time-without-zone",
      at: { line: 2, column: "ChargePeriodStart", value: "2026-07-01 00:00:00" },
    });
  });
});
