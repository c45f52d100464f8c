import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { PriceRow } from "#facts/price.ts";
import { parsePriceBook } from "#facts/price-book.ts";
import { Problem } from "#units/problems.ts";

const MOST_BYTES = 256 << 20;

/** Where refreshed prices lie: one dated file per refresh, never changed. */
export const refreshedFolder = (data: string): string => path.join(data, "prices", "refreshed");

/** Prices of one refresh. */
export interface RefreshedBook {
  readonly file: string;
  readonly rows: readonly PriceRow[];
}

/**
 * Every refresh there is, the oldest first: the newest word on a thing counts, and an earlier one where the newest is silent.
 * @throws Problem "price-file-invalid" if one is damaged
 */
export async function refreshedBooks(data: string): Promise<RefreshedBook[]> {
  const folder = refreshedFolder(data);
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new Problem("source-unreadable", `${folder} can't be read.`, { at: { file: folder }, cause });
  });
  const books: RefreshedBook[] = [];
  for (const name of names.filter((each) => each.endsWith(".json")).sort())
    books.push(await readBook(path.join(folder, name)));
  return books;
}

async function readBook(file: string): Promise<RefreshedBook> {
  if ((await stat(file)).size > MOST_BYTES)
    throw new Problem("input-too-large", `${file} is larger than ${MOST_BYTES >> 20} MiB.`, { at: { file } });
  const parsed = parsePriceBook(jsonOf(await readFile(file, "utf8"), file));
  if (parsed.ok) return { file, rows: parsed.book.rows };
  throw new Problem("price-file-invalid", `${file} is damaged: ${parsed.faults.slice(0, 3).join("; ")}.`, {
    at: { file },
    hint: "Remove the file and run plimsoll prices refresh again.",
  });
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("price-file-invalid", `${file} is no JSON.`, {
      at: { file },
      cause,
      hint: "Remove the file and run plimsoll prices refresh again.",
    });
  }
}
