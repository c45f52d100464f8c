import { Kysely, PostgresDialect } from "kysely";
import { Pool, types } from "pg";
import { Problem } from "#units/problems.ts";
import { type ProblemCode } from "#units/problem-codes.ts";
import { POSTGRES_SCHEMA, postgresDialect } from "#store/dialect.ts";
import type { Store } from "#store/store.ts";
import { readStoreUrl } from "#store/store-where.ts";
import type { Tables } from "#store/tables.ts";

const CONNECT_MILLISECONDS = 10_000;
const CONNECTIONS = 8;

/**
 * Connects to a PostgreSQL database; our tables lie in a schema of their own.
 * @throws Problem "state-url-invalid", "state-unreachable"
 */
export async function openPostgres(url: string): Promise<Store> {
  const { place, passwords } = readStoreUrl(url);
  const pool = new Pool({
    connectionString: url,
    application_name: "plimsoll",
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    max: CONNECTIONS,
    // Whole numbers of 64 bits are numbers here: ours stay far below 2^53.
    types: {
      getTypeParser: ((id: Parameters<typeof types.getTypeParser>[0]) =>
        id === types.builtins.INT8 ? Number : types.getTypeParser(id)) as typeof types.getTypeParser,
    },
  });
  // A connection that breaks while nobody uses it is replaced; who uses one is told by the query.
  pool.on("error", () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const hidden = (text: string): string =>
    passwords.reduce((shown, password) => shown.replaceAll(password, "…"), text);
  try {
    (await pool.connect()).release();
  } catch (cause) {
    await db.destroy();
    throw unreachable(place, hidden(messageOf(cause)));
  }
  return {
    dialect: postgresDialect,
    place,
    db: db.withSchema(POSTGRES_SCHEMA),
    fault: (cause) => postgresFault(cause, place, hidden),
    close: () => db.destroy(),
  };
}

const unreachable = (place: string, said: string): Problem =>
  new Problem("state-unreachable", `${place} can't be used: ${said}`);

/** Several addresses of one name fail with several errors and no message. */
const messageOf = (cause: unknown): string =>
  cause instanceof AggregateError && cause.message === ""
    ? cause.errors.map(messageOf).join("; ")
    : cause instanceof Error
      ? cause.message
      : String(cause);

const codes: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  "55P03": ["state-busy", "Another process is changing"],
  "53100": ["disk-full", "There is no space left for"],
};
/** Classes of SQLSTATE: connection, authorisation, out of resources, shut down by somebody; then rights, and no such database. */
const outOfReach = /^(08|28|53|57P)|^(42501|3D000)$|^E[A-Z]+$/;
/** What the client says of a connection that is gone has no code. */
const goneWords = /connection terminated|timeout exceeded when trying to connect|not queryable/i;

function postgresFault(cause: unknown, place: string, hidden: (text: string) => string): unknown {
  if (!(cause instanceof Error) || cause instanceof Problem) return cause;
  const code = "code" in cause ? String(cause.code) : "";
  const found = codes[code];
  if (found !== undefined) return new Problem(found[0], `${found[1]} ${place}.`, { cause });
  if (outOfReach.test(code) || goneWords.test(cause.message))
    return unreachable(place, hidden(messageOf(cause)));
  return cause;
}
