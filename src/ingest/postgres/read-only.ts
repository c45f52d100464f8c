import { Client } from "pg";
import { Problem } from "#units/problems.ts";

/** A PostgreSQL database of somebody else's, that is only read. */
export interface ReadOnlyDatabase {
  /** The place without password and parameters, for messages. */
  readonly place: string;
  /** The schema that the URL names, as Prisma's URLs do. */
  readonly schema: string;
  readonly query: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
}

const CONNECT_MILLISECONDS = 10_000;
const STATEMENT_SECONDS = 120;

/**
 * Works with a database in transactions that may only read; every statement has its time.
 * @param url postgresql://user:password@host:port/database
 * @param within one transaction for all, which sees one moment of the database and may have cursors; or one for each statement, which holds nothing up and
 *   goes through a pooler
 * @throws Problem "option-invalid" for another URL, "server-unreachable", "server-refused", "query-failed"; none of them shows the password
 */
export async function* readingDatabase<T, R>(
  url: string,
  work: (database: ReadOnlyDatabase) => AsyncGenerator<T, R>,
  within: "whole" | "statement" = "whole",
): AsyncGenerator<T, R> {
  const { place, schema, secrets } = readUrl(url);
  const client = new Client({
    connectionString: url,
    application_name: "plimsoll",
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
  });
  // A connection that breaks between two statements is told by the next one.
  client.on("error", () => {});
  try {
    await client.connect();
    const begin = async (): Promise<void> => {
      await client.query("begin isolation level repeatable read read only");
      await client.query(`set local statement_timeout = '${STATEMENT_SECONDS}s'`);
      await client.query("set local timezone = 'UTC'");
    };
    if (within === "whole") await begin();
    const query: ReadOnlyDatabase["query"] = async (text, values = []) => {
      if (within === "statement") await begin();
      try {
        return (await client.query<Record<string, unknown>>(text, [...values])).rows;
      } finally {
        if (within === "statement") await client.query("rollback").catch(() => {});
      }
    };
    return yield* work({ place, schema, query });
  } catch (cause) {
    throw databaseFault(cause, place, secrets);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The URL taken apart as far as messages need it. The parser's own error holds it, so that goes no further. */
function readUrl(url: string): { place: string; schema: string; secrets: readonly string[] } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol) || parsed.hostname === "")
    throw new Problem("option-invalid", "The URL of the database is no URL of PostgreSQL.", {
      hint: "Write postgresql://user:password@host:5432/database, with %40 for an @ in the password.",
    });
  const user = parsed.username === "" ? "" : `${parsed.username}@`;
  const secrets = [parsed.password, decoded(parsed.password), parsed.searchParams.get("password") ?? ""];
  return {
    place: `postgresql://${user}${parsed.host}${parsed.pathname}`,
    schema: parsed.searchParams.get("schema") ?? "public",
    secrets: secrets.filter((secret) => secret !== ""),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function databaseFault(cause: unknown, place: string, secrets: readonly string[]): unknown {
  if (!(cause instanceof Error) || cause instanceof Problem) return cause;
  const words =
    cause instanceof AggregateError ? String((cause.errors[0] as Error | undefined)?.message) : cause.message;
  const said = secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), words);
  const { code = "" } = cause as NodeJS.ErrnoException;
  if (/^(28|3D000|42501)/.test(code))
    return new Problem("server-refused", `${place}: ${said}`, {
      hint: "Check the user, the password and the database's name; the user needs select on what is read, and nothing else.",
    });
  if (/^(08|53|57P)|^E[A-Z]+$/.test(code) || /terminated|timeout expired|ended|not queryable/i.test(said))
    return new Problem("server-unreachable", `${place}: ${said}`);
  return new Problem("query-failed", `${place}: ${said}`, { hint: "The server's own words are above." });
}
