import { increaseOf } from "#analysis/metrics/increase.ts";
import type { EventRow } from "#facts/event-table.ts";
import { signalsTable } from "#facts/signal-columns.ts";
import { type Compacted, compactEvents, type CompactOptions } from "#flows/events/compact-events.ts";
import { compactOutcomes, type OutcomeReceiver } from "#flows/outcomes/receive-outcomes.ts";
import { type MeasuredPoint, measuredPoint } from "#ingest/otlp/measured-series.ts";
import type { PointRejection } from "#ingest/otlp/metric-point.ts";
import { successBody } from "#ingest/otlp/partial-success.ts";
import { pointsPartialSuccess, readMetrics } from "#ingest/otlp/read-metrics.ts";
import type { OtlpRequest } from "#ingest/otlp/read-traces.ts";
import { type Journal, type JournalLimits, openJournal } from "#lake/journal/journal.ts";
import { journalFolder, waitingBytes } from "#lake/journal/segments.ts";
import type { Instant } from "#units/instant.ts";
import { forgetSilent, type LastTotals, lastTotals } from "./last-totals.ts";
import { metricRows, type MetricRows } from "./metric-rows.ts";
import { OneMeasure } from "./one-measure.ts";

/** What was made of a request to /v1/metrics. All of it is on the disk. */
export interface TakenMetrics {
  /** The answer's body, in the request's format. */
  readonly body: Buffer;
  /** Points that something was made of, repeated ones among them. */
  readonly points: number;
  /** By reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Receives metrics of other processes: what is answered for is on the disk, and a point that is sent again counts once. */
export interface MetricReceiver {
  /** @throws Problem "otlp-invalid", "input-too-large", "compression-broken": never half-taken; "journal-full", "lake-busy": send it again later */
  metrics(request: OtlpRequest, now: Instant): Promise<TakenMetrics>;
  readonly journal: Journal;
  close(): Promise<void>;
}

/** So many series are remembered; their last totals fit in some hundred MB. */
const MOST_SERIES = 200_000;

/** Does what writes to the lake when nothing else of this process does. */
export type InTurn = <T>(job: () => Promise<T>) => Promise<T>;

/**
 * @param outcomes who keeps outcomes: a metric may count some
 * @throws Problem "journal-busy" if another process receives metrics into this data folder
 */
export async function receiveMetrics(
  data: string,
  outcomes: Pick<OutcomeReceiver, "journal">,
  inTurn: InTurn,
  limits?: JournalLimits,
): Promise<MetricReceiver> {
  const journal = await openJournal(data, signalsTable, limits);
  const keeper = new MetricKeeper(
    (now) =>
      inTurn(async () => {
        // What a process before this one kept is made part of the lake, and read from there.
        await compactMetrics(data, { now, journal });
        await compactOutcomes(data, { now, journal: outcomes.journal });
        return lastTotals(data, now);
      }),
    { signals: journal, outcomes: outcomes.journal },
  );
  return {
    metrics: async (request, now) => {
      const read = await readMetrics(request);
      const rejected: Partial<Record<PointRejection, number>> = { ...read.rejected };
      const measured: MeasuredPoint[] = [];
      const reject = (reason: PointRejection): void => void (rejected[reason] = (rejected[reason] ?? 0) + 1);
      for (const point of read.points) {
        const made = measuredPoint(point, now);
        if (typeof made !== "string") measured.push(made);
        else if (made !== "passed-over") reject(made);
      }
      const points = await keeper.keep(measured, now, () => reject("too-many-series"));
      const isJson = request.contentType?.startsWith("application/json") === true;
      return {
        body: successBody(pointsPartialSuccess({ rejected }), isJson, "DataPoints"),
        points,
        rejected,
      };
    },
    journal,
    close: () => journal.close(),
  };
}

/** Knows what each series has come to, and keeps by how much it grew: one request after the other, since the next depends on the one before. */
class MetricKeeper {
  readonly #remembered: (now: Instant) => Promise<Map<string, LastTotals>>;
  readonly #into: { readonly signals: Journal; readonly outcomes: Journal };
  readonly #measures = new OneMeasure();
  #last: Map<string, LastTotals> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    remembered: (now: Instant) => Promise<Map<string, LastTotals>>,
    into: { readonly signals: Journal; readonly outcomes: Journal },
  ) {
    this.#remembered = remembered;
    this.#into = into;
  }

  /** @returns how many points something was made of */
  keep(points: readonly MeasuredPoint[], now: Instant, refuse: () => void): Promise<number> {
    const kept = this.#turn.then(() => this.#keep(points, now, refuse));
    this.#turn = kept.catch(() => {});
    return kept;
  }

  async #keep(points: readonly MeasuredPoint[], now: Instant, refuse: () => void): Promise<number> {
    const last = (this.#last ??= await this.#remembered(now));
    const moved = new Map<string, LastTotals>();
    const [signals, outcomes]: [EventRow[], EventRow[]] = [[], []];
    let taken = 0;
    let hasForgotten = false;
    for (const point of this.#measures.among(points)) {
      const before = moved.get(point.series) ?? last.get(point.series);
      if (before === undefined && last.size + moved.size >= MOST_SERIES && !hasForgotten) {
        forgetSilent(last, now);
        hasForgotten = true;
      }
      if (before === undefined && last.size + moved.size >= MOST_SERIES) {
        refuse();
        continue;
      }
      taken++;
      const rows = rowsOf(point, before);
      signals.push(...rows.signals);
      outcomes.push(...rows.outcomes);
      if (point.isCumulative && (before === undefined || point.time > before.until))
        moved.set(point.series, { ...point, until: point.time });
    }
    await this.#into.signals.append(signals);
    await this.#into.outcomes.append(outcomes);
    // Only what is on the disk is remembered: a request that failed is sent again, and gives the same rows.
    for (const [series, totals] of moved) last.set(series, totals);
    return taken;
  }
}

/** Rows of a point: none if it was seen before, or nothing happened since. */
function rowsOf(point: MeasuredPoint, before: LastTotals | undefined): MetricRows {
  if (!point.isCumulative) return metricRows(point, point);
  if (before !== undefined && point.time <= before.until) return { signals: [], outcomes: [] };
  const age = point.start === null ? undefined : point.time - point.start;
  const increase = increaseOf(before, point, age);
  // Where nothing happened, what it had come to is what it has come to.
  if (before !== undefined && increase.sum === 0 && increase.count === 0)
    return { signals: [], outcomes: [] };
  return metricRows(point, increase);
}

/** Makes the points that wait in the journal part of the lake. @throws Problem "lake-busy", "disk-full"; what was done before stays done */
export const compactMetrics = (data: string, options: CompactOptions): Promise<Compacted> =>
  compactEvents(data, signalsTable, options);

/** Bytes of points that were acknowledged and are not part of the lake yet. */
export const waitingMetrics = (data: string): Promise<number> =>
  waitingBytes(journalFolder(data, signalsTable.name));
