import { expect, test } from "vitest";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { csv, line } from "./imports/bill.ts";
import { bring, ownFolder } from "./imports/kit.ts";

test("without a window a question by billing period asks all invoices, whenever their first charge was", async () => {
  const own = await ownFolder();
  try {
    const late = line({ ChargePeriodStart: "2026-07-05T00:00:00Z", ChargePeriodEnd: "2026-07-06T00:00:00Z" });
    await bring(own.data, await own.write("bill.csv", csv(late)));
    for (const asked of [{ time: "billing" }, { basis: "cash" }] as const) {
      const { rows } = await reportCost(own.data, await exactQuestion(own.data, { ...asked, now: 0 }));
      expect(rows.map(({ charges }) => charges)).toEqual([1]);
    }
  } finally {
    await own.remove();
  }
});

test.each([
  ["Berlin", "2026-06-30T22:00:00Z", "2026-07-31T22:00:00Z"],
  ["Auckland", "2026-06-30T12:00:00Z", "2026-07-31T12:00:00Z"],
  ["UTC", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"],
  ["Los Angeles", "2026-07-01T07:00:00Z", "2026-08-01T07:00:00Z"],
])("a billing period in the time of %s is of the month that the bill names", async (_, start, end) => {
  const own = await ownFolder();
  try {
    const bill = csv(line({ BillingPeriodStart: start, BillingPeriodEnd: end }));
    await bring(own.data, await own.write("bill.csv", bill));
    const charges = async (period: string): Promise<number[]> => {
      const asked = { time: "billing", period, granularity: "month", now: 0 } as const;
      const { rows } = await reportCost(own.data, await exactQuestion(own.data, asked));
      return rows.map((row) => row.charges);
    };
    expect(await charges("2026-06")).toEqual([]);
    expect(await charges("2026-07")).toEqual([1]);
    expect(await charges("2026-08")).toEqual([]);
  } finally {
    await own.remove();
  }
});
