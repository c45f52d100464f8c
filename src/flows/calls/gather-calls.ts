import { latencyQuantile, type LatencyQuantile } from "#analysis/calls/latency-quantile.ts";
import { type TokenColumn, tokenColumnNames } from "#facts/call-columns.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { grouped } from "#units/grouped.ts";

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
  /** Where `uncounted` is above zero, there are more. */
  readonly calls: number;
  /** Rows of usage reports that don't say how many calls they sum up: each counts as one. */
  readonly uncounted: number;
  readonly failed: number;
  readonly retried: number;
  /** Calls of which it is known how they ended, whether they were retries, and of which tokens are known. */
  readonly statusKnown: number;
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

/**
 * Groups of calls from rows of `callSums` and `callLatencies`, in the order in which they first come.
 * @param keys how many dimensions were asked for
 */
export function gatherCalls(sums: readonly Row[], latencies: readonly Row[], keys: number): CallGroup[] {
  const keysOf = (row: Row): (string | null)[] =>
    Array.from({ length: keys }, (_, index) => textOf(row[`k${index}`]));
  const nameOf = (row: Row): string => JSON.stringify([keysOf(row), row["bucket"] ?? null]);
  const latenciesOf = grouped(latencies, nameOf);
  return [...grouped(sums, nameOf)].map(([name, rows]) => {
    const [first = {}] = rows;
    const bucket = textOf(first["bucket"]);
    return {
      keys: keysOf(first),
      ...(bucket === null ? {} : { bucket: `${bucket.replace(" ", "T")}Z` }),
      ...summed(rows, latenciesOf.get(name) ?? []),
    };
  });
}

/** All of it together; undefined if there is nothing. */
export const gatherAll = (sums: readonly Row[], latencies: readonly Row[]): CallGroup | undefined =>
  sums.length === 0 ? undefined : { keys: [], ...summed(sums, latencies) };

function summed(rows: readonly Row[], latencies: readonly Row[]): Omit<CallGroup, "keys" | "bucket"> {
  const count = (name: string): number => rows.reduce((sum, row) => sum + Number(row[name] ?? 0), 0);
  const known = (name: string): number | null =>
    rows.every((row) => row[name] === null) ? null : count(name);
  return {
    calls: count("Calls"),
    uncounted: count("UncountedRows"),
    statusKnown: count("n_Status"),
    failed: count("FailedCalls"),
    retried: count("RetriedCalls"),
    retryKnown: count("n_Retry"),
    tokensKnown: count("n_Tokens"),
    tokens: Object.fromEntries(tokenColumnNames.map((name) => [name, known(name)])) as CallGroup["tokens"],
    pricedCosts: costsOf(rows, "Priced"),
    unpriced: unpricedOf(rows),
    statedCosts: costsOf(rows, "Stated"),
    ...given("duration", latenciesOf(latencies, "DurationMicroseconds")),
    ...given("firstToken", latenciesOf(latencies, "FirstTokenMicroseconds")),
  };
}

/** Who says what calls cost: the sources themselves, or the layers of prices. */
function costsOf(rows: readonly Row[], of: "Priced" | "Stated"): CostOfCalls[] {
  const costs = new Map<string | null, { cost: bigint; calls: number }>();
  for (const row of rows) {
    const calls = Number(row[`n_${of}Cost`]);
    if (calls === 0) continue;
    const currency = textOf(row[of === "Priced" ? "pricedCurrency" : "statedCurrency"]);
    const sum = costs.get(currency) ?? { cost: 0n, calls: 0 };
    costs.set(currency, {
      cost: sum.cost + decimal(String(row[`${of}Cost`])),
      calls: sum.calls + calls,
    });
  }
  return [...costs]
    .map(([currency, { cost, calls }]) => ({ currency, cost: formatDecimal(cost), calls }))
    .sort((a, b) => byText(a.currency ?? "\uffff", b.currency ?? "\uffff"));
}

function unpricedOf(rows: readonly Row[]): CallGroup["unpriced"] {
  const reasons = new Map<string, number>();
  for (const row of rows) {
    const calls = Number(row["Calls"]) - Number(row["n_PricedCost"]);
    // Compacted by a process that knew no prices.
    const reason = textOf(row["unpriced"]) ?? "not-priced-yet";
    if (calls > 0) reasons.set(reason, (reasons.get(reason) ?? 0) + calls);
  }
  return [...reasons]
    .map(([reason, calls]) => ({ reason, calls }))
    .sort((a, b) => b.calls - a.calls || byText(a.reason, b.reason));
}

function latenciesOf(rows: readonly Row[], measure: string): Latencies | undefined {
  const counts = new Map<number, number>();
  for (const row of rows) {
    if (row["measure"] !== measure) continue;
    for (const each of String(row["latencies"]).split(",")) {
      const at = each.indexOf(":");
      const bucket = Number(each.slice(0, at));
      counts.set(bucket, (counts.get(bucket) ?? 0) + Number(each.slice(at + 1)));
    }
  }
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((ratio) => latencyQuantile(counts, ratio));
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined;
  return { calls: [...counts.values()].reduce((sum, count) => sum + count, 0), p50, p95, p99 };
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const given = <K extends string, T>(key: K, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, T>>;
