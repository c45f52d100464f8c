import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";

/** Who a server runs as; undefined for whoever runs the tests. */
export type User = { readonly uid: number; readonly gid: number } | undefined;

/** A server of a test's own, in a process of its own. */
export interface ServerProcess {
  readonly stop: () => Promise<void>;
}

const READY_SECONDS = 30;
const STOP_SECONDS = 20;

/** Where a program is; undefined if it is not on the path. */
export function programPath(name: string): string | undefined {
  const { status, stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Why tests of a server are skipped, printed once; undefined where they run. In CI they always run, and fail without it. */
export function skipReason(missing: string | undefined): string | undefined {
  if (missing === undefined || (process.env["CI"] ?? "") !== "") return undefined;
  console.warn(`Skipped: ${missing}`);
  return missing;
}

/** A port of this machine that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Runs a program to its end; what it says is the error where it fails. */
export function runProgram(program: string, args: readonly string[], user?: User): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: "/", ...user });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stdout}${stderr}`, { cause: error });
}

/**
 * Starts a server and waits until it is ready.
 * @param ready asked over and over, with what the server has said on its standard error
 * @param signal what makes it end soon and cleanly
 */
export async function startProcess(
  program: string,
  args: readonly string[],
  ready: (said: string) => boolean | Promise<boolean>,
  { user, signal = "SIGTERM" }: { user?: User; signal?: NodeJS.Signals } = {},
): Promise<ServerProcess> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], cwd: "/", ...user });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-100_000)));
  // Tests that are stopped in the middle leave no server behind.
  const atExit = (): void => void child.kill(signal);
  process.once("exit", atExit);
  const stop = async (): Promise<void> => {
    process.off("exit", atExit);
    await end(child, signal);
  };
  for (let waited = 0; !(await ready(said)); waited += 0.05) {
    if (ended(child) || waited > READY_SECONDS) {
      await stop();
      throw new Error(`${program} did not get ready: ${said}`);
    }
    await setTimeout(50);
  }
  return { stop };
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (ended(child)) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const late = new AbortController();
  await Promise.race([
    gone,
    setTimeout(STOP_SECONDS * 1000, undefined, { signal: late.signal })
      .then(() => child.kill("SIGKILL"))
      .catch(() => {}),
  ]);
  late.abort();
  await gone;
}
