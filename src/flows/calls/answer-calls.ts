import { latencyQuantile, type LatencyQuantile } from "#analysis/calls/latency-quantile.ts";
import { callsTable, type TokenColumn, tokenColumnNames } from "#facts/call-columns.ts";
import { type CallQuestion, parseCallDimension, parseCallFilter } from "#facts/call-question.ts";
import { type AskedEvents, askEvents, type EventsAsk, type TimeAsked } from "#flows/events/ask-events.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { journalFolder, waitingBytes } from "#lake/journal/segments.ts";
import {
  callCosts,
  callLatencies,
  callSums,
  callTable,
  type CallTable,
  latencyTable,
  unpricedCalls,
} from "#lake/queries/calls-by-dimensions.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { grouped } from "#units/grouped.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity } from "#units/window.ts";

/** A question about calls as a person writes it. */
export interface CallsAsked extends TimeAsked {
  readonly by: readonly string[];
  readonly where: readonly string[];
  readonly granularity?: Granularity;
}

/** Latencies of a group. */
export interface Latencies {
  /** Calls of which it is known. */
  readonly calls: number;
  readonly p50: LatencyQuantile;
  readonly p95: LatencyQuantile;
  readonly p99: LatencyQuantile;
}

/** What calls cost in a currency, and of how many of them it is known. */
export interface CostOfCalls {
  readonly currency: string | null;
  /** Exact text. */
  readonly cost: string;
  readonly calls: number;
}

/** What a group of calls comes to. */
export interface CallGroup {
  /** The values of the dimensions asked for; null where a call has none. */
  readonly keys: readonly (string | null)[];
  /** The start of the bucket of time. */
  readonly bucket?: string;
  readonly calls: number;
  readonly failed: number;
  readonly retried: number;
  /** Calls of which it is known whether they were retries, and of which tokens are known. */
  readonly retryKnown: number;
  readonly tokensKnown: number;
  /** Sums of the calls whose tokens are known; null where there are none. */
  readonly tokens: Readonly<Record<TokenColumn, number | null>>;
  /** By the layers of prices, Σ tokens × rate: exact text. */
  readonly pricedCosts: readonly CostOfCalls[];
  /** Calls without a price, most first. Their cost is unknown, not zero. */
  readonly unpriced: readonly { readonly reason: string; readonly calls: number }[];
  /** What the sources themselves say. */
  readonly statedCosts: readonly CostOfCalls[];
  /** Undefined where it is known of no call. */
  readonly duration?: Latencies;
  readonly firstToken?: Latencies;
}

/** Groups of calls, and how they came about. */
export interface CallsAnswer extends AskedEvents {
  readonly question: CallQuestion;
  /** Most calls first; buckets of one group in order of time. */
  readonly groups: readonly CallGroup[];
  /** All groups together. */
  readonly total: CallGroup | undefined;
  readonly tables: readonly CallTable[];
  /** Bytes that were acknowledged and are not part of the lake yet. */
  readonly waitingBytes: number;
}

/** More groups than this are no table. */
const MAX_GROUPS = 200_000;

/**
 * Says how many calls there were, how many failed or were repeated, their tokens, stated costs and latencies.
 * @throws Problem "lake-empty" if there are no calls, "column-unknown", "filter-invalid", "window-invalid", "option-invalid", "lake-corrupt"
 */
export async function answerCalls(asked: CallsAsked): Promise<CallsAnswer> {
  const by = asked.by.map(parseCallDimension);
  const where = asked.where.map(parseCallFilter);
  const { question, groups, total, ...how } = await askEvents(asked, callsTable, async (lake) => {
    const of: CallQuestion = {
      by,
      where,
      window: lake.window,
      ...(asked.granularity === undefined ? {} : { granularity: asked.granularity }),
    };
    const found = await groupsOf(lake, of);
    const [all] = found.length === 0 ? [] : await groupsOf(lake, { where, window: lake.window, by: [] });
    return { question: of, groups: largestFirst(found), total: all };
  });
  return {
    question,
    groups,
    total,
    ...how,
    tables: [...new Set([callTable(question), latencyTable(question)])],
    waitingBytes: await waitingBytes(journalFolder(asked.data, callsTable.name)),
  };
}

