import { exactQuestion, type Asked } from "#flows/report/exact-question.ts";
import { askLake, type Explanation } from "#flows/report/ask-lake.ts";
import type { ResultTable } from "#flows/report/result-table.ts";
import { groupedSumsTable } from "#lake/queries/grouped-sums.ts";
import { findNamedReport } from "./named-reports.ts";
import type { NamedReport } from "./named-report.ts";
import { namedSums, type NamedQuestion, runNamedReport } from "./run-named-report.ts";

/** What may be asked of a named report: its columns and measures are its own. */
export type NamedAsked = Pick<
  Asked,
  "from" | "to" | "period" | "where" | "without" | "granularity" | "top" | "role" | "now"
>;

/** The answer of a named report and how it came about. */
export interface NamedResult {
  readonly report: NamedReport;
  readonly question: NamedQuestion;
  readonly table: ResultTable;
  readonly explanation: Explanation;
}

/**
 * Runs a named report on the lake. Without a period it is about all that was imported.
 * @throws Problem "report-unknown", "option-invalid", "lake-empty", "filter-invalid", "column-unknown", "window-invalid"
 */
export async function reportNamed(data: string, name: string, asked: NamedAsked): Promise<NamedResult> {
  const report = findNamedReport(name);
  const { question } = await exactQuestion(data, asked);
  const table = groupedSumsTable(namedSums(report, question));
  const { answered, explanation } = await askLake(
    data,
    [question.window],
    question.role,
    table,
    question.where,
    (d, ask) => runNamedReport(d, ask, report, question),
  );
  return { report, question, table: answered, explanation };
}
