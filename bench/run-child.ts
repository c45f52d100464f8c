import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

export interface ChildRun {
  readonly seconds: number;
  /** Most memory the process held, MiB; NaN where the system does not tell (only Linux does). */
  readonly peakMiB: number;
  /** What it wrote. */
  readonly output: string;
}

/**
 * Runs a command to its end and measures it from outside.
 * @throws Error with its output if it fails
 */
export async function runChild(command: string, args: readonly string[]): Promise<ChildRun> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  let peakMiB = NaN;
  const watch = setInterval(() => {
    void highWater(child.pid ?? 0).then((mebibytes) => {
      if (mebibytes !== undefined) peakMiB = mebibytes;
    });
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${String(code)}:\n${output}`);
  return { seconds: (performance.now() - started) / 1000, peakMiB, output };
}

async function highWater(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}
