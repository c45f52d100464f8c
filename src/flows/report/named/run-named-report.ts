import type { CostQuestion, Dimension } from "#facts/cost-question.ts";
import { parseDimension, parseFilter } from "#facts/cost-question.ts";
import type { Ask } from "#flows/report/ask-lake.ts";
import type { ResultTable } from "#flows/report/result-table.ts";
import type { Dialect } from "#lake/dialect.ts";
import { groupedSums, type GroupedSums } from "#lake/queries/grouped-sums.ts";
import { Problem } from "#units/problems.ts";
import { namedTable } from "./named-table.ts";
import type { NamedReport } from "./named-report.ts";

/** What is asked of a named report beside its name. */
export type NamedQuestion = Pick<CostQuestion, "window" | "where" | "role" | "granularity" | "top">;

/**
 * The report as the lake is asked.
 * @throws Problem "option-invalid" for --granularity where rows are no buckets of time, and --top where they are
 */
export function namedSums(report: NamedReport, question: NamedQuestion): GroupedSums {
  const { window, where, role, granularity = report.period } = question;
  if (report.period === undefined && granularity !== undefined) {
    throw new Problem("option-invalid", `The report ${report.name} has no buckets of time.`, {
      hint: "Leave --granularity out, or ask plimsoll report cost.",
    });
  }
  if (report.period !== undefined && question.top !== undefined) {
    throw new Problem(
      "option-invalid",
      `The rows of ${report.name} are buckets of time; --top has no sense.`,
      {
        hint: "Leave --top out, or ask plimsoll report cost.",
      },
    );
  }
  return {
    by: report.by.map((name): Dimension => parseDimension(name)),
    measures: report.sums.map(({ of, distinct, when }) => ({ of, distinct, when: when.map(parseFilter) })),
    where: [...report.where.map(parseFilter), ...where],
    window,
    time: report.time,
    role,
    ...(granularity === undefined ? {} : { granularity }),
  };
}

/** Answers a named report on an engine. */
export async function runNamedReport(
  d: Dialect,
  ask: Ask,
  report: NamedReport,
  question: NamedQuestion,
): Promise<ResultTable> {
  const asked = namedSums(report, question);
  const top = question.top ?? report.top;
  // Groups that only the keys can tell apart are chosen here, so the engine must give all of them.
  const inEngine = top !== undefined && report.keep === undefined;
  const rows = await ask(groupedSums(d, asked, inEngine ? { top } : {}), asked);
  const all = inEngine ? await ask(groupedSums(d, asked, { ungrouped: true }), asked) : undefined;
  return namedTable(report, asked, rows, all, top);
}
