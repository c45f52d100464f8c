import { Problem } from "#units/problems.ts";

/** The network and the clock, as arguments so that tests pass their own. */
export interface WebIo {
  readonly fetch: typeof fetch;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds a page may take. */
  readonly timeout: number;
}

const MOST_BYTES = 16 << 20;
const MOST_TRIES = 5;
/** A server that wants longer than this is asked another day. */
const MOST_WAIT_MS = 300_000;

/**
 * The text at an address. A busy server (429 and 5xx) is asked again, when it says so (Retry-After) or after 1, 2, 4, 8 seconds.
 * @throws Problem "prices-unreachable", "input-too-large"
 */
export async function fetchText(address: URL, io: WebIo): Promise<string> {
  for (let tries = 1; ; tries++) {
    const answer = await ask(address, io);
    if (answer.ok) return bodyOf(address, answer);
    await answer.body?.cancel();
    const busy = answer.status === 429 || answer.status >= 500;
    if (!busy || tries === MOST_TRIES)
      throw unreachable(address, `answers ${answer.status}${busy ? ` after ${MOST_TRIES} tries` : ""}`);
    const wait = waitOf(answer.headers.get("retry-after")) ?? 1000 * 2 ** (tries - 1);
    if (wait > MOST_WAIT_MS) throw unreachable(address, `asks to wait ${Math.ceil(wait / 1000)} seconds`);
    await io.sleep(wait);
  }
}

async function ask(address: URL, io: WebIo): Promise<Response> {
  try {
    // A redirection could lead anywhere, and the API has none.
    return await io.fetch(address, { signal: AbortSignal.timeout(io.timeout), redirect: "error" });
  } catch (cause) {
    throw unreachable(
      address,
      slow(cause) ? `does not answer within ${io.timeout / 1000} seconds` : "can't be reached",
      cause,
    );
  }
}

async function bodyOf(address: URL, answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES)
        throw new Problem(
          "input-too-large",
          `A page of ${address.host} is larger than ${MOST_BYTES >> 20} MiB.`,
        );
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw unreachable(
      address,
      slow(cause) ? "does not finish its answer in time" : "breaks off its answer",
      cause,
    );
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Milliseconds that Retry-After asks for; undefined if it says nothing sensible. */
function waitOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  return /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}

const slow = (cause: unknown): boolean => cause instanceof Error && cause.name === "TimeoutError";

const unreachable = (address: URL, what: string, cause?: unknown): Problem =>
  new Problem("prices-unreachable", `${address.host} ${what}.`, { cause });
