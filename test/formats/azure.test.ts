import { describe, expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { refusal, testLake, total } from "./deliver.ts";

/** A line of EA details: dates M/D/YYYY, the period's last day named. */
const ea = (type: string, cost: string, more: Record<string, string> = {}): Record<string, string> => ({
  SubscriptionId: "s1",
  Date: "9/2/2023",
  ProductName: "Virtual Machines",
  MeterCategory: "Virtual Machines",
  MeterId: "m1",
  UnitOfMeasure: "1 Hour",
  Quantity: "1",
  CostInBillingCurrency: cost,
  Tags: `"team": "ml","env": "prod"`,
  AdditionalInfo: `{"ServiceType":"Standard_ND96isr_H100_v5"}`,
  ChargeType: type,
  Frequency: "UsageBased",
  PricingModel: "OnDemand",
  ReservationId: "",
  BillingCurrencyCode: "CAD",
  BillingPeriodStartDate: "9/1/2023",
  BillingPeriodEndDate: "9/30/2023",
  ...more,
});
const reserved = { PricingModel: "Reservation", ReservationId: "r1" };

const actual = [
  ea("Usage", "5"),
  ea("Purchase", "20", { ...reserved, Frequency: "OneTime" }),
  ea("Usage", "0", reserved),
];
const amortized = [ea("Usage", "5"), ea("Usage", "13", reserved), ea("UnusedReservation", "7", reserved)];

describe("Azure cost details", () => {
  test("EA: dates of America, days that include their last, tags without braces", async () => {
    const lake = await testLake();
    const { record } = await lake.deliver({ "ea.csv": csv([ea("Usage", "0.000305367")]) });
    expect(record.files[0]?.format).toBe("azure EA");
    expect(record.notes.join()).toContain("Read as an export of actual cost");
    expect(
      await lake.charges(
        "BilledCost",
        "BillingCurrency",
        "BillingPeriodStart",
        "BillingPeriodEnd",
        "ChargePeriodStart",
        "ChargePeriodEnd",
        "x_Team",
        "x_Environment",
        "x_GpuHours",
      ),
    ).toEqual([
      {
        BilledCost: "0.000305367",
        BillingCurrency: "CAD",
        BillingPeriodStart: "2023-09-01 00:00:00",
        BillingPeriodEnd: "2023-10-01 00:00:00",
        ChargePeriodStart: "2023-09-02 00:00:00",
        ChargePeriodEnd: "2023-09-03 00:00:00",
        x_Team: "ml",
        x_Environment: "prod",
        x_GpuHours: "8",
      },
    ]);
  });

  test("MCA: the same columns in another case, ISO dates, prices in the pricing currency", async () => {
    const lake = await testLake();
    const { BillingCurrencyCode, ...row } = ea("Usage", "1.5", {
      Date: "2023-09-02",
      BillingPeriodStartDate: "2023-09-01",
      BillingPeriodEndDate: "2023-09-30",
      PayGPrice: "2",
      PayGCostInBillingCurrency: "1.8",
      PricingCurrency: "USD",
      Tags: `{"team":"ml"}`,
    });
    const mca = Object.fromEntries(
      Object.entries({ ...row, BillingCurrency: BillingCurrencyCode ?? "" }).map(([name, value]) => [
        (name[0] ?? "").toLowerCase() + name.slice(1),
        value,
      ]),
    );
    const { record } = await lake.deliver({ "mca.csv": csv([mca]) });
    expect(record.files[0]?.format).toBe("azure MCA");
    expect(
      await lake.charges(
        "BilledCost",
        "ListCost",
        "PricingCurrencyListUnitPrice",
        "ListUnitPrice",
        "x_Team",
        "BillingPeriodEnd",
      ),
    ).toEqual([
      {
        BilledCost: "1.5",
        ListCost: "1.8",
        PricingCurrencyListUnitPrice: "2",
        ListUnitPrice: null,
        x_Team: "ml",
        BillingPeriodEnd: "2023-10-01 00:00:00",
      },
    ]);
  });

  test("actual cost: purchases are billed, what covered usage costs is unknown", async () => {
    const lake = await testLake();
    await lake.deliver({ "actual.csv": csv(actual) });
    const charges = await lake.charges(
      "BilledCost",
      "EffectiveCost",
      "ChargeCategory",
      "CommitmentDiscountStatus",
    );
    expect(charges.map((charge) => Object.values(charge))).toEqual([
      ["5", "5", "Usage", null],
      ["20", "0", "Purchase", null],
      ["0", null, "Usage", "Used"],
    ]);
  });

  test("amortised cost beside the purchases of the actual one: both books are whole", async () => {
    const lake = await testLake();
    await lake.deliver({ "amortized.csv": csv(amortized) }, { format: "azure-amortized" });
    await lake.deliver({ "actual.csv": csv(actual) }, { format: "azure-purchases", source: "purchases" });
    const charges = await lake.charges("BilledCost", "EffectiveCost", "CommitmentDiscountStatus");
    expect(total(charges, "BilledCost")).toBe("25");
    expect(total(charges, "EffectiveCost")).toBe("25");
    const statuses = charges.map(({ CommitmentDiscountStatus }) => CommitmentDiscountStatus);
    expect(statuses.filter((status) => status !== null)).toEqual(["Used", "Unused"]);
  });

  test("an amortised export taken for an actual one stops the import and says how to name it", async () => {
    const lake = await testLake();
    const { code, message, at, hint } = await refusal(lake.deliver({ "bill.csv": csv(amortized) }));
    expect({ code, line: at?.line, column: at?.column, value: at?.value }).toEqual({
      code: "format-option-needed",
      line: 3,
      column: "CostInBillingCurrency",
      value: "13.000000000000000000",
    });
    expect(message).toContain("occurs only in an export of amortised cost");
    expect(hint).toContain("--format azure-amortized");
    const unused = await refusal(lake.deliver({ "bill.csv": csv(amortized.slice(2)) }));
    expect(unused.at).toMatchObject({ line: 2, column: "ChargeType", value: "UnusedReservation" });
  });

  test("an actual export taken for an amortised one stops the import", async () => {
    const lake = await testLake();
    const refused = await refusal(lake.deliver({ "bill.csv": csv(actual) }, { format: "azure-amortized" }));
    expect(refused.at).toMatchObject({ line: 3, column: "ChargeType", value: "Purchase" });
    expect(refused.hint).toContain("--format azure,");
  });
});
