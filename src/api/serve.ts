import { setTimeout as delay } from "node:timers/promises";
import { compactCalls } from "#flows/calls/compact-calls.ts";
import type { Compacted } from "#flows/events/compact-events.ts";
import { recentPrices } from "#flows/calls/recent-prices.ts";
import { receiveCalls } from "#flows/calls/receive-calls.ts";
import { recordCalls } from "#flows/calls/record-calls.ts";
import { waitingCalls } from "#flows/calls/waiting-calls.ts";
import { checkServer, collectSignals, type CollectRequest } from "#flows/signals/collect-signals.ts";
import {
  compactMetrics,
  type InTurn,
  receiveMetrics,
  waitingMetrics,
} from "#flows/metrics/receive-metrics.ts";
import { compactOutcomes, receiveOutcomes, waitingOutcomes } from "#flows/outcomes/receive-outcomes.ts";
import { Problem } from "#units/problems.ts";
import { buildServer } from "./build-server.ts";
import { every } from "./every.ts";
import { type ServerMetrics, serverMetrics } from "./server-metrics.ts";

/** How a server is run. */
export interface ServeOptions {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  /** Seconds between compactions. */
  readonly compactSeconds: number;
  /** Asks for a hash of prompts. */
  readonly hashKey?: Uint8Array;
  /** The server of signals that is read again and again. */
  readonly collect?: Omit<CollectRequest, "data" | "now" | "window"> & { readonly minutes: number };
  /** Told what an operator should know; never of what was sent. */
  readonly log: (line: string) => void;
}

/** A server that listens. */
export interface Served {
  readonly url: string;
  /** Answers what was begun, makes what was taken part of the lake if that can be done at once, and lets the next process in. */
  stop(): Promise<void>;
}

/** A table whose events wait in a journal. */
interface Waiting {
  /** How many bytes wait. */
  readonly waiting: () => Promise<number>;
  readonly compact: (now: number) => Promise<Compacted>;
}

/** A service manager is not kept waiting for longer. */
const LAST_MILLISECONDS = 5000;

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/**
 * Receives calls and outcomes and makes them part of the lake as they come.
 * @throws Problem "token-needed" for a host that others reach without a token, "port-taken", "journal-busy" if another process receives into this folder,
 *   "price-file-invalid", "option-invalid" for an address that is none
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { data, host, port, token, log } = options;
  if (token === undefined && !isLoopback(host))
    throw new Problem("token-needed", `${host} can be reached by others, and no token is set.`);
  if (options.collect !== undefined) checkServer(options.collect);
  // A price file that can't be read is found out before anything is received.
  const prices = recentPrices(data);
  await prices(Date.now());
  // Whoever writes to the lake keeps the others out, in this process too: jobs follow each other.
  let writing: Promise<unknown> = Promise.resolve();
  const inTurn: InTurn = (job) => {
    const done = writing.then(job);
    writing = done.catch(() => {});
    return done;
  };
  const recorder = await recordCalls(data);
  const outcomes = await receiveOutcomes(data).catch(async (cause: unknown) => {
    await recorder.close();
    throw cause;
  });
  const metricReceiver = await receiveMetrics(data, outcomes, inTurn).catch(async (cause: unknown) => {
    await recorder.close();
    await outcomes.close();
    throw cause;
  });
  const close = async (): Promise<void> => {
    await recorder.close();
    await outcomes.close();
    await metricReceiver.close();
  };
  const metrics = serverMetrics(
    async () => (await waitingCalls(data)) + (await waitingOutcomes(data)) + (await waitingMetrics(data)),
  );
  let stopping = false;
  const app = buildServer({
    receiver: receiveCalls(recorder, options.hashKey),
    outcomes,
    metricReceiver,
    metrics,
    now: Date.now,
    ...(token === undefined ? {} : { token }),
    isReady: () => !stopping,
    onFault: (cause) =>
      log(`fault: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`),
  });
  // Each by itself: prices that can't be read keep calls waiting, and nothing else.
  const tables: readonly Waiting[] = [
    {
      waiting: () => waitingCalls(data),
      compact: async (now) =>
        compactCalls(data, { now, journal: recorder.journal, compute: await prices(now) }),
    },
    {
      waiting: () => waitingOutcomes(data),
      compact: (now) => compactOutcomes(data, { now, journal: outcomes.journal }),
    },
    {
      waiting: () => waitingMetrics(data),
      compact: (now) => compactMetrics(data, { now, journal: metricReceiver.journal }),
    },
  ];
  const compact = async (): Promise<void> => {
    const done: Compacted[] = [];
    let isWhole = true;
    for (const table of tables)
      try {
        if ((await table.waiting()) > 0) done.push(await table.compact(Date.now()));
      } catch (cause) {
        isWhole = false;
        metrics.compactions.inc({ outcome: "failed" });
        log(`not compacted: ${cause instanceof Problem ? `${cause.code}: ${cause.message}` : String(cause)}`);
      }
    for (const { added, duplicates, damaged } of done) {
      metrics.compacted.inc({ kind: "added" }, added);
      metrics.compacted.inc({ kind: "repeated" }, duplicates);
      for (const { file, why } of damaged) log(`${file} ${why}; it is left where it is`);
    }
    if (done.length === 0 || !isWhole) return;
    metrics.compactions.inc({ outcome: "done" });
    metrics.lastCompaction.set(Date.now() / 1000);
  };
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await close();
    throw portFault(cause, host, port);
  }
  const jobs = [
    every(options.compactSeconds * 1000, () => inTurn(compact)),
    ...(options.collect === undefined ? [] : [collecting(options, options.collect, metrics, inTurn)]),
  ];
  const address = app.server.address();
  const listening = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listening}`,
    stop: async () => {
      stopping = true;
      await app.close();
      // What is not done by then waits in the journal, as it would after any other end; a time that was not read is read at the next start.
      const last = Promise.all(jobs.map((job) => job.stop())).then(() => inTurn(compact));
      await Promise.race([last, delay(LAST_MILLISECONDS, undefined, { ref: false })]);
      await close();
    },
  };
}

/** Reads what is new of a server of signals, now and every so many minutes. A server that can't be reached is asked again: what was missed is read then. */
function collecting(
  { data, log }: ServeOptions,
  { minutes, ...request }: NonNullable<ServeOptions["collect"]>,
  metrics: ServerMetrics,
  inTurn: InTurn,
): { stop(): Promise<void> } {
  const collect = async (): Promise<void> => {
    try {
      const { added } = await collectSignals({ ...request, data, now: Date.now() });
      metrics.collections.inc({ outcome: "done" });
      metrics.collected.inc(added);
      metrics.lastCollection.set(Date.now() / 1000);
    } catch (cause) {
      metrics.collections.inc({ outcome: "failed" });
      log(`not collected: ${cause instanceof Problem ? `${cause.code}: ${cause.message}` : String(cause)}`);
    }
  };
  return every(minutes * 60_000, () => inTurn(collect), true);
}

function portFault(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "EADDRINUSE")
    return new Problem("port-taken", `Port ${port} of ${host} is taken by another process.`, { cause });
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new Problem("port-taken", `${host}:${port} can't be listened on (${code}).`, { cause });
  return cause;
}
