import { type Expression, type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { AuditHeadRow, Tables } from "./tables.ts";

/** What SQLite and PostgreSQL say differently; all else is written once. */
export interface StoreDialect {
  readonly name: "sqlite" | "postgresql";
  /** Type of a column of whole numbers up to 2^53. */
  readonly integer: "integer" | "bigint";
  /** Type of a column of text, ordered by its bytes. */
  readonly text: Expression<unknown>;
  /** What follows the columns of a table. */
  readonly tableEnd: RawBuilder<unknown>;
  readonly hasTable: (db: Kysely<Tables>, table: string) => Promise<boolean>;
  /** Lets one process at a time change the schema, until the transaction ends. */
  readonly lockSchema: (transaction: Transaction<Tables>) => Promise<void>;
  /** Reads the newest audit row's number and hash, and lets nobody else change the store until the transaction ends. */
  readonly lockHead: (transaction: Transaction<Tables>) => Promise<AuditHeadRow | undefined>;
}

export const sqliteDialect: StoreDialect = {
  name: "sqlite",
  integer: "integer",
  text: sql`text`,
  // Strict tables hold no text in a column of numbers.
  tableEnd: sql`strict`,
  hasTable: async (db, table) => {
    const found = sql<{
      name: string;
    }>`select name from sqlite_master where type = 'table' and name = ${table}`;
    return (await found.execute(db)).rows.length > 0;
  },
  // The driver begins every changing transaction as the only writer, which locks both.
  lockSchema: async () => {},
  lockHead: (transaction) => transaction.selectFrom("audit_head").selectAll().executeTakeFirst(),
};

/** The schema of ours in a database that others may use as well. */
export const POSTGRES_SCHEMA = "plimsoll";
/** Any number that no other program takes for its advisory lock: "plim" in ASCII. */
const SCHEMA_LOCK = 0x706c696d;
/** How long one writer waits for another. */
const LOCK_SECONDS = 5;

const patience = (transaction: Transaction<Tables>): Promise<unknown> =>
  sql`set local lock_timeout = ${sql.lit(`${LOCK_SECONDS}s`)}`.execute(transaction);

export const postgresDialect: StoreDialect = {
  name: "postgresql",
  integer: "bigint",
  text: sql`text collate "C"`,
  tableEnd: sql``,
  hasTable: async (db, table) => {
    const found = sql<{
      found: boolean;
    }>`select to_regclass(${`${POSTGRES_SCHEMA}.${table}`}) is not null as found`;
    return (await found.execute(db)).rows[0]?.found === true;
  },
  lockSchema: async (transaction) => {
    await patience(transaction);
    await sql`select pg_advisory_xact_lock(${sql.lit(SCHEMA_LOCK)})`.execute(transaction);
    await sql`create schema if not exists ${sql.id(POSTGRES_SCHEMA)}`.execute(transaction);
  },
  lockHead: async (transaction) => {
    await patience(transaction);
    return transaction.selectFrom("audit_head").selectAll().forUpdate().executeTakeFirst();
  },
};