async function groupsOf({ dialect, files, ask }: EventsAsk, of: CallQuestion): Promise<CallGroup[]> {
  const sums = await ask(callSums(dialect, files, of));
  if (sums.length > MAX_GROUPS)
    throw new Problem("option-invalid", `There are more than ${MAX_GROUPS} groups of calls.`, {
      hint: "Ask for fewer columns, or for less with --where and a shorter period.",
    });
  return gathered(of, sums, {
    priced: await ask(callCosts(dialect, files, of, "Priced")),
    unpriced: await ask(unpricedCalls(dialect, files, of)),
    stated: await ask(callCosts(dialect, files, of, "Stated")),
    latencies: await ask(callLatencies(dialect, files, of)),
  });
}

function gathered(
  { by }: CallQuestion,
  sums: readonly Row[],
  more: Readonly<Record<"priced" | "unpriced" | "stated" | "latencies", readonly Row[]>>,
): CallGroup[] {
  const keysOf = (row: Row): (string | null)[] =>
    by.map((_, index) => {
      const value = row[`k${index}`];
      return typeof value === "string" ? value : null;
    });
  const keyOf = (row: Row): string => JSON.stringify([keysOf(row), row["bucket"] ?? null]);
  const [pricedOf, unpricedOf, statedOf, latenciesOf] = [
    more.priced,
    more.unpriced,
    more.stated,
    more.latencies,
  ].map((rows) => grouped(rows, keyOf));
  return sums.map((row): CallGroup => {
    const key = keyOf(row);
    const counts = latenciesOf?.get(key) ?? [];
    return {
      keys: keysOf(row),
      ...(typeof row["bucket"] === "string" ? { bucket: `${row["bucket"].replace(" ", "T")}Z` } : {}),
      calls: Number(row["Calls"]),
      failed: Number(row["FailedCalls"]),
      retried: Number(row["RetriedCalls"]),
      retryKnown: Number(row["n_Retry"]),
      tokensKnown: Number(row["n_Tokens"]),
      tokens: Object.fromEntries(
        tokenColumnNames.map((name) => [name, row[name] === null ? null : Number(row[name])]),
      ) as CallGroup["tokens"],
      pricedCosts: costsFrom(pricedOf?.get(key)),
      unpriced: (unpricedOf?.get(key) ?? [])
        .map(({ reason, calls }) => ({
          // Compacted by a process that knew no prices.
          reason: typeof reason === "string" ? reason : "not-priced-yet",
          calls: Number(calls),
        }))
        .sort((a, b) => b.calls - a.calls || (a.reason < b.reason ? -1 : 1)),
      statedCosts: costsFrom(statedOf?.get(key)),
      ...given("duration", latenciesFrom(counts, "DurationMicroseconds")),
      ...given("firstToken", latenciesFrom(counts, "FirstTokenMicroseconds")),
    };
  });
}

const costsFrom = (rows: readonly Row[] = []): CostOfCalls[] =>
  rows.map(({ currency, cost, calls }) => ({
    currency: typeof currency === "string" ? currency : null,
    cost: formatDecimal(decimal(String(cost))),
    calls: Number(calls),
  }));

function latenciesFrom(rows: readonly Row[], measure: string): Latencies | undefined {
  const counts = new Map(
    rows
      .filter((row) => row["measure"] === measure)
      .map((row) => [Number(row["latency"]), Number(row["calls"])]),
  );
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((ratio) => latencyQuantile(counts, ratio));
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined;
  return { calls: [...counts.values()].reduce((sum, count) => sum + count, 0), p50, p95, p99 };
}

const given = <K extends string, T>(key: K, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, T>>;

/** Groups in order of all their calls; the buckets of one stay together, in order of time. */
function largestFirst(groups: readonly CallGroup[]): CallGroup[] {
  const nameOf = ({ keys }: CallGroup): string => JSON.stringify(keys);
  const calls = new Map<string, number>();
  for (const group of groups) calls.set(nameOf(group), (calls.get(nameOf(group)) ?? 0) + group.calls);
  return [...groups].sort((a, b) => {
    const [left, right] = [nameOf(a), nameOf(b)];
    if (left !== right) return (calls.get(right) ?? 0) - (calls.get(left) ?? 0) || (left < right ? -1 : 1);
    return (a.bucket ?? "") < (b.bucket ?? "") ? -1 : 1;
  });
}
