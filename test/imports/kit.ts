import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { importDelivery, type ImportResult } from "#flows/import/import-delivery.ts";
import type { ImportProgress, ImportRequest } from "#flows/import/import-request.ts";

/** A folder of a test's own. */
export interface OwnFolder {
  readonly folder: string;
  /** Where its lake lies, if it gets one. */
  readonly data: string;
  /** Writes a file into it, with the folders above, and answers with its path. */
  readonly write: (name: string, text: string | Uint8Array) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** Makes a folder of a test's own; whoever asks for it removes it. */
export async function ownFolder(): Promise<OwnFolder> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "plimsoll-")));
  return {
    folder,
    data: path.join(folder, "data"),
    write: async (name, text) => {
      const full = path.join(folder, name);
      await mkdir(path.dirname(full), { recursive: true });
      await writeFile(full, text);
      return full;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Every file and folder below a folder, each file with the hash of its bytes: what "nothing changed" is judged by. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: Record<string, string> = {};
  for (const entry of entries) {
    const full = path.join(entry.parentPath, entry.name);
    found[path.relative(folder, full)] = entry.isFile()
      ? createHash("sha256")
          .update(await readFile(full))
          .digest("hex")
      : "folder";
  }
  return found;
}

/** Imports as `plimsoll import` does without options, but for those given. */
export function bring(
  data: string,
  inputs: string | readonly string[],
  options: Partial<ImportRequest> = {},
  onProgress: (progress: ImportProgress) => void = () => {},
): Promise<ImportResult> {
  return importDelivery(
    {
      data,
      inputs: typeof inputs === "string" ? [inputs] : inputs,
      source: "aws",
      values: {},
      force: false,
      now: Date.UTC(2026, 7, 3),
      ...options,
    },
    onProgress,
  );
}

/** What a command came to. */
export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the real command, built as users have it. */
export function start(
  args: readonly string[],
  {
    before = [],
    node = [],
    env = {},
  }: { before?: readonly string[]; node?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const [command = "", ...rest] = [...before, process.execPath, ...node, "bin/plimsoll.js", ...args];
  const child = spawn(command, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) =>
      resolve({
        exit,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
  return { child, ended };
}

/** Runs the real command to its end. */
export const plimsoll = (args: readonly string[], how: Parameters<typeof start>[1] = {}): Promise<Ended> =>
  start(args, how).ended;
