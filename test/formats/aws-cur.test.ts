import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChargeColumn } from "#facts/charge-columns.ts";
import { csv } from "../imports/csv.ts";
import { openTestLake, type TestLake, testLake, total } from "./deliver.ts";

const costs = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"] as const;
const ARN = "arn:aws:savingsplans::1:savingsplan/p1";
const RESERVATION = "arn:aws:ec2:us-east-1:1:reserved-instances/r1";

/** A line of one hour in June 2026, as the legacy report names its columns. */
const line = (
  type: string,
  unblended: string,
  more: Record<string, string> = {},
): Record<string, string> => ({
  "identity/LineItemId": "a",
  "bill/PayerAccountId": "1",
  "bill/BillingEntity": "AWS",
  "bill/BillingPeriodStartDate": "2026-06-01T00:00:00.000Z",
  "bill/BillingPeriodEndDate": "2026-07-01T00:00:00.000Z",
  "lineItem/LineItemType": type,
  "lineItem/UsageStartDate": "2026-06-01T00:00:00Z",
  "lineItem/UsageEndDate": "2026-06-01T01:00:00Z",
  "lineItem/ProductCode": "AmazonEC2",
  "lineItem/UsageType": "BoxUsage:p5.48xlarge",
  "lineItem/UsageAmount": "1",
  "lineItem/CurrencyCode": "USD",
  "lineItem/UnblendedCost": unblended,
  ...more,
});

const plan = { "lineItem/ResourceId": "planned", "savingsPlan/SavingsPlanARN": ARN };
const reserved = { "lineItem/ResourceId": "reserved", "reservation/ReservationARN": RESERVATION };
const others = { "lineItem/ResourceId": "others" };
const rounded = { "lineItem/ResourceId": "rounded", "bill/PayerAccountId": "2" };
const bill = [
  line("SavingsPlanCoveredUsage", "2", {
    ...plan,
    "savingsPlan/SavingsPlanEffectiveCost": "1.2",
    "pricing/publicOnDemandCost": "2",
  }),
  line("SavingsPlanNegation", "-2", plan),
  line("SavingsPlanRecurringFee", "1.5", {
    ...plan,
    "savingsPlan/TotalCommitmentToDate": "1.5",
    "savingsPlan/UsedCommitment": "1.2",
  }),
  line("DiscountedUsage", "0", {
    ...reserved,
    "reservation/EffectiveCost": "0.6",
    "pricing/publicOnDemandCost": "1",
  }),
  line("RIFee", "0.9", {
    ...reserved,
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": "0.1",
    "reservation/UnusedRecurringFee": "0.2",
  }),
  line("Usage", "10", { ...others, "pricing/publicOnDemandCost": "12" }),
  line("EdpDiscount", "-0.5", others),
  line("Credit", "-3", others),
  line("Refund", "-1", others),
  line("Tax", "2", others),
  line("Usage", "4", {
    ...others,
    "bill/BillingEntity": "AWS Marketplace",
    "lineItem/LegalEntity": "Pinecone",
  }),
  line("Fee", "5", others),
  line("SavingsPlanCoveredUsage", "2.0000000001", {
    ...rounded,
    "savingsPlan/SavingsPlanEffectiveCost": "1",
  }),
  line("SavingsPlanNegation", "-2", rounded),
];

