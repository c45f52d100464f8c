import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { type Duckdb, openDuckdb } from "./engines/duckdb.ts";
import { parseMacros } from "./parse-sql.ts";
import { lakeFolder, sweepLake } from "./snapshot.ts";

/** The one process that may change the lake, and its engine. */
export interface Writer {
  readonly db: Duckdb;
  readonly lake: string;
  /** Folder for files on their way; emptied when a writer opens and when it closes. */
  readonly incoming: string;
  close(): Promise<void>;
}

/**
 * Takes the lake for writing. The lock is the operating system's on an engine file, so it ends with the process, however that
 * ends; then everything a killed writer left is cleaned up.
 * @param files delivered files that the engine may read
 * @throws Problem "lake-busy" if another process writes
 */
export async function openWriter(data: string, files: readonly string[]): Promise<Writer> {
  const lake = path.resolve(lakeFolder(data));
  const incoming = path.join(lake, ".incoming");
  await mkdir(lake, { recursive: true });
  const db = await openDuckdb({
    database: path.join(lake, "writer.duckdb"),
    folders: [lake],
    files,
    spill: path.join(incoming, "spill"),
  });
  try {
    await rm(incoming, { recursive: true, force: true });
    await mkdir(incoming, { recursive: true });
    await sweepLake(data);
    for (const macro of parseMacros) await db.run(macro);
  } catch (cause) {
    db.close();
    throw cause;
  }
  return {
    db,
    lake,
    incoming,
    close: async () => {
      db.close();
      await rm(incoming, { recursive: true, force: true });
    },
  };
}
