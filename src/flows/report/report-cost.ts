import { bySize, othersOf, settleRows, topPerCurrency, totalsOf } from "#analysis/cost-report/cost-rows.ts";
import type { CostRow } from "#facts/cost-row.ts";
import type { CostQuestion } from "#facts/cost-question.ts";
import type { Dialect } from "#lake/dialect.ts";
import { costByDimensions, tableFor } from "#lake/queries/cost-by-dimensions.ts";
import type { Window } from "#units/window.ts";
import type { Question } from "./exact-question.ts";
import { type Ask, askLake, type Explanation } from "./ask-lake.ts";

/** Groups of one window. */
export interface CostGroups {
  readonly rows: readonly CostRow[];
  /** Groups beyond the top, summed; empty if the report shows all. */
  readonly others: readonly CostRow[];
  /** Per currency (and bucket): rows and others together. */
  readonly totals: readonly CostRow[];
}

/** The answer to a cost question, of one window or compared with another. */
export interface CostReport extends CostGroups {
  readonly question: CostQuestion;
  /** The same question of the comparison window. */
  readonly compared?: CostGroups & { readonly window: Window };
  readonly explanation: Explanation;
}

/**
 * Answers a question about cost from the smallest table that can.
 * @throws Problem "lake-empty", "option-invalid" if there are too many groups
 */
export async function reportCost(data: string, { question, compare }: Question): Promise<CostReport> {
  const then = compare === undefined ? undefined : { ...question, window: compare };
  const windows = then === undefined ? [question.window] : [question.window, then.window];
  const table = tableFor(then === undefined || tableFor(question) === "charges" ? question : then);
  const { answered, explanation } = await askLake(
    data,
    windows,
    question.role,
    table,
    question.where,
    async (d, ask) => {
      const now = await answerCost(d, ask, question);
      if (then === undefined) return { now };
      return { now, compared: { window: then.window, ...(await answerThen(d, ask, then, now.rows)) } };
    },
  );
  const { now, compared } = answered;
  return { question, ...now, ...(compared === undefined ? {} : { compared }), explanation };
}

/** The groups of a question, largest first, with what is beyond the top and the totals. */
async function answerCost(d: Dialect, ask: Ask, question: CostQuestion): Promise<CostGroups> {
  const { top } = question;
  if (top === undefined || question.by.length === 0) {
    const rows = bySize(await settled(d, ask, question));
    return { rows, others: [], totals: totalsOf(rows) };
  }
  if (!question.spread) return topAndOthers(d, ask, question, top);
  // Spread charges must be settled before anyone knows which groups are the largest.
  const { granularity, ...whole } = question;
  const largest = topPerCurrency(bySize(await settled(d, ask, whole)), top);
  const rows =
    granularity === undefined ? largest : await settled(d, ask, question, { only: keysOf(largest) });
  const shown = bySize(onlyThose(rows, largest));
  const totals = await settled(d, ask, question, { ungrouped: true });
  return { rows: shown, others: othersOf(totals, shown), totals };
}

/** The engine finds the largest groups and adds up the others in one look. */
async function topAndOthers(d: Dialect, ask: Ask, question: CostQuestion, top: number): Promise<CostGroups> {
  const all = await ask(costByDimensions(d, question, { top }), question);
  const rows = bySize(all.filter(({ others }) => others === undefined));
  const others = all.flatMap(({ others, ...row }) => (others === undefined ? [] : [{ ...row, keys: [] }]));
  return { rows, others: bySize(others), totals: bySize(totalsOf([...rows, ...others])) };
}

/** The groups that are shown of the other window, and everything else of it. */
async function answerThen(
  d: Dialect,
  ask: Ask,
  question: CostQuestion,
  shown: readonly CostRow[],
): Promise<CostGroups> {
  if (question.top === undefined || question.by.length === 0) {
    const rows = await settled(d, ask, question);
    return { rows, others: [], totals: totalsOf(rows) };
  }
  // A group may be among the largest in one currency only, so the keys alone would bring rows that are not shown.
  const rows = onlyThose(await settled(d, ask, question, { only: keysOf(shown) }), shown);
  const totals = await settled(d, ask, question, { ungrouped: true });
  return { rows, others: othersOf(totals, rows), totals };
}

async function settled(
  d: Dialect,
  ask: Ask,
  question: CostQuestion,
  options: Parameters<typeof costByDimensions>[2] = {},
): Promise<CostRow[]> {
  const rows = await ask(costByDimensions(d, question, options), question);
  return settleRows(rows, question.window, question.granularity);
}

const groupId = ({ keys, currency }: CostRow): string => JSON.stringify([keys, currency]);

function onlyThose(rows: readonly CostRow[], groups: readonly CostRow[]): CostRow[] {
  const kept = new Set(groups.map(groupId));
  return rows.filter((row) => kept.has(groupId(row)));
}

function keysOf(rows: readonly CostRow[]): (readonly (string | null)[])[] {
  return [...new Map(rows.map(({ keys }) => [JSON.stringify(keys), keys])).values()];
}
