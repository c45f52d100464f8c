import { parseDimension, parseMeasure } from "#facts/cost-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { resultTable } from "#flows/report/result-table.ts";

/** Rows of `plimsoll report cost --json`: the four cost measures and the number of charges by these columns. */
export async function reportRows(
  data: string,
  by: readonly string[],
  window: { readonly start: number; readonly end: number },
): Promise<Readonly<Record<string, string | number | null>>[]> {
  const measures = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"].map(parseMeasure);
  const report = await reportCost(data, {
    measures,
    by: by.map(parseDimension),
    where: [],
    window,
    time: "charge",
    spread: false,
    role: "invoice",
  });
  return [...resultTable(report).rows];
}
