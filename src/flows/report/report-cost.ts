import { addUp, othersOf, settleRows } from "#analysis/cost-report/cost-rows.ts";
import type { CostRow } from "#facts/cost-row.ts";
import type { CostQuestion } from "#facts/cost-question.ts";
import { decodeCostRows } from "#lake/decode-cost-rows.ts";
import { openLake } from "#lake/open-lake.ts";
import { costByDimensions, tableFor } from "#lake/queries/cost-by-dimensions.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import type { Sql } from "#lake/sql.ts";

/** More groups than this are not a report; the largest ones and the sum of the others are. */
export const MAX_GROUPS = 200_000;

/** How an answer came about. */
export interface Explanation {
  /** The lake's version that was read. */
  readonly version: number;
  readonly table: string;
  readonly files: number;
  /** Charges in the files that were opened. */
  readonly rowsRead: number;
  readonly queries: readonly {
    readonly text: string;
    readonly values: readonly string[];
    readonly milliseconds: number;
  }[];
}

export interface CostReport {
  readonly question: CostQuestion;
  readonly rows: readonly CostRow[];
  /** Groups beyond the top, summed; empty if the report shows all. */
  readonly others: readonly CostRow[];
  /** Per currency (and bucket): rows and others together. */
  readonly totals: readonly CostRow[];
  /** The same question of the comparison window. */
  readonly compared?: {
    readonly window: Window;
    readonly rows: readonly CostRow[];
    readonly others: readonly CostRow[];
    readonly totals: readonly CostRow[];
  };
  readonly explanation: Explanation;
}

/**
 * Answers a question about cost from the smallest table that can.
 * @param compare window to compare with
 * @throws Problem "lake-empty", "option-invalid" if there are too many groups
 */
export async function reportCost(
  data: string,
  question: CostQuestion,
  compare?: Window,
): Promise<CostReport> {
  const windows = compare === undefined ? [question.window] : [question.window, compare];
  const lake = await openLake(data, {
    start: Math.min(...windows.map(({ start }) => start)),
    end: Math.max(...windows.map(({ end }) => end)),
  });
  const queries: Explanation["queries"][number][] = [];
  const ask = async (asked: CostQuestion, query: Sql): Promise<CostRow[]> => {
    const started = performance.now();
    const answered = await lake.engine.query(query);
    queries.push({
      text: query.text.join("?"),
      values: query.values.map(String),
      milliseconds: Math.round(performance.now() - started),
    });
    if (answered.length > MAX_GROUPS) {
      throw new Problem("option-invalid", `The report has more than ${MAX_GROUPS} groups.`, {
        hint: "Ask for the largest with --top 100, or for fewer columns.",
      });
    }
    return settleRows(decodeCostRows(answered, asked), asked.window, asked.granularity);
  };
  try {
    const { rows, others, totals } = await answer(lake.dialect, question, ask);
    const table = tableFor(question);
    const report = { question, rows, others, totals };
    if (compare === undefined) return { ...report, explanation: { ...lake.read(table), table, queries } };
    const then = { ...question, window: compare };
    const only = question.top === undefined ? {} : { only: keysOf(rows) };
    const thenRows = await ask(then, costByDimensions(lake.dialect, then, only));
    const thenTotals = await ask(then, costByDimensions(lake.dialect, then, { ungrouped: true }));
    const compared = {
      window: compare,
      rows: thenRows,
      others: othersOf(thenTotals, thenRows),
      totals: thenTotals,
    };
    return { ...report, compared, explanation: { ...lake.read(table), table, queries } };
  } finally {
    lake.close();
  }
}

type Ask = (asked: CostQuestion, query: Sql) => Promise<CostRow[]>;
type Dialect = Awaited<ReturnType<typeof openLake>>["dialect"];

async function answer(
  d: Dialect,
  question: CostQuestion,
  ask: Ask,
): Promise<Pick<CostReport, "rows" | "others" | "totals">> {
  const { top } = question;
  if (top === undefined || question.by.length === 0) {
    const rows = bySize(await ask(question, costByDimensions(d, question)));
    return { rows, others: [], totals: addUp(rows.map((row) => ({ ...row, keys: [] }))) };
  }
  const { granularity, ...whole } = question;
  // Without spreading the engine picks the largest; spread charges must be settled before anyone knows which those are.
  const candidates = await ask(whole, costByDimensions(d, whole, question.spread ? {} : { top }));
  const largest = topPerCurrency(bySize(candidates), top);
  const rows =
    granularity === undefined
      ? largest
      : await ask(question, costByDimensions(d, question, { only: keysOf(largest) }));
  const kept = new Set(largest.map(rowId));
  const shown = rows.filter((row) => kept.has(rowId(row)));
  const totals = await ask(question, costByDimensions(d, question, { ungrouped: true }));
  return { rows: shown, others: othersOf(totals, shown), totals };
}

const rowId = ({ keys, currency }: CostRow): string => JSON.stringify([keys, currency]);

function keysOf(rows: readonly CostRow[]): (readonly (string | null)[])[] {
  return [...new Map(rows.map(({ keys }) => [JSON.stringify(keys), keys])).values()];
}

/** Largest first within a currency; buckets stay in order of time. */
function bySize(rows: readonly CostRow[]): CostRow[] {
  return [...rows].sort((a, b) => {
    if (a.bucket !== b.bucket) return (a.bucket ?? 0) - (b.bucket ?? 0);
    if (a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
    const [x, y] = [a.sums[0] ?? 0n, b.sums[0] ?? 0n];
    if (x !== y) return x > y ? -1 : 1;
    return JSON.stringify(a.keys) < JSON.stringify(b.keys) ? -1 : 1;
  });
}

function topPerCurrency(rows: readonly CostRow[], top: number): CostRow[] {
  const taken = new Map<string, number>();
  return rows.filter(({ currency }) => {
    const count = (taken.get(currency) ?? 0) + 1;
    taken.set(currency, count);
    return count <= top;
  });
}
