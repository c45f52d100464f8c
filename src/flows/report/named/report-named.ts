import type { Explanation } from "#flows/report/report-cost.ts";
import { exactQuestion, type Asked } from "#flows/report/ask.ts";
import { openLake } from "#lake/open-lake.ts";
import { groupedSumsTable } from "#lake/queries/grouped-sums.ts";
import type { Sql } from "#lake/sql.ts";
import { findNamedReport } from "./named-reports.ts";
import type { NamedReport } from "./named-report.ts";
import { type NamedAnswer, runNamedReport } from "./run-named-report.ts";

/** What may be asked of a named report: its columns and measures are its own. */
export type NamedAsked = Pick<
  Asked,
  "from" | "to" | "period" | "where" | "granularity" | "top" | "role" | "now"
>;

export interface NamedResult extends NamedAnswer {
  readonly report: NamedReport;
  readonly explanation: Explanation;
}

/**
 * Runs a named report on the lake. Without a period it is about all that was imported.
 * @throws Problem "report-unknown", "option-invalid", "lake-empty", "filter-invalid", "column-unknown", "window-invalid"
 */
export async function reportNamed(data: string, name: string, asked: NamedAsked): Promise<NamedResult> {
  const report = findNamedReport(name);
  const { question } = await exactQuestion(data, asked);
  const lake = await openLake(data, question.window);
  const queries: Explanation["queries"][number][] = [];
  const query = async (text: Sql): ReturnType<typeof lake.engine.query> => {
    const started = performance.now();
    const rows = await lake.engine.query(text);
    const milliseconds = Math.round(performance.now() - started);
    queries.push({ text: text.text.join("?"), values: text.values.map(String), milliseconds });
    return rows;
  };
  try {
    const { window, where, role, granularity, top } = question;
    const answer = await runNamedReport(lake.dialect, query, report, {
      window,
      where,
      role,
      ...(granularity === undefined ? {} : { granularity }),
      ...(top === undefined ? {} : { top }),
    });
    const table = groupedSumsTable(answer.asked);
    return { ...answer, report, explanation: { ...lake.read(table), table, queries } };
  } finally {
    lake.close();
  }
}
