import { mkdir } from "node:fs/promises";
import path from "node:path";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteDatabase,
  type TransactionSettings,
} from "kysely";
import Database from "libsql";
import { Problem, type ProblemCode } from "#units/problems.ts";
import { sqliteDialect } from "#store/dialect.ts";
import type { Store } from "#store/store.ts";
import type { Tables } from "#store/tables.ts";

/** How long one process waits for another that is writing. */
const BUSY_MILLISECONDS = 10_000;

/**
 * Opens the embedded database, and makes it if it is not there.
 * @throws Problem "data-unwritable", "state-corrupt", "state-busy", "disk-full"
 */
export async function openSqlite(file: string): Promise<Store> {
  const fault = (cause: unknown): unknown => sqliteFault(cause, file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const database = new Database(file);
    for (const setting of [
      `busy_timeout = ${BUSY_MILLISECONDS}`,
      "journal_mode = wal",
      // Every commit is on the disk before it is acknowledged.
      "synchronous = full",
      "foreign_keys = on",
    ])
      database.pragma(setting);
    const db = new Kysely<Tables>({ dialect: dialectOf(database) });
    return { dialect: sqliteDialect, place: file, db, fault, close: () => db.destroy() };
  } catch (cause) {
    throw fault(cause);
  }
}

const dialectOf = (database: SqliteDatabase): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new OneWriterDriver({ database }),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** Takes the lock for writing when a transaction begins: one that reads first and writes later would fail beside another writer. */
class OneWriterDriver extends SqliteDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const kind = settings?.accessMode === "read only" ? "deferred" : "immediate";
    await connection.executeQuery(CompiledQuery.raw(`begin ${kind}`));
  }
}

const codes: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  SQLITE_BUSY: ["state-busy", "Another process is writing to"],
  SQLITE_FULL: ["disk-full", "There is no space left for"],
  SQLITE_NOTADB: ["state-corrupt", "This is no database of Plimsoll:"],
  SQLITE_CORRUPT: ["state-corrupt", "The database is damaged:"],
  SQLITE_CANTOPEN: ["data-unwritable", "The database can't be opened:"],
  SQLITE_READONLY: ["data-unwritable", "The database can't be written to:"],
  SQLITE_PERM: ["data-unwritable", "The database can't be opened:"],
  EACCES: ["data-unwritable", "There is no right to write to"],
  EPERM: ["data-unwritable", "There is no right to write to"],
  EROFS: ["data-unwritable", "The file system is read-only at"],
  ENOTDIR: ["data-unwritable", "A file is in the way of"],
  EEXIST: ["data-unwritable", "A file is in the way of"],
  ENOSPC: ["disk-full", "There is no space left for"],
};

function sqliteFault(cause: unknown, file: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  // SQLITE_BUSY_SNAPSHOT and the like are kinds of their first two words.
  const found = codes[code] ?? codes[code.split("_").slice(0, 2).join("_")];
  if (found === undefined) return cause;
  return new Problem(found[0], `${found[1]} ${file}.`, { at: { file }, cause });
}
