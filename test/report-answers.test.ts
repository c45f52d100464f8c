import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerReport } from "#flows/report/answer-report.ts";
import type { Asked } from "#flows/report/exact-question.ts";
import { namedReports } from "#flows/report/named/named-reports.ts";
import type { ResultRow } from "#flows/report/result-table.ts";
import { reportText } from "#cli/report-text.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { focusCsv } from "./engines/focus-csv.ts";
import { importedLake } from "./engines/imported-lake.ts";
import { filledReportRows, reportLake } from "./engines/report-lake.ts";

let lake: Awaited<ReturnType<typeof importedLake>>;
beforeAll(async () => {
  lake = await importedLake(reportLake);
});
afterAll(() => lake.remove());

const ask = (asked: Partial<Asked>, name = "cost") =>
  answerReport(lake.data, name, { now: Date.UTC(2026, 7, 3), ...asked });
const sum = (rows: readonly ResultRow[], column: string): string =>
  formatDecimal(rows.reduce((all, row) => all + decimal(String(row[column] ?? "0")), 0n));
const usd = (rows: readonly ResultRow[]): ResultRow[] =>
  rows.filter((row) => row["BillingCurrency"] === "USD");

describe("report cost", () => {
  test("sums what the delivered text sums to, currencies apart", async () => {
    const { table } = await ask({});
    const byHand = (currency: string): string =>
      sum(
        filledReportRows.filter((row) => row["BillingCurrency"] === currency),
        "BilledCost",
      );
    expect(table.rows.map((row) => [row["BillingCurrency"], row["BilledCost"]])).toEqual([
      ["EUR", byHand("EUR")],
      ["USD", byHand("USD")],
    ]);
    expect(byHand("USD")).toBe("824");
  });

  test("top and others add up to the totals, in every bucket", async () => {
    for (const granularity of [undefined, "month"] as const) {
      const buckets = granularity === undefined ? {} : { granularity };
      const { table } = await ask({
        by: ["ServiceName", "x_Team"],
        top: 2,
        measures: ["BilledCost", "x_Charges"],
        ...buckets,
      });
      expect(table.others.length).toBeGreaterThan(0);
      for (const total of table.totals) {
        const own = [...table.rows, ...table.others].filter(
          (row) => row["BillingCurrency"] === total["BillingCurrency"] && row["Period"] === total["Period"],
        );
        expect(sum(own, "BilledCost")).toBe(total["BilledCost"]);
        expect(own.reduce((all, row) => all + Number(row["x_Charges"]), 0)).toBe(total["x_Charges"]);
      }
    }
  });

  test("the cash basis goes by billing period, the accrual basis by time of use", async () => {
    const monthly = { granularity: "month" as const };
    const cash = await ask({ basis: "cash", ...monthly });
    // June's bill: 18 of machines, 30 for the plan, 5 for support; the correction of June is on July's bill.
    expect(usd(cash.table.rows).map((row) => row["BilledCost"])).toEqual(["53", "771"]);
    const accrual = await ask({ basis: "accrual", ...monthly });
    // June's use: 18 + 24 + 5 of support, less the correction of 2.
    expect(usd(accrual.table.rows).map((row) => row["EffectiveCost"])).toEqual(["45", "473"]);
  });

  test("spreading gives every day of a fee its part and loses nothing", async () => {
    const { table } = await ask({ spread: true, where: ["ServiceName=Support"], granularity: "day" });
    expect(table.rows).toHaveLength(30);
    expect(table.rows[0]?.["BilledCost"]).toBe("0.166666666666666667");
    expect(sum(table.rows, "BilledCost")).toBe("5");
  });

  test("quantities are never added across units: the unit becomes a group, and no total is given", async () => {
    const { table } = await ask({ measures: ["EffectiveCost", "ConsumedQuantity"] });
    expect(usd(table.rows).map((row) => [row["ConsumedUnit"], row["ConsumedQuantity"]])).toEqual([
      ["Hours", "78"],
      ["Tokens", "5500000"],
      [null, null],
      ["GB", "100"],
    ]);
    expect(table.totals.every((row) => !("ConsumedQuantity" in row))).toBe(true);
    await expect(ask({ measures: ["ConsumedQuantity"], top: 1 })).rejects.toMatchObject({
      code: "option-invalid",
    });
    const hours = await ask({
      measures: ["ConsumedQuantity"],
      where: ["ConsumedUnit=Hours"],
      top: 1,
      by: ["ServiceName"],
    });
    expect(usd(hours.table.rows)[0]).toMatchObject({ ServiceName: "EC2", ConsumedQuantity: "68" });
  });

  test("tax and credits can be left out", async () => {
    const { table } = await ask({ without: ["Tax", "credit"] });
    expect(usd(table.rows)[0]?.["BilledCost"]).toBe("823");
    await expect(ask({ without: ["Taxes"] })).rejects.toMatchObject({ code: "option-invalid" });
  });

  test("a share is of its own currency, and of a negative total there is none", async () => {
    const { table } = await ask({ by: ["ChargeCategory"] });
    expect(table.rows.find((row) => row["ChargeCategory"] === "Credit")?.["BilledCost_Share"]).toBeCloseTo(
      -6 / 824,
      15,
    );
    const credits = await ask({ by: ["ServiceName"], where: ["ChargeCategory=Credit"] });
    expect(credits.table.rows[0]).toMatchObject({ BilledCost: "-6", BilledCost_Share: null });
  });

  test("a cost that no charge has is unknown, and said to be", async () => {
    const { table } = await ask({ by: ["x_ModelId"], measures: ["EffectiveCost"], where: ["x_ModelId?"] });
    expect(table.rows.find((row) => row["x_ModelId"] === "haiku")?.["EffectiveCost"]).toBeNull();
    expect(table.unknown).toEqual({ EffectiveCost: 1 });
  });

  test("a comparison shows what grew, what vanished and what is new; before the first bill nothing is known", async () => {
    const { table } = await ask({
      by: ["ServiceName"],
      period: "2026-07",
      compare: "previous",
      measures: ["EffectiveCost"],
    });
    const of = (name: string): ResultRow | undefined => table.rows.find((row) => row["ServiceName"] === name);
    expect(of("EC2")).toMatchObject({
      EffectiveCost: "335",
      EffectiveCost_Previous: "40",
      EffectiveCost_Change: "295",
    });
    expect(of("Support")).toMatchObject({
      EffectiveCost: "0",
      EffectiveCost_Change: "-5",
      EffectiveCost_ChangeRatio: -1,
    });
    expect(of("Server")).toMatchObject({ EffectiveCost_Previous: "0", EffectiveCost_ChangeRatio: null });
    const first = await ask({ period: "2026-06", compare: "previous" });
    expect(first.table.rows[0]).toMatchObject({ BilledCost_Previous: null, BilledCost_Change: null });
  });

  test("a group that is among the largest in one currency only is compared in that currency only", async () => {
    const row = (month: string, ServiceName: string, BillingCurrency: string, BilledCost: string) => ({
      ChargePeriodStart: `2026-${month}-10T00:00:00Z`,
      ServiceName,
      BillingCurrency,
      BilledCost,
    });
    const months = ["06", "07"].flatMap((month) => [
      row(month, "A", "USD", "9"),
      row(month, "B", "USD", "1"),
      row(month, "A", "EUR", "1"),
      row(month, "B", "EUR", "9"),
    ]);
    const { data, remove } = await importedLake([{ source: "both", csv: focusCsv(months) }]);
    const asked = { now: 0, by: ["ServiceName"], period: "2026-07", compare: "previous", top: 1 };
    const { table } = await answerReport(data, "cost", asked);
    await remove();
    expect(
      table.rows.map((each) => [each["BillingCurrency"], each["ServiceName"], each["BilledCost_Previous"]]),
    ).toEqual([
      ["EUR", "B", "9"],
      ["USD", "A", "9"],
    ]);
    expect(table.others.map((each) => [each["BilledCost"], each["BilledCost_Previous"]])).toEqual([
      ["1", "1"],
      ["1", "1"],
    ]);
  });

  test("a question that finds nothing says why, and which value was meant", async () => {
    const { table, notes } = await ask({ where: ["ServiceCategory=compute"] });
    expect(table.rows).toEqual([]);
    expect(notes).toEqual([`No charge of the period has ServiceCategory "compute". Did you mean Compute?`]);
  });

  test.each([
    [{ by: ["ServiceNam"] }, "column-unknown", "Did you mean ServiceName"],
    [{ by: ["x_Tags"] }, "column-unknown", "x_Tags"],
    [{ measures: ["Billed"] }, "measure-unknown", "Did you mean BilledCost"],
    [{ where: ["ServiceName"] }, "filter-invalid", "is not a filter"],
    [{ where: ["ServiceName="] }, "filter-invalid", "empty value"],
    [{ where: ["ListUnitPrice=cheap"] }, "filter-invalid", "holds numbers"],
    [{ from: "2026-07-01", to: "2026-07-01" }, "window-invalid", "not after"],
    [{ from: "1/7/26" }, "window-invalid", "neither a date"],
    [{ from: "2026-02-30", to: "2026-04-01" }, "window-invalid", "calendar"],
    [{ period: "2026-13" }, "window-invalid", "2026-13"],
    [{ period: "2026", from: "2026-01-01" }, "option-invalid", "not both"],
    [{ compare: "before" }, "window-invalid", "comparison"],
    [{ spread: true, time: "billing" as const }, "option-invalid", "Spreading"],
  ])("%j is refused with %s", async (asked, code, text) => {
    await expect(ask(asked)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text) as string,
    });
  });
});

