import { randomUUID } from "node:crypto";
import { lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { refuseKeptPlace } from "#flows/kept-place.ts";
import { syncPath } from "#lake/snapshot.ts";
import { Problem } from "#units/problems.ts";
import { type ProblemCode } from "#units/problem-codes.ts";

/** A file that an export writes: under another name until it is whole. */
export interface Target {
  /** Where it will be. */
  readonly file: string;
  /** Where it is written; in the same folder, so that one rename makes it visible. */
  readonly partial: string;
}

/**
 * Finds out, before any work, whether a file can be written.
 * @throws Problem "file-exists" unless forced, "data-unwritable" for a folder that is not there or may not be written to, and for a place that
 *   Plimsoll keeps its own files in
 */
export async function claimTarget(data: string, named: string, force: boolean): Promise<Target> {
  await refuseKeptPlace(data, named);
  const there = await stat(named).catch(() => undefined);
  if (there !== undefined && !there.isFile())
    throw new Problem("data-unwritable", `${named} is no file that can be replaced.`, {
      at: { file: named },
      hint: "Name a file; --output - writes CSV to standard output.",
    });
  if (there !== undefined && !force)
    throw new Problem("file-exists", `${named} is there already.`, {
      at: { file: named },
      hint: "Give a name that is not taken, or replace the file with --force.",
    });
  // A link stays one: what it points to is replaced.
  const link = await lstat(named).catch(() => undefined);
  if (there === undefined && link !== undefined)
    throw new Problem("data-unwritable", `${named} is a link to what is not there.`, {
      at: { file: named },
      hint: "Remove the link, or make what it points to; nothing was written.",
    });
  const file = link?.isSymbolicLink() === true ? await realpath(named) : named;
  const partial = `${path.resolve(file)}.${randomUUID()}.partial`;
  try {
    await (await open(partial, "wx")).close();
    await rm(partial);
  } catch (cause) {
    throw targetFault(cause, named);
  }
  return { file, partial };
}

/**
 * Makes a written file visible, durably.
 * @throws Problem "file-exists" if another took the name meanwhile
 */
export async function publishTarget({ file, partial }: Target, force: boolean): Promise<void> {
  try {
    await syncPath(partial);
    if (!force && (await stat(file).catch(() => undefined)) !== undefined)
      throw new Problem("file-exists", `${file} was written by another meanwhile.`, { at: { file } });
    await rename(partial, file);
    await syncPath(path.dirname(path.resolve(file)));
  } catch (cause) {
    throw targetFault(cause, file);
  }
}

const reasons: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  ENOENT: ["data-unwritable", "its folder is not there"],
  ENOTDIR: ["data-unwritable", "its folder is a file"],
  EACCES: ["data-unwritable", "permission is missing"],
  EPERM: ["data-unwritable", "permission is missing"],
  EROFS: ["data-unwritable", "the file system is read-only"],
  ENAMETOOLONG: ["data-unwritable", "its name is too long"],
  ENOSPC: ["disk-full", "the disk is full"],
  EDQUOT: ["disk-full", "the quota is used up"],
};

/** What the file system says of a file that is to be written, as a Problem where people can do something about it. */
export function targetFault(cause: unknown, file: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const found = reasons[code];
  if (cause instanceof Problem || found === undefined) return cause;
  return new Problem(found[0], `${file} can't be written: ${found[1]}.`, {
    at: { file },
    cause,
    hint: "Name a file in a folder that is there, that this user may write to and that has room; nothing was written.",
  });
}
