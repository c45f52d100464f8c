import { outcomesTable } from "#facts/outcome-columns.ts";
import { type OutcomeQuestion, parseOutcomeFilter, parseOutcomeKey } from "#facts/outcome-question.ts";
import { type AskedEvents, askEvents, type TimeAsked } from "#flows/events/ask-events.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { outcomeSums, outcomeTable } from "#lake/queries/outcomes-by-dimensions.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity } from "#units/window.ts";

/** A question about outcomes as a person writes it. */
export interface OutcomesAsked extends TimeAsked {
  readonly by: readonly string[];
  readonly where: readonly string[];
  readonly granularity?: Granularity;
}

/** What was achieved of one kind; counts and values at the 18th decimal. */
export interface OutcomeGroup {
  readonly keys: readonly (string | null)[];
  readonly bucket?: string;
  readonly kind: string;
  /** How many, whether they went well or not. */
  readonly count: bigint;
  /** Of those of which it is known: that went well, and that did not. */
  readonly succeeded: bigint;
  readonly failed: bigint;
}

/** Outcomes per group, and how they came about. */
export interface OutcomesAnswer extends AskedEvents {
  readonly question: OutcomeQuestion;
  readonly groups: readonly OutcomeGroup[];
}

const MAX_GROUPS = 200_000;

/**
 * Says how many outcomes there were per group and kind.
 * @throws Problem "lake-empty", "column-unknown", "filter-invalid", "option-invalid", "window-invalid", "lake-corrupt"
 */
export async function answerOutcomes(asked: OutcomesAsked): Promise<OutcomesAnswer> {
  const [by, where] = [asked.by.map(parseOutcomeKey), asked.where.map(parseOutcomeFilter)];
  return askEvents(asked, outcomesTable, async ({ window, dialect, files, ask }) => {
    const { granularity } = asked;
    const question = { by, where, window, ...(granularity === undefined ? {} : { granularity }) };
    const rows = await ask(outcomeSums(dialect, files(outcomeTable(question)), question));
    if (rows.length > MAX_GROUPS)
      throw new Problem("option-invalid", `There are more than ${MAX_GROUPS} groups of outcomes.`, {
        hint: "Ask for fewer columns, or for less with --where and a shorter period.",
      });
    return { question, groups: rows.map((row) => groupOf(row, by.length)) };
  });
}

function groupOf(row: Row, keys: number): OutcomeGroup {
  const units = (name: string): bigint => (typeof row[name] === "string" ? decimal(row[name]) : 0n);
  return {
    keys: Array.from({ length: keys }, (_, index) => {
      const value = row[`k${index}`];
      return typeof value === "string" ? value : null;
    }),
    ...(typeof row["bucket"] === "string" ? { bucket: `${row["bucket"].replace(" ", "T")}Z` } : {}),
    kind: String(row["kind"]),
    count: units("Count"),
    succeeded: units("SuccessCount"),
    failed: units("FailureCount"),
  };
}