describe("named reports", () => {
  test("an option that makes it another report is refused, and a wrong name gets the nearest", async () => {
    await expect(ask({ by: ["ServiceName"], basis: "cash" }, "taxes")).rejects.toMatchObject({
      code: "option-invalid",
      message: expect.stringContaining("--by, --basis") as string,
    });
    await expect(ask({ granularity: "day" }, "taxes")).rejects.toMatchObject({ code: "option-invalid" });
    await expect(ask({ top: 3 }, "token-volume")).rejects.toMatchObject({ code: "option-invalid" });
    await expect(ask({}, "service-cost")).rejects.toMatchObject({
      code: "report-unknown",
      message: expect.stringContaining("service-costs") as string,
    });
  });

  test("takes a period, filters, a granularity and a top", async () => {
    const { table } = await ask(
      { period: "2026-07", where: ["ServiceName=EC2"], top: 1, without: ["Credit"] },
      "sku-costs",
    );
    expect(table.rows).toHaveLength(1);
    expect(table.others).toHaveLength(1);
    const weekly = await ask({ granularity: "week" }, "token-volume");
    expect(weekly.table.rows[0]?.["Period"]).toBe("2026-07-06T00:00:00Z");
  });

  test("every one fits into 80 and 200 columns, or becomes a list", async () => {
    const before = process.env["COLUMNS"];
    for (const { name } of namedReports) {
      const answer = await ask({}, name);
      for (const width of [80, 200]) {
        process.env["COLUMNS"] = String(width);
        const lines = reportText(answer, false).split("\n\n")[1]?.split("\n") ?? [];
        expect(Math.max(...lines.map((line) => line.length)), name).toBeLessThanOrEqual(width);
      }
    }
    process.env["COLUMNS"] = before;
  });
});