describe("AWS CUR", () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
    await lake.deliver({ "cur.csv": csv(bill) });
  });
  afterAll(() => lake.close());
  const chargesOf = async (resource: string, ...columns: ChargeColumn[]): Promise<(string | null)[][]> => {
    const charges = await lake.charges("ResourceId", ...columns);
    return charges
      .filter(({ ResourceId }) => ResourceId === resource)
      .map((charge) => columns.map((column) => charge[column] ?? null));
  };

  test("a Savings Plan: covered usage at its rate, the negation nothing, the fee billed, what nobody used a row of its own", async () => {
    expect(
      await chargesOf(
        "planned",
        ...costs,
        "ChargeCategory",
        "CommitmentDiscountStatus",
        "CommitmentDiscountId",
      ),
    ).toEqual([
      ["0", "1.2", "2", "2", "Usage", "Used", ARN],
      ["0", "0", "0", "0", "Usage", null, ARN],
      ["1.5", "0", "1.5", "1.5", "Purchase", null, ARN],
      ["0", "0.3", "0", "0", "Usage", "Unused", ARN],
    ]);
  });

  test("covered usage and negation that differ in the last digit leave that digit in the books", async () => {
    expect(await chargesOf("rounded", ...costs)).toEqual([
      ["0", "1", "2.0000000001", null],
      ["0", "0", "0", "0"],
    ]);
    const charges = await lake.charges("BilledCost", "BillingAccountId", "ChargeDescription");
    expect(charges.filter(({ BillingAccountId }) => BillingAccountId === "2")).toContainEqual({
      BilledCost: "0.0000000001",
      BillingAccountId: "2",
      ChargeDescription: "Savings Plan covered usage less its negation",
    });
  });

  test("a reservation: usage at its amortised price, the fee billed, the unused part a row of its own", async () => {
    expect(
      await chargesOf(
        "reserved",
        ...costs,
        "ChargeCategory",
        "CommitmentDiscountStatus",
        "CommitmentDiscountType",
      ),
    ).toEqual([
      ["0", "0.6", "1", "1", "Usage", "Used", "Reserved Instance"],
      ["0.9", "0", "0.9", "0.9", "Purchase", null, "Reserved Instance"],
      ["0", "0.3", "0", "0", "Usage", "Unused", "Reserved Instance"],
    ]);
  });

  test("discounts lower usage, credits, refunds and taxes are what they are, a marketplace seller provides", async () => {
    expect(
      await chargesOf(
        "others",
        "BilledCost",
        "EffectiveCost",
        "ListCost",
        "ChargeCategory",
        "ChargeClass",
        "ServiceProviderName",
      ),
    ).toEqual([
      ["10", "10", "12", "Usage", null, "AWS"],
      ["-0.5", "-0.5", "0", "Usage", null, "AWS"],
      ["-3", "-3", "-3", "Credit", null, "AWS"],
      ["-1", "-1", "-1", "Adjustment", "Correction", "AWS"],
      ["2", "2", "2", "Tax", null, "AWS"],
      ["4", "4", null, "Usage", null, "Pinecone"],
      ["5", "5", "5", "Purchase", null, "AWS"],
    ]);
  });

  test("what is billed is the unblended cost of all lines, to the last digit", async () => {
    const charges = await lake.charges("BilledCost");
    expect(total(charges, "BilledCost")).toBe(
      total(
        bill.map((row) => ({ cost: row["lineItem/UnblendedCost"] ?? "0" })),
        "cost",
      ),
    );
  });

  test("where a net cost is given, it is what was paid", async () => {
    const lake = await testLake();
    await lake.deliver({
      "cur.csv": csv([line("Usage", "1", { "lineItem/NetUnblendedCost": "0.9" }), line("Usage", "1")]),
    });
    expect(await lake.charges("BilledCost", "EffectiveCost")).toEqual([
      { BilledCost: "0.9", EffectiveCost: "0.9" },
      { BilledCost: "1", EffectiveCost: "1" },
    ]);
  });

  test("CUR 2.0 has names in snake case and maps for products and tags", async () => {
    const lake = await testLake();
    const snake = Object.fromEntries(
      Object.entries(line("Usage", "1.81E-8")).map(([name, value]) => [
        name
          .replace("/", "_")
          .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
          .toLowerCase(),
        value,
      ]),
    );
    const { record } = await lake.deliver({
      "cur2.csv": csv([
        {
          ...snake,
          product: `{"product_name":"Amazon Elastic Compute Cloud","region":"us-east-1"}`,
          product_region_code: "",
          resource_tags: `{"user_team":"ml, infra","aws_created_by":"root"}`,
        },
      ]),
    });
    expect(record.files[0]?.format).toBe("aws-cur 2.0");
    expect(
      await lake.charges(
        "BilledCost",
        "ServiceName",
        "RegionId",
        "Tags",
        "x_Team",
        "x_GpuType",
        "ServiceCategory",
      ),
    ).toEqual([
      {
        BilledCost: "0.0000000181",
        ServiceName: "Amazon Elastic Compute Cloud",
        RegionId: "us-east-1",
        Tags: `{"team":"ml, infra","aws:created_by":"root"}`,
        x_Team: "ml, infra",
        x_GpuType: "H100",
        ServiceCategory: "Compute",
      },
    ]);
  });
});
