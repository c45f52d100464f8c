import { setTimeout as delay } from "node:timers/promises";
import { compactCalls } from "#flows/calls/compact-calls.ts";
import { recentPrices } from "#flows/calls/recent-prices.ts";
import { receiveCalls } from "#flows/calls/receive-calls.ts";
import { recordCalls } from "#flows/calls/record-calls.ts";
import { waitingCalls } from "#flows/calls/waiting-calls.ts";
import { compactOutcomes, receiveOutcomes, waitingOutcomes } from "#flows/outcomes/receive-outcomes.ts";
import { Problem } from "#units/problems.ts";
import { buildServer } from "./build-server.ts";
import { every } from "./every.ts";
import { serverMetrics } from "./server-metrics.ts";

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
  /** Told what an operator should know; never of what was sent. */
  readonly log: (line: string) => void;
}

/** A server that listens. */
export interface Served {
  readonly url: string;
  /** Answers what was begun, makes what was taken part of the lake if that can be done at once, and lets the next process in. */
  stop(): Promise<void>;
}

/** A service manager is not kept waiting for longer. */
const LAST_MILLISECONDS = 5000;

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/**
 * Receives calls and outcomes and makes them part of the lake as they come.
 * @throws Problem "token-needed" for a host that others reach without a token, "port-taken", "journal-busy" if another process receives into this folder,
 *   "price-file-invalid"
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { data, host, port, token, log } = options;
  if (token === undefined && !isLoopback(host))
    throw new Problem("token-needed", `${host} can be reached by others, and no token is set.`);
  // A price file that can't be read is found out before anything is received.
  const prices = recentPrices(data);
  await prices(Date.now());
  const recorder = await recordCalls(data);
  const outcomes = await receiveOutcomes(data).catch(async (cause: unknown) => {
    await recorder.close();
    throw cause;
  });
  const close = async (): Promise<void> => {
    await recorder.close();
    await outcomes.close();
  };
  const metrics = serverMetrics(async () => (await waitingCalls(data)) + (await waitingOutcomes(data)));
  let stopping = false;
  const app = buildServer({
    receiver: receiveCalls(recorder, options.hashKey),
    outcomes,
    metrics,
    now: Date.now,
    ...(token === undefined ? {} : { token }),
    isReady: () => !stopping,
    onFault: (cause) =>
      log(`fault: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`),
  });
  const compact = async (): Promise<void> => {
    try {
      const now = Date.now();
      const done = [
        ...((await waitingCalls(data)) === 0
          ? []
          : [await compactCalls(data, { now, journal: recorder.journal, compute: await prices(now) })]),
        ...((await waitingOutcomes(data)) === 0
          ? []
          : [await compactOutcomes(data, { now, journal: outcomes.journal })]),
      ];
      if (done.length === 0) return;
      metrics.compactions.inc({ outcome: "done" });
      for (const { added, duplicates, damaged } of done) {
        metrics.compacted.inc({ kind: "added" }, added);
        metrics.compacted.inc({ kind: "repeated" }, duplicates);
        for (const { file, why } of damaged) log(`${file} ${why}; it is left where it is`);
      }
      metrics.lastCompaction.set(Date.now() / 1000);
    } catch (cause) {
      metrics.compactions.inc({ outcome: "failed" });
      log(`not compacted: ${cause instanceof Problem ? `${cause.code}: ${cause.message}` : String(cause)}`);
    }
  };
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await close();
    throw portFault(cause, host, port);
  }
  const job = every(options.compactSeconds * 1000, compact);
  const address = app.server.address();
  const listening = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listening}`,
    stop: async () => {
      stopping = true;
      await app.close();
      await job.stop();
      // What is not done by then waits in the journal, as it would after any other end.
      await Promise.race([compact(), delay(LAST_MILLISECONDS, undefined, { ref: false })]);
      await close();
    },
  };
}

function portFault(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "EADDRINUSE")
    return new Problem("port-taken", `Port ${port} of ${host} is taken by another process.`, { cause });
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new Problem("port-taken", `${host}:${port} can't be listened on (${code}).`, { cause });
  return cause;
}
