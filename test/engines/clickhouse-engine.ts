import { createRequire } from "node:module";
import type { Engine, Row } from "#lake/engines/duckdb.ts";
import { render, type Sql, type SqlValue } from "#lake/sql.ts";

/** The few calls of chdb, ClickHouse in this process, that tests need. */
interface Session {
  query(text: string): string;
  queryBindAsync(
    text: string,
    values: Readonly<Record<string, SqlValue>>,
    options: { format: string },
  ): Promise<{ text(): string }>;
  close(): void;
}

/** Why ClickHouse can't be had here; undefined if it can. */
export const clickhouseMissing: string | undefined = (() => {
  try {
    chdb();
    return undefined;
  } catch (cause) {
    return `ClickHouse is not installed for tests (npm ci --prefix test/clickhouse): ${String(cause).split("\n")[0]}`;
  }
})();

/** Opens ClickHouse in this process; one at a time. Settings are those that a ClickHouse client of ours must send too. */
export function openClickhouse(): Engine {
  const session = new (chdb().Session)();
  session.query(
    "set session_timezone = 'UTC', max_threads = 1, use_hive_partitioning = 0, output_format_json_quote_64bit_integers = 1, output_format_json_quote_decimals = 1",
  );
  return { query: (query) => rows(session, query), close: () => session.close() };
}

async function rows(session: Session, query: Sql): Promise<Row[]> {
  const text = render(query, (value, index) => `{p${index + 1}:${typeOf(value)}}`);
  const values = Object.fromEntries(query.values.map((value, index) => [`p${index + 1}`, value]));
  const answer = await session.queryBindAsync(text, values, { format: "JSONEachRow" });
  return answer
    .text()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

const typeOf = (value: SqlValue): string => (typeof value === "string" ? "String" : "Int64");

function chdb(): { Session: new () => Session } {
  const require = createRequire(new URL("../clickhouse/package.json", import.meta.url));
  return require("chdb") as { Session: new () => Session };
}
