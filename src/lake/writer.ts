import { mkdir, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import type { Instant } from "#units/instant.ts";
import type { Duckdb } from "./engines/duckdb.ts";
import { lockLake } from "./lock-lake.ts";
import { parseMacros } from "./parse-sql.ts";
import { lakeFolder, readLake } from "./snapshot.ts";
import { sweepLake } from "./sweep-lake.ts";
import { type Patience, PATIENCE_SECONDS, whileBusy } from "./while-busy.ts";

/** The one process that may change the lake, and its engine. */
export interface Writer {
  readonly db: Duckdb;
  readonly lake: string;
  /** Folder for files on their way; emptied when a writer opens and when it closes. */
  readonly incoming: string;
  /** Removes what was written and not published, and lets the next writer in. */
  close(): Promise<void>;
}

/**
 * Takes the lake for writing and cleans up what a killed writer left.
 * @param files delivered files that the engine may read
 * @param now decides which former versions nobody can be reading any more
 * @param onWait told of the seconds that another writer is waited for
 * @throws Problem "lake-busy" if another process writes, and goes on to
 */
export async function openWriter(
  data: string,
  files: readonly string[],
  now: Instant,
  onWait: Patience["onWait"],
): Promise<Writer> {
  const lake = path.resolve(lakeFolder(data));
  const incoming = path.join(lake, ".incoming");
  // The lake is made anew for each attempt: a first import that fails removes it, and another one may be waiting just then.
  const { db, made } = await whileBusy(() => takeLake(lake, files, path.join(incoming, "spill")), {
    seconds: PATIENCE_SECONDS,
    onWait,
  });
  const close = async (): Promise<void> => {
    try {
      await rm(incoming, { recursive: true, force: true });
      await sweepLake(data, now);
      const empty = (await readLake(data)).version === 0;
      if (empty) await rm(lake, { recursive: true, force: true });
    } finally {
      db.close();
    }
    await removeEmpty(made);
  };
  try {
    await rm(incoming, { recursive: true, force: true });
    await mkdir(incoming);
    await sweepLake(data, now);
    for (const macro of parseMacros) await db.run(macro);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { db, lake, incoming, close };
}

/** Makes the lake's folder and locks it. */
async function takeLake(
  lake: string,
  files: readonly string[],
  spill: string,
): Promise<{ db: Duckdb; made: readonly string[] }> {
  const made = foldersBetween(await mkdir(lake, { recursive: true }), lake);
  try {
    return { db: await lockLake(lake, { files, spill }), made };
  } catch (cause) {
    await removeEmpty(made);
    throw cause;
  }
}

/** The folders that were made for the lake, innermost first. */
function foldersBetween(created: string | undefined, lake: string): string[] {
  if (created === undefined) return [];
  const folders = [lake];
  for (let folder = lake; folder !== created && folder !== path.dirname(folder);) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** A folder that is not empty, or is gone, is somebody else's by now. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const removed = await rmdir(folder).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code === "ENOENT") return true;
        if (cause.code === "ENOTEMPTY" || cause.code === "EEXIST") return false;
        throw cause;
      },
    );
    if (!removed) return;
  }
}
