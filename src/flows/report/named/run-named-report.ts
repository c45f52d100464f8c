import type { CostQuestion, Dimension, Filter } from "#facts/cost-question.ts";
import { parseDimension, parseFilter } from "#facts/cost-question.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Engine } from "#lake/engines/duckdb.ts";
import { groupedSums, type GroupedSums } from "#lake/queries/grouped-sums.ts";
import type { Sql } from "#lake/sql.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity, Window } from "#units/window.ts";
import { decodeSums, type SumRow } from "./decode-sums.ts";
import { namedTable, type NamedTable } from "./named-table.ts";
import type { NamedReport } from "./named-report.ts";

/** What is asked of a named report beside its name. */
export interface NamedQuestion {
  readonly window: Window;
  readonly where: readonly Filter[];
  readonly role: CostQuestion["role"];
  readonly granularity?: Granularity;
  readonly top?: number;
}

export interface NamedAnswer {
  readonly table: NamedTable;
  /** The question as the lake was asked. */
  readonly asked: GroupedSums;
}

/** More groups than this are not a report. */
const MAX_GROUPS = 200_000;

/**
 * Answers a named report on an engine.
 * @throws Problem "option-invalid" for --top where rows are buckets of time, --granularity where they are not, and too many groups
 */
export async function runNamedReport(
  d: Dialect,
  query: (text: Sql) => ReturnType<Engine["query"]>,
  report: NamedReport,
  question: NamedQuestion,
): Promise<NamedAnswer> {
  const granularity = granularityOf(report, question);
  const top = topOf(report, question);
  const asked: GroupedSums = {
    by: report.by.map((name): Dimension => parseDimension(name)),
    sums: report.sums.map(({ of, distinct, when }) => ({ of, distinct, when: when.map(parseFilter) })),
    where: [...report.where.map(parseFilter), ...question.where],
    window: question.window,
    time: report.time,
    role: question.role,
    ...(granularity === undefined ? {} : { granularity }),
  };
  const ask = async (options: Parameters<typeof groupedSums>[2]): Promise<SumRow[]> =>
    decodeSums(await query(groupedSums(d, asked, options)), asked);
  // Groups that only the keys can tell apart are chosen here, so the engine must give all of them.
  const inEngine = top !== undefined && report.keep === undefined;
  const rows = await ask(inEngine ? { top } : {});
  if (rows.length > MAX_GROUPS) {
    throw new Problem("option-invalid", `The report has more than ${MAX_GROUPS} groups.`, {
      hint: "Narrow it with --where or a shorter period.",
    });
  }
  const all = inEngine ? await ask({ ungrouped: true }) : undefined;
  return { asked, table: namedTable(report, asked, rows, all, top) };
}

function granularityOf(report: NamedReport, { granularity }: NamedQuestion): Granularity | undefined {
  if (report.period === undefined && granularity !== undefined)
    throw new Problem("option-invalid", `The report ${report.name} has no buckets of time.`);
  return granularity ?? report.period;
}

function topOf(report: NamedReport, { top }: NamedQuestion): number | undefined {
  if (report.period !== undefined && top !== undefined)
    throw new Problem(
      "option-invalid",
      `The rows of ${report.name} are buckets of time; --top has no sense.`,
    );
  return top ?? report.top;
}
