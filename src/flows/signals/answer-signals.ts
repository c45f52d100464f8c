import {
  type HistogramBucket,
  type HistogramQuantile,
  histogramQuantiles,
} from "#analysis/signals/histogram-quantile.ts";
import { boundOf, signalsTable } from "#facts/signal-columns.ts";
import { type SignalFact, type SignalName, signalNames, signals } from "#facts/signal.ts";
import {
  parseSignalDimension,
  parseSignalFilter,
  parseSignalName,
  type SignalQuestion,
} from "#facts/signal-question.ts";
import { type AskedEvents, askEvents, type TimeAsked } from "#flows/events/ask-events.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import {
  momentsTable,
  signalMoments,
  signalSums,
  signalTable,
  type SignalTable,
} from "#lake/queries/signals-by-dimensions.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity, Window } from "#units/window.ts";

/** A question about signals as a person writes it. */
export interface SignalsAsked extends TimeAsked {
  /** All there are where none is named. */
  readonly signals: readonly string[];
  readonly by: readonly string[];
  readonly where: readonly string[];
  readonly granularity?: Granularity;
  /** Tells in how many five minutes a signal was seen only of these and of those whose value needs it: that takes as long as all values together. */
  readonly momentsOf?: readonly SignalName[];
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
  /** How many five minutes it was seen in; what is missing to the time asked for is a gap. Absent if it was left out. */
  readonly moments?: number;
}

/** Signals per group, and how they came about. */
export interface SignalsAnswer extends AskedEvents {
  readonly question: SignalQuestion;
  readonly groups: readonly SignalGroup[];
  readonly table: SignalTable;
}

const MAX_GROUPS = 200_000;

/**
 * Says what signals came to per group and bucket of time.
 * @throws Problem "lake-empty", "column-unknown", "filter-invalid", "option-invalid", "window-invalid", "lake-corrupt"
 */
export async function answerSignals(asked: SignalsAsked): Promise<SignalsAnswer> {
  const answer = await askEvents(asked, signalsTable, async ({ window, dialect, files, ask }) => {
    const question = questionOf(asked, window);
    const rows = await ask(signalSums(dialect, files(signalTable(question)), question));
    if (rows.length > MAX_GROUPS)
      throw new Problem("option-invalid", `There are more than ${MAX_GROUPS} groups of signals.`, {
        hint: "Ask for fewer columns, or for less with --where and a shorter period.",
      });
    const counted =
      asked.momentsOf === undefined
        ? question
        : { ...question, signals: [...addedGauges(question.signals), ...asked.momentsOf] };
    const moments =
      asked.momentsOf !== undefined && counted.signals.length === 0
        ? []
        : await ask(signalMoments(dialect, files(momentsTable(counted)), counted));
    return { question, groups: gathered(question, rows, moments) };
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

/** Gauges that add up over the subjects of a moment: their mean is taken over moments. */
const addedGauges = (asked: readonly SignalName[]): SignalName[] =>
  (asked.length > 0 ? asked : signalNames).filter(
    (name) => signals[name].kind === "gauge" && signals[name].unit !== "ratio",
  );

function gathered(question: SignalQuestion, rows: readonly Row[], moments: readonly Row[]): SignalGroup[] {
  const keysOf = (row: Row): (string | null)[] =>
    question.by.map((_, index) => {
      const value = row[`k${index}`];
      return typeof value === "string" ? value : null;
    });
  const idOf = (row: Row): string => JSON.stringify([keysOf(row), row["bucket"] ?? null, row["signal"]]);
  const momentsOf = new Map(moments.map((row) => [idOf(row), Number(row["moments"])]));
  return rows.flatMap((row) => {
    const name = row["signal"];
    // Of a newer Plimsoll; it can't be told what it means.
    if (typeof name !== "string" || !Object.hasOwn(signals, name)) return [];
    // Buckets that nothing tells the sum of.
    if (row["count"] === null) return [];
    const signal = name as SignalName;
    const { kind, unit } = signals[signal];
    const seen = momentsOf.get(idOf(row));
    return [
      {
        keys: keysOf(row),
        ...(typeof row["bucket"] === "string" ? { bucket: `${row["bucket"].replace(" ", "T")}Z` } : {}),
        signal,
        kind,
        unit,
        ...(seen === undefined ? {} : { moments: seen }),
        ...valuesOf(signals[signal], row, seen),
      },
    ];
  });
}

function valuesOf({ kind, unit }: SignalFact, row: Row, moments: number | undefined): Partial<SignalGroup> {
  const [sum, count] = [Number(row["sum"]), Number(row["count"])];
  switch (kind) {
    case "gauge": {
      const max = row["max"] === null ? {} : { max: Number(row["max"]) };
      // Shares of several machines are averaged, requests of several replicas add up.
      const over = unit === "ratio" ? count : moments;
      return over === undefined || over === 0 ? max : { mean: sum / over, ...max };
    }
    case "counter":
      return { total: sum };
    case "histogram": {
      const [p50, p95, p99] = histogramQuantiles(bucketsOf(row["buckets"]), [0.5, 0.95, 0.99]);
      return {
        total: count,
        ...(count === 0 ? {} : { mean: sum / count }),
        ...(p50 === undefined || p95 === undefined || p99 === undefined ? {} : { p50, p95, p99 }),
      };
    }
  }
}

/** Buckets as `signalSums` lists them. */
const bucketsOf = (listed: unknown): HistogramBucket[] =>
  typeof listed !== "string" || listed === ""
    ? []
    : listed.split(",").map((bucket) => {
        const [lower = "", upper = "", count = ""] = bucket.split(" ");
        return { lower: boundOf(lower), upper: boundOf(upper), count: Number(count) };
      });
