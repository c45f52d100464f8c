import { setTimeout } from "node:timers/promises";
import { Problem } from "#units/problems.ts";
import type { PrometheusServer } from "./server.ts";

/** What may be tried, and for how long. */
export interface QueryLimits {
  readonly timeoutSeconds: number;
  /** Bytes of one answer. */
  readonly answerBytes: number;
  readonly attempts: number;
}

export const defaultLimits: QueryLimits = { timeoutSeconds: 120, answerBytes: 64 * 2 ** 20, attempts: 4 };

export interface QueryIo {
  readonly fetch: typeof fetch;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

export const realIo: QueryIo = { fetch, wait: setTimeout };

/** A query at equal steps: seconds since 1970, both ends included. */
export interface RangeQuery {
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The answer is longer than the limit; ask for less at a time. */
export const TOO_LONG = Symbol("too long");

/** Busy, or an error of a proxy before it: worth another try. */
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Asks POST /api/v1/query_range, and again after a pause where the server is busy or unreachable.
 * @returns the JSON text as it came, or TOO_LONG
 * @throws Problem "server-unreachable", "server-refused", "query-failed" with the place in the query, "answer-invalid"
 */
export async function queryRange(
  server: PrometheusServer,
  range: RangeQuery,
  limits: QueryLimits = defaultLimits,
  io: QueryIo = realIo,
): Promise<Uint8Array | typeof TOO_LONG> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(server, range, limits, io);
    if (answer instanceof Uint8Array || answer === TOO_LONG) return answer;
    if (!answer.again || attempt >= limits.attempts) throw answer.problem;
    await io.wait(250 * 2 ** attempt);
  }
}

interface Failure {
  readonly problem: Problem;
  readonly again: boolean;
}

async function ask(
  server: PrometheusServer,
  { query, start, end, step }: RangeQuery,
  limits: QueryLimits,
  io: QueryIo,
): Promise<Uint8Array | typeof TOO_LONG | Failure> {
  const form = { query, start: String(start), end: String(end), step: String(step) };
  try {
    const response = await io.fetch(`${server.url}/api/v1/query_range`, {
      method: "POST",
      body: new URLSearchParams({ ...form, timeout: `${limits.timeoutSeconds}s` }),
      headers: server.authorization === undefined ? {} : { authorization: server.authorization },
      signal: AbortSignal.timeout(limits.timeoutSeconds * 1000),
    });
    const body = await readBody(response, limits.answerBytes);
    if (response.ok) return body;
    return failure(response.status, body === TOO_LONG ? "" : new TextDecoder().decode(body), server, query);
  } catch (cause) {
    const why = cause instanceof Error ? reason(cause) : String(cause);
    const problem = new Problem("server-unreachable", `${server.url} did not answer: ${why}.`, { cause });
    return { problem, again: true };
  }
}

async function readBody(response: Response, limit: number): Promise<Uint8Array | typeof TOO_LONG> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = (
    response.body ?? new Blob([]).stream()
  ).getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, length);
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return TOO_LONG;
    }
    parts.push(value);
  }
}

function failure(status: number, body: string, server: PrometheusServer, query: string): Failure {
  if (status === 401 || status === 403)
    return {
      problem: new Problem("server-refused", `${server.url} refuses who asks (HTTP ${status}).`),
      again: false,
    };
  const said = errorOf(body);
  if (said === undefined) {
    const problem = new Problem(
      "answer-invalid",
      `${server.url} answered HTTP ${status} without a Prometheus error.`,
    );
    return { problem, again: TRANSIENT.has(status) };
  }
  const [, line, column, what] = /(?:^|: )(\d+):(\d+): (?:parse error: )?(.*)$/.exec(said) ?? [];
  const place = line === undefined ? said : `line ${line}, column ${column} of the query: ${what}`;
  const problem = new Problem("query-failed", `${server.url} can't answer (${place}). Asked: ${query}`, {
    at: { ...(line === undefined ? {} : { line: Number(line), column: String(column) }), value: query },
  });
  return { problem, again: TRANSIENT.has(status) };
}

/** Prometheus's own error text: {"status":"error","errorType":"bad_data","error":"…"}. */
function errorOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === "string" ? error : undefined;
  } catch {
    return undefined;
  }
}

/** fetch tells the system's reason only in its cause. */
const reason = (error: Error): string =>
  error.name === "TimeoutError"
    ? "it took too long"
    : error.cause instanceof Error
      ? error.cause.message || (error.cause as NodeJS.ErrnoException).code || error.message
      : error.message;
