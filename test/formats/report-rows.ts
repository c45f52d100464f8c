import { answerReport } from "#flows/report/answer-report.ts";
import type { ResultRow } from "#flows/report/result-table.ts";

/** Rows of `plimsoll report cost --json`: the four cost measures and the number of charges by these columns. */
export async function reportRows(
  data: string,
  by: readonly string[],
  window: { readonly start: number; readonly end: number },
): Promise<readonly ResultRow[]> {
  const { table } = await answerReport(data, "cost", {
    measures: ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost", "x_Charges"],
    by,
    from: new Date(window.start).toISOString(),
    to: new Date(window.end).toISOString(),
    time: "charge",
    role: "invoice",
    now: 0,
  });
  return table.rows;
}
