import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { Problem } from "#units/problems.ts";

/** A file that was found, with the folder it was found under: nothing outside that folder may be read for it. */
export interface FoundFile {
  readonly path: string;
  readonly root: string;
  /** True if the person named this file itself, so that it may not be passed over. */
  readonly named: boolean;
}

/**
 * All regular files that files, folders (searched to the bottom) and glob patterns name, each once, in order of path.
 * @throws Problem "source-not-found", "source-unreadable", "source-symlink"
 */
export async function findFiles(inputs: readonly string[]): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const input of inputs) {
    for (const file of await filesOf(input)) found.set(file.path, file);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesOf(input: string): Promise<FoundFile[]> {
  const absolute = path.resolve(input);
  const stat = await lstat(absolute).catch((cause: unknown) => missing(input, cause));
  if (stat === undefined) {
    if (!isDynamicPattern(input))
      throw new Problem("source-not-found", `${input} does not exist.`, { at: { file: input } });
    const paths = await glob(input, { absolute: true, followSymbolicLinks: false });
    if (paths.length === 0)
      throw new Problem("source-not-found", `${input} matches no file.`, { at: { file: input } });
    return Promise.all(
      paths.map(async (file) => ({ path: await plainFile(file), root: path.dirname(file), named: true })),
    );
  }
  if (stat.isSymbolicLink()) throw symlink(input);
  // The folders above may be links (a system's own /tmp often is); only what lies below the given path may not.
  const real = await realpath(absolute);
  if (stat.isDirectory()) return walk(real, real);
  if (!stat.isFile())
    throw new Problem("source-unreadable", `${input} is neither a file nor a folder.`, {
      at: { file: input },
    });
  return [{ path: real, root: path.dirname(real), named: true }];
}

async function walk(folder: string, root: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const files: FoundFile[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const full = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) throw symlink(full);
    if (entry.isDirectory()) files.push(...(await walk(full, root)));
    else if (entry.isFile()) files.push({ path: full, root, named: false });
  }
  return files;
}

async function plainFile(file: string): Promise<string> {
  if ((await lstat(file)).isSymbolicLink()) throw symlink(file);
  return file;
}

function missing(input: string, cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw unreadable(input, cause);
}

export function unreadable(file: string, cause: unknown): Problem {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const why = code === "EACCES" || code === "EPERM" ? "permission is missing" : code;
  return new Problem("source-unreadable", `${file} can't be read: ${why}.`, { at: { file }, cause });
}

function symlink(file: string): Problem {
  return new Problem("source-symlink", `${file} is a symbolic link.`, { at: { file } });
}
