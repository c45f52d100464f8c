import { type HistogramQuantile, histogramQuantile } from "#analysis/signals/histogram-quantile.ts";
import { boundOf, signalsTable } from "#facts/signal-columns.ts";
import { type SignalFact, type SignalName, signals } from "#facts/signal.ts";
import {
  parseSignalDimension,
  parseSignalFilter,
  parseSignalName,
  type SignalQuestion,
} from "#facts/signal-question.ts";
import { type AskedEvents, askEvents, type TimeAsked } from "#flows/events/ask-events.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import {
  signalBuckets,
  signalSums,
  signalTable,
  type SignalTable,
} from "#lake/queries/signals-by-dimensions.ts";
import { grouped } from "#units/grouped.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity, Window } from "#units/window.ts";

/** A question about signals as a person writes it. */
export interface SignalsAsked extends TimeAsked {
  /** All there are where none is named. */
  readonly signals: readonly string[];
  readonly by: readonly string[];
  readonly where: readonly string[];
  readonly granularity?: Granularity;
}

/** What a signal of a group came to; only what its kind tells is there. */
export interface SignalGroup {
  /** The values of the dimensions asked for; null where a point has none. */
  readonly keys: readonly (string | null)[];
  readonly bucket?: string;
  readonly signal: SignalName;
  readonly kind: SignalFact["kind"];
  readonly unit: SignalFact["unit"];
  /** Of a gauge: over the time that it was seen; of a ratio over its series too. Of a histogram: of what was observed. */
  readonly mean?: number;
  /** Of a gauge: the highest that any subject had. */
  readonly max?: number;
  /** Of a counter: its increase. Of a histogram: how many were observed. */
  readonly total?: number;
  readonly p50?: HistogramQuantile;
  readonly p95?: HistogramQuantile;
  readonly p99?: HistogramQuantile;
  /** How many five minutes it was seen in; what is missing to the time asked for is a gap. */
  readonly moments: number;
}

/** Signals per group, and how they came about. */
export interface SignalsAnswer extends AskedEvents {
  readonly question: SignalQuestion;
  readonly groups: readonly SignalGroup[];
  readonly table: SignalTable;
}

/** Points are of so many milliseconds. */
export const MOMENT = 300_000;
const MAX_GROUPS = 200_000;

/**
 * Says what signals came to per group and bucket of time.
 * @throws Problem "lake-empty", "column-unknown", "filter-invalid", "option-invalid", "window-invalid", "lake-corrupt"
 */
export async function answerSignals(asked: SignalsAsked): Promise<SignalsAnswer> {
  const answer = await askEvents(asked, signalsTable, async ({ window, dialect, files, ask }) => {
    const question = questionOf(asked, window);
    const relation = files(signalTable(question));
    const rows = await ask(signalSums(dialect, relation, question));
    if (rows.length > MAX_GROUPS)
      throw new Problem("option-invalid", `There are more than ${MAX_GROUPS} groups of signals.`, {
        hint: "Ask for fewer columns, or for less with --where and a shorter period.",
      });
    const buckets = await ask(signalBuckets(dialect, relation, question));
    return { question, groups: gathered(question, rows, buckets) };
  });
  return { ...answer, table: signalTable(answer.question) };
}

const questionOf = (
  { signals: names, by, where, granularity }: SignalsAsked,
  window: Window,
): SignalQuestion => ({
  signals: names.map(parseSignalName),
  by: by.map(parseSignalDimension),
  where: where.map(parseSignalFilter),
  window,
  ...(granularity === undefined ? {} : { granularity }),
});

function gathered(question: SignalQuestion, rows: readonly Row[], buckets: readonly Row[]): SignalGroup[] {
  const keysOf = (row: Row): (string | null)[] =>
    question.by.map((_, index) => {
      const value = row[`k${index}`];
      return typeof value === "string" ? value : null;
    });
  const idOf = (row: Row): string => JSON.stringify([keysOf(row), row["bucket"] ?? null, row["signal"]]);
  const bucketsOf = grouped(buckets, idOf);
  return rows.flatMap((row) => {
    const name = row["signal"];
    // Of a newer Plimsoll; it can't be told what it means.
    if (typeof name !== "string" || !Object.hasOwn(signals, name)) return [];
    const signal = name as SignalName;
    const { kind, unit } = signals[signal];
    return [
      {
        keys: keysOf(row),
        ...(typeof row["bucket"] === "string" ? { bucket: `${row["bucket"].replace(" ", "T")}Z` } : {}),
        signal,
        kind,
        unit,
        moments: Number(row["moments"]),
        ...valuesOf(signals[signal], row, bucketsOf.get(idOf(row)) ?? []),
      },
    ];
  });
}

function valuesOf({ kind, unit }: SignalFact, row: Row, buckets: readonly Row[]): Partial<SignalGroup> {
  const [sum, count, moments] = ["sum", "count", "moments"].map((name) => Number(row[name]));
  if (sum === undefined || count === undefined || moments === undefined) return {};
  switch (kind) {
    case "gauge": {
      const max = row["max"] === null ? {} : { max: Number(row["max"]) };
      // Shares of several machines are averaged, requests of several replicas add up.
      const over = unit === "ratio" ? count : moments;
      return over === 0 ? max : { mean: sum / over, ...max };
    }
    case "counter":
      return { total: sum };
    case "histogram": {
      const bounds = buckets.map(({ lower, upper, count: n }) => ({
        lower: boundOf(String(lower)),
        upper: boundOf(String(upper)),
        count: Number(n),
      }));
      const quantile = (name: string, ratio: number): object => {
        const found = histogramQuantile(bounds, ratio);
        return found === undefined ? {} : { [name]: found };
      };
      return {
        total: count,
        ...(count === 0 ? {} : { mean: sum / count }),
        ...quantile("p50", 0.5),
        ...quantile("p95", 0.95),
        ...quantile("p99", 0.99),
      };
    }
  }
}
