import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteDatabase,
  type SqliteStatement,
  type TransactionSettings,
} from "kysely";
import Database from "libsql";
import { Problem } from "#units/problems.ts";
import { type ProblemCode } from "#units/problem-codes.ts";
import { sqliteDialect } from "#store/dialect.ts";
import type { Store } from "#store/store.ts";
import type { Tables } from "#store/tables.ts";

/** How long one writer waits for another, which may be of this process. */
const PATIENCE_MILLISECONDS = 5_000;
const PAUSE_MILLISECONDS = 5;
/** More than there are questions in this layer. */
const KEPT_STATEMENTS = 100;
/** Otherwise SQLite itself waits, during which this process does nothing else: what it waits for is short, and never of this process. */
const BLOCKING = `pragma busy_timeout = ${PATIENCE_MILLISECONDS}`;

/**
 * Opens the embedded database, and makes it if it is not there.
 * @throws Problem "data-unwritable", "state-corrupt", "state-busy", "disk-full"
 */
export async function openSqlite(file: string): Promise<Store> {
  const fault = (cause: unknown): unknown => sqliteFault(cause, file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const database = new Database(file);
    database.exec(BLOCKING);
    database.pragma("journal_mode = wal");
    // Every commit is on the disk before it is acknowledged.
    database.pragma("synchronous = full");
    database.pragma("foreign_keys = on");
    const db = new Kysely<Tables>({ dialect: dialectOf(database) });
    return { dialect: sqliteDialect, place: file, db, fault, close: () => db.destroy() };
  } catch (cause) {
    throw fault(cause);
  }
}

const dialectOf = (database: Database.Database): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new OneWriterDriver(database),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** Takes the lock for writing when a transaction begins: one that reads first and writes later would fail beside another writer. */
class OneWriterDriver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database: keepingStatements(database) });
    this.#database = database;
  }

  override async beginTransaction(_: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    if (settings?.accessMode === "read only") this.#database.exec("begin deferred");
    else await beginWriting(this.#database);
  }
}

/**
 * Statements are kept by their text: one that is dropped lies in memory, unseen by the garbage collector, until that happens to run,
 * and a hundred thousand of them take a gigabyte.
 */
function keepingStatements(database: Database.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  const prepare = (text: string): SqliteStatement => {
    const statement = kept.get(text) ?? database.prepare(text);
    kept.delete(text);
    kept.set(text, statement);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_STATEMENTS && oldest !== undefined) kept.delete(oldest);
    return statement;
  };
  return { prepare, close: () => database.close() };
}

/** Gives way to other work of this process while another connection writes, since that may be one of this process. */
async function beginWriting(database: Database.Database): Promise<void> {
  for (const end = performance.now() + PATIENCE_MILLISECONDS; ; await setTimeout(PAUSE_MILLISECONDS)) {
    try {
      database.exec("pragma busy_timeout = 0");
      // Not a prepared statement: where that is refused as busy it stays half done, and so in the way, until it is collected.
      database.exec("begin immediate");
      return;
    } catch (cause) {
      if (codeOf(cause) !== "SQLITE_BUSY" || performance.now() > end) throw cause;
    } finally {
      database.exec(BLOCKING);
    }
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : "";

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
  const code = codeOf(cause);
  // SQLITE_IOERR_WRITE and the like are kinds of their first two words. What fails at the opening has no code.
  const unopened = cause instanceof Error && cause.message.includes("Unable to open connection");
  const found = unopened
    ? codes["SQLITE_CANTOPEN"]
    : (codes[code] ?? codes[code.split("_").slice(0, 2).join("_")]);
  if (found === undefined) return cause;
  return new Problem(found[0], `${found[1]} ${file}.`, { at: { file }, cause });
}
