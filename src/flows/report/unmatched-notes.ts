import { type CostQuestion, dimensionName } from "#facts/cost-question.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { reportCost } from "./report-cost.ts";

/** For a question that found nothing: filters whose value no charge of the period has, and the values most like it. */
export async function unmatchedNotes(
  data: string,
  { where, window, role }: Pick<CostQuestion, "where" | "window" | "role">,
): Promise<string[]> {
  const notes: string[] = [];
  for (const filter of where) {
    if (filter.kind !== "is") continue;
    const { rows } = await reportCost(data, {
      question: {
        measures: ["x_Charges"],
        by: [filter.dimension],
        where: [],
        window,
        time: "charge",
        spread: false,
        role,
        top: 1000,
      },
    });
    const there = [...new Set(rows.flatMap(({ keys }) => keys[0] ?? []))];
    const missing = filter.values.filter((value) => !there.includes(value));
    notes.push(
      ...missing.map(
        (value) =>
          `No charge of the period has ${dimensionName(filter.dimension)} "${value}".${didYouMean(value, there)}`,
      ),
    );
  }
  return notes;
}
