import type { Granularity } from "#units/window.ts";
import { formatInstant, type Instant } from "#units/instant.ts";
import { raw, type Sql, sql } from "./sql.ts";

/** The tables of the lake that questions are asked of. */
export type TableName = "charges" | "charges_hour" | "charges_day";

/** The few things that engines say differently. Everything else in a query is plain SQL that all of them read alike. */
export interface Dialect {
  readonly name: "duckdb" | "clickhouse";
  /** The live files of a table as a relation. */
  table(name: TableName): Sql;
  /** The value of a tag, null where the row does not carry it. */
  tag(column: string, key: string): Sql;
  instant(time: Instant): Sql;
  /** The start of the UTC bucket that holds a time. */
  bucket(granularity: Granularity, time: Sql): Sql;
  /** A decimal, count or time as text, so that nothing is lost on the way. */
  text(value: Sql): Sql;
  /** True where a text holds another, whatever their case. */
  contains(text: Sql, part: string): Sql;
  /** A key of a JSON object in text, null where absent. */
  jsonKey(text: Sql, key: string): Sql;
}

const timeText = (time: Instant): string => formatInstant(time).replace("T", " ").replace("Z", "");

/** @param files gives the absolute paths of a table's live files */
export function duckdbDialect(files: (table: TableName) => readonly string[]): Dialect {
  return {
    name: "duckdb",
    table: (name) => raw(`read_parquet([${files(name).map(quote).join(", ")}])`),
    tag: (column, key) => sql`${raw(column)}[${key}]`,
    instant: (time) => sql`cast(${timeText(time)} as timestamp)`,
    bucket: (granularity, time) => sql`date_trunc(${raw(quote(granularity))}, ${time})`,
    text: (value) => sql`cast(${value} as varchar)`,
    contains: (text, part) => sql`contains(lower(${text}), lower(${part}))`,
    jsonKey: (text, key) => sql`json_extract_string(${text}, ${`$."${key.replaceAll('"', '\\"')}"`})`,
  };
}

/** @param files gives the absolute paths of a table's live files as ClickHouse sees them */
export function clickhouseDialect(files: (table: TableName) => readonly string[]): Dialect {
  const starts: Record<Granularity, string> = {
    hour: "toStartOfHour",
    day: "toStartOfDay",
    week: "toMonday",
    month: "toStartOfMonth",
    quarter: "toStartOfQuarter",
    year: "toStartOfYear",
  };
  return {
    name: "clickhouse",
    table: (name) =>
      raw(
        `file('{${files(name)
          .map((file) => file.replaceAll("'", "\\'"))
          .join(",")}}', Parquet)`,
      ),
    tag: (column, key) => sql`if(mapContains(${raw(column)}, ${key}), ${raw(column)}[${key}], null)`,
    instant: (time) => sql`toDateTime64(${timeText(time)}, 6, 'UTC')`,
    bucket: (granularity, time) => sql`toDateTime(${raw(starts[granularity])}(${time}), 'UTC')`,
    text: (value) => sql`toString(${value})`,
    contains: (text, part) => sql`positionCaseInsensitiveUTF8(${text}, ${part}) > 0`,
    jsonKey: (text, key) => sql`nullIf(JSONExtractString(ifNull(${text}, ''), ${key}), '')`,
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
