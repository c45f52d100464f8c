import { randomUUID } from "node:crypto";
import { link, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Problem } from "#units/problems.ts";
import { type Duckdb, openDuckdb } from "./engines/duckdb.ts";

/**
 * Opens the engine on the file that only one process can have open: the lock is the operating system's, so it ends with the
 * process, however that ends. The file holds nothing.
 * @throws Problem "lake-busy" if another process writes
 */
export async function lockLake(
  lake: string,
  options: { readonly files: readonly string[]; readonly spill: string },
): Promise<Duckdb> {
  const database = path.join(lake, "writer.duckdb");
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = (await inode(database)) ?? (await createWhole(lake, database));
    const db = await openDuckdb({ database, folders: [lake], ...options });
    // A first import that fails removes the file with the lake; who had it open just then holds a lock on nothing.
    if (before !== undefined && before === (await inode(database))) return db;
    db.close();
  }
  throw new Problem("lake-busy", "Other processes are writing to this lake.");
}

/** Made under another name and linked: a kill leaves no half file, which the engine would refuse ever after. */
async function createWhole(lake: string, database: string): Promise<number | undefined> {
  const temporary = path.join(lake, `.new-${randomUUID()}.duckdb`);
  try {
    const made = await openDuckdb({ database: temporary, folders: [lake] });
    made.close();
    await link(temporary, database);
  } catch (cause) {
    // Another process was quicker, or swept what it took for the leftovers of a kill.
    if (!["EEXIST", "ENOENT"].includes((cause as NodeJS.ErrnoException).code ?? "")) throw cause;
  } finally {
    await rm(temporary, { force: true });
    await rm(`${temporary}.wal`, { force: true });
  }
  return inode(database);
}

const inode = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ ino }) => ino,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined;
      throw cause;
    },
  );
