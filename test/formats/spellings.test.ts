import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { csv } from "../imports/csv.ts";
import { refusal, testLake, total } from "./deliver.ts";

const charge = (cells: Record<string, string>): Record<string, string> => ({
  BilledCost: "1",
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: "2026-07-01T00:00:00Z",
  ChargePeriodEnd: "2026-07-01T01:00:00Z",
  ...cells,
});

describe("a column that is delivered under two names", () => {
  test("has in each row what the first filled one says", async () => {
    const lake = await testLake();
    const rows = [
      { EffectiveCost: "2", AmortizedCost: "", ServiceProviderName: "AWS", ProviderName: "", Provider: "x" },
      {
        EffectiveCost: "",
        AmortizedCost: "3.5",
        ServiceProviderName: " ",
        ProviderName: "Old",
        Provider: "",
      },
      { EffectiveCost: "", AmortizedCost: "", ServiceProviderName: "", ProviderName: "", Provider: "Older" },
      { EffectiveCost: "0", AmortizedCost: "0.00", ServiceProviderName: "", ProviderName: "", Provider: "" },
    ];
    // The order of the columns is that of the file, not of the names.
    const reversed = rows.map((row) => Object.fromEntries(Object.entries(charge(row)).reverse()));
    const { record } = await lake.deliver({ "bill.csv": csv(reversed) });
    const charges = await lake.charges("EffectiveCost", "ServiceProviderName");
    expect(charges.map((row) => [row.EffectiveCost, row.ServiceProviderName])).toEqual([
      ["2", "AWS"],
      ["3.5", "Old"],
      [null, "Older"],
      ["0", null],
    ]);
    expect(record.periods[0]?.totals["USD"]?.["EffectiveCost"]).toBe("5.5");
    expect(record.periods[0]?.unknown["EffectiveCost"]).toBe(1);
    expect(record.findings.filter(({ ruleId }) => ruleId.startsWith("x_"))).toEqual([]);
  });

  test("keeps the other names' cells as they were delivered", async () => {
    const lake = await testLake();
    await lake.deliver({
      "bill.csv": csv([charge({ EffectiveCost: "", AmortizedCost: "3.50", x_Note: "n" })]),
    });
    expect(await lake.charges("x_Extra")).toEqual([{ x_Extra: `{"AmortizedCost":"3.50","x_Note":"n"}` }]);
  });

  test("adds up as the text does, whichever names are filled, and a stated value fills what is left", async () => {
    const cell = fc.oneof(
      fc.constant(""),
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(formatDecimal),
      fc.constantFrom(".5", "1.81E-8", "5.", "0.1234567890123456785"),
    );
    const pairs = fc.sample(fc.tuple(cell, cell), 500);
    const rows = pairs.map(([EffectiveCost, AmortizedCost]) => charge({ EffectiveCost, AmortizedCost }));
    const bySpelling = pairs.map(([now, before]) => (now === "" ? before : now));
    for (const stated of [undefined, "7.25"]) {
      const lake = await testLake();
      const values = stated === undefined ? {} : { EffectiveCost: stated };
      const { record } = await lake.deliver({ "bill.csv": csv(rows) }, { values });
      const sum = bySpelling.reduce((all, text) => all + decimal(text === "" ? (stated ?? "0") : text), 0n);
      expect(record.periods[0]?.totals["USD"]?.["EffectiveCost"]).toBe(formatDecimal(sum));
      expect(total(await lake.charges("EffectiveCost"), "EffectiveCost")).toBe(formatDecimal(sum));
    }
  });

  test("whose amounts differ in a row is booked by its first name, and that is told", async () => {
    const lake = await testLake();
    const rows = [
      { EffectiveCost: "1", AmortizedCost: "1.0" },
      { EffectiveCost: "10", AmortizedCost: "12.00" },
      { EffectiveCost: "5", AmortizedCost: "" },
      { EffectiveCost: "0", AmortizedCost: "4" },
    ].map(charge);
    const { record } = await lake.deliver({ "bill.csv": csv(rows) });
    expect(record.periods[0]?.totals["USD"]?.["EffectiveCost"]).toBe("16");
    expect(record.findings[0]).toEqual({
      ruleId: "x_OneAmount-EffectiveCost",
      column: "AmortizedCost",
      keyword: "MUST",
      requirement:
        "AmortizedCost MUST equal EffectiveCost where both are filled: they are two names of one amount, of which EffectiveCost is booked.",
      count: 2,
      file: expect.stringMatching(/bill\.csv$/),
      firstRow: 2,
      firstValue: "12.00",
    });
    expect(record.notes.join("\n")).toMatch(
      /EffectiveCost and AmortizedCost are two names of one amount and differ in 2 rows, first in .*bill\.csv, line 3: EffectiveCost 10 is booked, AmortizedCost 12\.00 is not\./,
    );
  });

  test("is checked under each of them", async () => {
    const lake = await testLake();
    const rows = [charge({ EffectiveCost: "1", AmortizedCost: "1_0" })];
    expect(await refusal(lake.deliver({ "bill.csv": csv(rows) }))).toMatchObject({
      code: "amount-invalid",
      at: { line: 2, column: "AmortizedCost", value: "1_0" },
    });
  });

  test("is read so in other formats than FOCUS", async () => {
    const lake = await testLake();
    const line = {
      CostInBillingCurrency: "5",
      Date: "9/2/2023",
      BillingPeriodStartDate: "9/1/2023",
      BillingPeriodEndDate: "9/30/2023",
      ChargeType: "Usage",
      MeterId: "m1",
    };
    const rows = [
      { ...line, BillingCurrencyCode: "CAD", BillingCurrency: "", ResourceId: "", InstanceId: "i-1" },
      { ...line, BillingCurrencyCode: "", BillingCurrency: "CAD", ResourceId: "r-2", InstanceId: "i-2" },
    ];
    await lake.deliver({ "azure.csv": csv(rows) });
    const charges = await lake.charges("BillingCurrency", "ResourceId");
    expect(charges).toEqual([
      { BillingCurrency: "CAD", ResourceId: "i-1" },
      { BillingCurrency: "CAD", ResourceId: "r-2" },
    ]);
    const without = [{ ...line, BillingCurrencyCode: "", BillingCurrency: "" }];
    expect(await refusal(lake.deliver({ "none.csv": csv(without) }))).toMatchObject({
      code: "currency-invalid",
      at: { line: 2, column: "BillingCurrencyCode" },
    });
  });
});
