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
