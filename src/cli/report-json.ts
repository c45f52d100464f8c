import type { Answer } from "#flows/report/answer-report.ts";
import { formatInstant } from "#units/instant.ts";
import type { Window } from "#units/window.ts";

/** A report as one object: `rows` keyed by column name, amounts as exact decimal texts, currencies apart. */
export function reportJson(answer: Answer, explain: boolean): Record<string, unknown> {
  const { report, title, table, compared, granularity, basis, notes, explanation } = answer;
  return {
    report,
    title,
    ...written(answer.window),
    ...(compared === undefined ? {} : { compared: written(compared) }),
    ...(granularity === undefined ? {} : { granularity }),
    ...basis,
    lakeVersion: explanation.version,
    columns: table.columns,
    rows: table.rows,
    others: table.others,
    totals: table.totals,
    unknown: table.unknown,
    ...(notes.length === 0 ? {} : { notes }),
    ...(explain ? { explain: explained(answer) } : {}),
  };
}

function explained({ explanation }: Answer): Record<string, unknown> {
  const { version: _, covers, sources, queries, ...read } = explanation;
  return {
    ...read,
    covers: written(covers),
    sources: sources.map((source) => ({ ...source, asOf: formatInstant(source.asOf) })),
    layers: ["as delivered"],
    queries,
  };
}

const written = ({ start, end }: Window): { from: string; to: string } => ({
  from: formatInstant(start),
  to: formatInstant(end),
});
