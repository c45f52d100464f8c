import { type Dirent, readdir as readdirWithCallback } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { Problem } from "#units/problems.ts";
import { isManifest } from "./manifest-name.ts";

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
    const options = { absolute: true, followSymbolicLinks: false, fs: { readdir: readdirWithLinks } };
    const paths = await glob(input, options);
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
  // A manifest stands for the delivery that lies around it.
  if (isManifest(real)) return walk(path.dirname(real), path.dirname(real));
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

/** The pattern search passes over links in silence; seen as files they are matched, and then refused. */
const readdirWithLinks = ((folder: string, options: { withFileTypes: true }, done: Found) => {
  readdirWithCallback(folder, options, (error, entries) => {
    for (const entry of error === null ? entries : []) {
      if (entry.isSymbolicLink()) Object.assign(entry, { isFile: () => true, isSymbolicLink: () => false });
    }
    done(error, entries);
  });
}) as typeof readdirWithCallback;

type Found = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

async function plainFile(file: string): Promise<string> {
  if ((await lstat(file)).isSymbolicLink()) throw symlink(file);
  return file;
}

function missing(input: string, cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw unreadable(input, cause);
}

/** A file that the system does not let us read; a problem that is known already stays what it is. */
export function unreadable(file: string, cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const why = code === "EACCES" || code === "EPERM" ? "permission is missing" : code;
  return new Problem("source-unreadable", `${file} can't be read: ${why}.`, { at: { file }, cause });
}

function symlink(file: string): Problem {
  return new Problem("source-symlink", `${file} is a symbolic link.`, { at: { file } });
}
