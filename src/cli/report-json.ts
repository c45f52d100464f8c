import type { CostReport } from "#flows/report/report-cost.ts";
import type { ResultTable } from "#flows/report/result-table.ts";
import { formatInstant } from "#units/instant.ts";

/** A report as one object: `rows` keyed by column name, amounts as exact decimal texts, currencies apart. */
export function reportJson(
  { question, compared, explanation }: CostReport,
  result: ResultTable,
  explain: boolean,
): Record<string, unknown> {
  const window = ({ start, end }: { start: number; end: number }): { from: string; to: string } => ({
    from: formatInstant(start),
    to: formatInstant(end),
  });
  return {
    rows: result.rows,
    ...(result.others.length === 0 ? {} : { others: result.others }),
    totals: result.totals,
    measures: question.measures,
    ...window(question.window),
    ...(compared === undefined ? {} : { compared: window(compared.window) }),
    time: question.time,
    spread: question.spread,
    role: question.role,
    lakeVersion: explanation.version,
    ...(explain ? { explain: explanation } : {}),
  };
}
