import { MOMENT } from "#facts/signal.ts";
import { signalRow, signalsTable } from "#facts/signal-columns.ts";
import { importEvents, type ImportedEvents } from "#flows/events/import-events.ts";
import { type EventDay, eventsOf } from "#lake/events/event-days.ts";
import { openEvents } from "#lake/open-events.ts";
import { readLake } from "#lake/snapshot.ts";
import { sql } from "#lake/sql.ts";
import type { Patience } from "#lake/while-busy.ts";
import { readSignals } from "#ingest/prometheus/signals/read-signals.ts";
import { type Credentials, prometheusServer } from "#ingest/prometheus/server.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";

/** Which signals are read, and whose they are then. */
export interface CollectRequest {
  readonly data: string;
  /** Such as http://prometheus:9090. */
  readonly address: string;
  readonly credentials?: Credentials;
  /** What the lake calls the server; points of one source are kept once. */
  readonly source: string;
  /** Added to every selector, such as cluster="prod"; empty for none. */
  readonly matchers: string;
  /** The name of series without a label `cluster`. */
  readonly cluster: string;
  /** Undefined: from where the source ends in the lake, else a day ago, to now. */
  readonly window?: Window;
  readonly now: Instant;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onWait?: Patience["onWait"];
}

/** What was collected. */
export interface Collected extends ImportedEvents {
  readonly source: string;
  /** Whole five minutes; empty if nothing was to be read yet. */
  readonly window: Window;
  /** Points per signal that is new. */
  readonly signals: Readonly<Record<string, number>>;
}

/** A server's last samples come this late; a bucket that was read half would stay so. */
const SETTLED = 120_000;
/** Series of so much time are held in memory at once. */
const PIECE = 6 * 3_600_000;
const DAY = 86_400_000;

/**
 * Reads signals of a server into the lake, a day after the other: each day is there whole or not at all, and what was read before stays once.
 * @throws Problem of `readSignals` and `prometheusServer`; "window-invalid" for a time that has not come yet; "lake-busy", "disk-full"
 */
export async function collectSignals(request: CollectRequest): Promise<Collected> {
  const { data, source, now, onProgress = () => {}, onWait = () => {} } = request;
  const asked = await windowOf(request);
  const counts = new Map<string, number>();
  const done = { read: 0, added: 0, duplicates: 0 };
  for (let start = asked.start; start < asked.end; start += DAY) {
    const day = { start, end: Math.min(asked.end, start + DAY) };
    const rows = piecesOf(request, day, (end) => onProgress(end - asked.start, asked.end - asked.start));
    const imported = await importEvents(
      data,
      signalsTable,
      (async function* () {
        for await (const points of rows) {
          for (const { signal } of points) counts.set(signal, (counts.get(signal) ?? 0) + 1);
          yield points.map((point) => signalRow(source, point));
        }
      })(),
      { now, onWait },
    );
    done.read += imported.read;
    done.added += imported.added;
    done.duplicates += imported.duplicates;
  }
  return {
    ...done,
    source,
    window: asked,
    signals: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** @throws Problem "option-invalid" for an address that is none, or two ways to prove oneself: before anything is asked */
export function checkServer({ address, credentials }: Pick<CollectRequest, "address" | "credentials">): void {
  prometheusServer(address, credentials);
}

async function* piecesOf(
  { address, credentials, matchers, cluster }: CollectRequest,
  { start, end }: Window,
  onRead: (end: Instant) => void,
): AsyncGenerator<Awaited<ReturnType<typeof readSignals>>> {
  const server = prometheusServer(address, credentials);
  for (let from = start; from < end; from += PIECE) {
    const to = Math.min(end, from + PIECE);
    const steps = { start: from, stepSeconds: MOMENT / 1000, count: (to - from) / MOMENT };
    yield await readSignals(server, { steps, matchers, cluster });
    onRead(to);
  }
}

async function windowOf({ data, source, window, now }: CollectRequest): Promise<Window> {
  const settled = Math.floor((now - SETTLED) / MOMENT) * MOMENT;
  if (window === undefined) {
    const start = (await endOf(data, source)) ?? settled - DAY;
    return { start: Math.min(start, settled), end: settled };
  }
  const start = Math.ceil(window.start / MOMENT) * MOMENT;
  const end = Math.min(settled, Math.floor(window.end / MOMENT) * MOMENT);
  if (start < end) return { start, end };
  throw new Problem("window-invalid", "The time asked for holds no whole five minutes that are over.", {
    hint: "Signals are read two minutes after their time, when the last samples have come in.",
  });
}

/** The end of the last five minutes that the lake has of a source; undefined if it has none. */
async function endOf(data: string, source: string): Promise<Instant | undefined> {
  const { days } = eventsOf((await readLake(data)).events, signalsTable);
  for (const day of [...days].reverse()) {
    const last = await lastOf(data, source, day);
    if (last !== undefined) return last + MOMENT;
  }
  return undefined;
}

async function lastOf(data: string, source: string, { day }: EventDay): Promise<Instant | undefined> {
  const start = Date.parse(`${day}T00:00:00Z`);
  const lake = await openEvents(data, signalsTable, () => ({ start, end: start + DAY }));
  try {
    const relation = lake.dialect.files(lake.files(signalsTable.name));
    const [row] = await lake.engine.query(
      sql`select epoch_ms(max("Time"))::varchar as last from ${relation} where "x_Source" = ${source}`,
    );
    return typeof row?.["last"] === "string" ? Number(row["last"]) : undefined;
  } finally {
    lake.close();
  }
}
