import { access, constants, open, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { refuseKeptPlace } from "#flows/kept-place.ts";
import { Problem } from "#units/problems.ts";

export type PageKind = "statement" | "digest";

/** What every page of ours says of itself, so that one of its kind may be written in its place. */
export const pageMark = (kind: PageKind): string => `<meta name="generator" content="Plimsoll ${kind}">`;

const unchanged: Readonly<Record<PageKind, string>> = {
  statement: "nothing was closed",
  digest: "nothing was changed",
};

/**
 * Finds out whether a page may be written, before anything is done that can't be undone.
 * @param force whatever is there may be overwritten
 * @throws Problem "file-exists" for a file that is no page of ours of this kind, "data-unwritable" for a folder, or a place that is not there or may
 * not be written to, and for one that Plimsoll keeps its own files in
 */
export async function refuseUnwritable(
  data: string,
  file: string,
  kind: PageKind,
  force: boolean,
): Promise<void> {
  await refuseKeptPlace(data, file);
  try {
    const there = await stat(file).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined;
      throw cause;
    });
    if (there === undefined) return await access(path.dirname(path.resolve(file)), constants.W_OK);
    if (there.isDirectory()) throw new Error("it is a folder");
    await access(file, constants.W_OK);
    if (force || there.size === 0 || (await beginning(file)).includes(pageMark(kind))) return;
  } catch (cause) {
    throw new Problem("data-unwritable", `${file} can't be written: ${(cause as Error).message}.`, {
      at: { file },
      cause,
      hint: `Name a file in a folder that is there; ${unchanged[kind]}.`,
    });
  }
  throw new Problem("file-exists", `${file} is there already and is no ${kind} of ours.`, {
    at: { file },
    hint: `Give a name that is not taken, or overwrite it with --force; ${unchanged[kind]}.`,
  });
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Writes a page; see `refuseUnwritable`. */
export const writePage = (file: string, html: string): Promise<void> => writeFile(file, html);
