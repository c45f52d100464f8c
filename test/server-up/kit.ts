import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** A server in a process of its own, started as people start it. */
export interface Up {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it printed. */
  readonly printed: () => string;
  /** Ends it, and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const bin = path.join(import.meta.dirname, "..", "..", "bin", "plimsoll.js");

/** Starts `plimsoll up` on a free port; resolves when it listens. */
export async function up(
  data: string,
  {
    args = [],
    env = {},
  }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Up> {
  const child = spawn(process.execPath, [bin, "up", "--data", data, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let printed = "";
  const ended = once(child, "close") as Promise<[number | null]>;
  const listening = new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      printed += chunk.toString();
      const url = /Listening on (\S+):/.exec(printed)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    void ended.then(() => reject(new Error(`it ended: ${printed}`)));
  });
  return {
    url: await listening,
    process: child,
    printed: () => printed,
    end: async (signal = "SIGTERM") => {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

/** A call of our own format. */
export const line = (id: string, more: object = {}): object => ({
  id,
  start: "2026-07-14T09:00:00Z",
  provider: "openai",
  requestModel: "gpt-5",
  tokens: { input: 1000, output: 100 },
  attributes: { team: "search" },
  ...more,
});

/** Posts JSON, and gives the answer's status, headers and body. */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Headers; body: string }> {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}
