import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Kysely, Transaction } from "kysely";
import { formatInstant, type Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { auditHead } from "#store/audit/list-audit.ts";
import { schemaVersion } from "#store/migrate.ts";
import { inStore, type Store } from "#store/store.ts";
import { keptTables, type Tables } from "#store/tables.ts";
import type { BackupHeader, BackupSummary, KeptTable } from "./backup-format.ts";
import { fileFault } from "./file-fault.ts";

const PAGE = 200;
const CHUNK_CHARACTERS = 1 << 20;

/**
 * Writes all that the store holds at one moment to a new file, while others go on writing. The file is there whole or not at all.
 * @throws Problem "file-exists", "data-unwritable", "disk-full", and those of the store
 */
export async function backupStore(store: Store, file: string, now: Instant): Promise<BackupSummary> {
  if (await exists(file)) throw new Problem("file-exists", `${file} is there already.`, { at: { file } });
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    // Reasons and names of people are nobody else's to read.
    const handle = await open(partial, "wx", 0o600);
    let summary: BackupSummary;
    try {
      summary = await inStore(store, (db) => readAtOnce(db, (rows) => write(handle, store, rows, now)));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await syncFolder(path.dirname(file));
    return summary;
  } catch (cause) {
    await rm(partial, { force: true });
    throw fileFault(cause, file);
  }
}

/** Every read sees the store as it was at the first, and no writer is held up. */
const readAtOnce = <T>(db: Kysely<Tables>, work: (db: Transaction<Tables>) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work);

async function write(
  handle: FileHandle,
  store: Store,
  db: Transaction<Tables>,
  now: Instant,
): Promise<BackupSummary> {
  const hash = createHash("sha256");
  let chunk = "";
  const flush = async (): Promise<void> => {
    hash.update(chunk);
    await handle.writeFile(chunk);
    chunk = "";
  };
  const line = async (value: object): Promise<void> => {
    chunk += `${JSON.stringify(value)}\n`;
    if (chunk.length > CHUNK_CHARACTERS) await flush();
  };
  const rows = Object.fromEntries(
    await Promise.all(keptTables.map(async (table) => [table, await countOf(db, table)])),
  );
  const at = formatInstant(now);
  const header: BackupHeader = {
    format: "plimsoll-state",
    version: 1,
    schema: await schemaVersion(store, db),
    at,
    rows,
  };
  await line(header);
  for (const table of keptTables) for await (const row of rowsOf(db, table)) await line({ table, row });
  await flush();
  await line({ sha256: hash.digest("hex") });
  await handle.writeFile(chunk);
  return { at, rows, head: await auditHead(db) };
}

async function countOf(db: Kysely<Tables>, table: KeptTable): Promise<number> {
  const { rows } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .executeTakeFirstOrThrow();
  return rows;
}

/** All rows of a table in order of their numbers, a page at a time. */
async function* rowsOf(db: Kysely<Tables>, table: KeptTable): AsyncGenerator<{ readonly seq: number }> {
  for (let after = -1; ;) {
    const page = await db
      .selectFrom(table)
      .selectAll()
      .where("seq", ">", after)
      .orderBy("seq")
      .limit(PAGE)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** Only then does the new name survive a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
