import { Problem } from "#units/problems.ts";
import { type ProblemCode } from "#units/problem-codes.ts";

const codes: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  ENOENT: ["source-not-found", "There is no such file or folder:"],
  EISDIR: ["source-unreadable", "A file is meant, and this is a folder:"],
  EACCES: ["data-unwritable", "This user has no right to"],
  EPERM: ["data-unwritable", "This user has no right to"],
  EROFS: ["data-unwritable", "The file system is read-only at"],
  ENOTDIR: ["data-unwritable", "A file is in the way of"],
  ENOSPC: ["disk-full", "There is no space left for"],
  EDQUOT: ["disk-full", "There is no space left for"],
};

/** What the file system says of a backup's file, as a Problem where it is one that people can do something about. */
export function fileFault(cause: unknown, file: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const found = codes[code];
  if (cause instanceof Problem || found === undefined) return cause;
  return new Problem(found[0], `${found[1]} ${file}.`, {
    at: { file },
    cause,
    hint: "Give another name, in a folder that is there and that this user may use.",
  });
}
