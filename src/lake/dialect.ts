import { type Attribution, noAttribution } from "#facts/attribution.ts";
import type { Role } from "#facts/role.ts";
import { literal } from "#facts/source-mapping.ts";
import type { Granularity } from "#units/window.ts";
import { formatInstant, type Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { raw, type Sql, sql } from "./sql.ts";

/** The tables of the lake that questions are asked of. */
export const tableNames = ["charges", "charges_hour", "charges_day"] as const;
/** A table of the lake. */
export type TableName = (typeof tableNames)[number];

/** Rules and the billing periods that they are in force for. */
export interface PeriodRules {
  readonly attribution: Attribution;
  readonly periods: readonly { readonly source: string; readonly billingPeriod: string }[];
}

/** What all charges are attributed by where no rules were published. */
const unpublished: readonly PeriodRules[] = [{ attribution: noAttribution, periods: [] }];

/** The few things that engines say differently. Everything else in a query is plain SQL that all of them read alike. */
export interface Dialect {
  readonly name: "duckdb" | "clickhouse";
  /** The role of every row of the tables, where they hold but one: then no query needs to ask each row for it. */
  readonly onlyRole?: Role;
  /** False where all rows of the tables are delivered charges: then no query needs to ask each row for it. */
  readonly divided: boolean;
  /** The rules that charges are attributed by; the last ones are those of all other periods. Never empty. */
  readonly rules: readonly PeriodRules[];
  /** The month that holds the middle of a charge's billing period, YYYY-MM: what a billing period is named by. */
  readonly billingMonth: Sql;
  /** The live files of a table as a relation. */
  table(name: TableName): Sql;
  /** Files as a relation, by their absolute paths. */
  files(paths: readonly string[]): Sql;
  /** The value of a tag, null where the row does not carry it. */
  tag(column: string, key: string): Sql;
  instant(time: Instant): Sql;
  /** An exact decimal, as money columns hold it. */
  decimal(text: string): Sql;
  /** The start of the UTC bucket that holds a time. */
  bucket(granularity: Granularity, time: Sql): Sql;
  /** A sum, count or time as text, so that nothing is lost on the way. */
  text(value: Sql): Sql;
  /** The texts of a group's rows in one, in order, with commas between them; those that are null are left out. */
  listed(value: Sql): Sql;
  /** A decimal as its shortest exact text, the same on all engines: 0.5, not 0.500000000000000000. */
  decimalText(value: Sql): Sql;
  /** A time as ISO 8601 in UTC, a fraction of a second only where there is one. */
  timeText(value: Sql): Sql;
  /** True where a text holds another, whatever their case. */
  contains(text: Sql, part: string): Sql;
  /** True where an RE2 expression finds something in a text; a point is any letter of one line. */
  matches(text: Sql, pattern: string): Sql;
  /** What a name begins with before its first digit, slash or colon; null where that is nothing. */
  beginning(text: Sql): Sql;
  /** A name in lower case, with one hyphen for blanks, underscores and hyphens, and none at its ends. */
  normalName(text: Sql): Sql;
  /** The value of a key of a JSON object in text: a string's own text, else its JSON; null where absent, null or empty. */
  jsonKey(text: Sql, key: string): Sql;
}

const timeText = (time: Instant): string => formatInstant(time).replace("T", " ").replace("Z", "");

/**
 * @param files gives the absolute paths of a table's live files
 * @param onlyRole of all rows in them, if it is one
 * @param rules that charges are attributed by
 * @param divided false if no division is among the files
 */
export function duckdbDialect(
  files: (table: TableName) => readonly string[],
  onlyRole?: Role,
  rules: readonly PeriodRules[] = unpublished,
  divided = true,
): Dialect {
  return {
    name: "duckdb",
    divided,
    rules,
    billingMonth: raw(
      `strftime("BillingPeriodStart" + ("BillingPeriodEnd" - "BillingPeriodStart") / 2, '%Y-%m')`,
    ),
    ...(onlyRole === undefined ? {} : { onlyRole }),
    table: (name) => readParquet(files(name)),
    files: readParquet,
    tag: (column, key) => sql`${raw(column)}[${key}]`,
    decimal: (text) => sql`cast(${text} as decimal(38, 18))`,
    instant: (time) => sql`cast(${timeText(time)} as timestamp)`,
    bucket: (granularity, time) => sql`date_trunc(${raw(literal(granularity))}, ${time})`,
    text: (value) => sql`cast(${value} as varchar)`,
    listed: (value) => sql`string_agg(${value}, ',' order by ${value})`,
    // The cast writes all 18 decimals, so there is always a point to stop at.
    decimalText: (value) => sql`rtrim(rtrim(cast(${value} as varchar), '0'), '.')`,
    timeText: (value) => sql`rtrim(rtrim(strftime(${value}, '%Y-%m-%dT%H:%M:%S.%f'), '0'), '.') || 'Z'`,
    // A part without a sigma is found or not whatever is done to those of the text, so that step is left out.
    contains: (text, part) =>
      /[Σςσ]/.test(part)
        ? sql`contains(replace(lower(${text}), 'ς', 'σ'), replace(lower(${part}), 'ς', 'σ'))`
        : sql`contains(lower(${text}), lower(${part}))`,
    matches: (text, pattern) => sql`regexp_matches(${text}, ${pattern})`,
    beginning: (text) => sql`nullif(regexp_extract(${text}, '^[^0-9/:]+'), '')`,
    normalName: (text) => sql`trim(regexp_replace(lower(${text}), '[ \\t\\r\\n_-]+', '-', 'g'), '-')`,
    jsonKey: (text, key) => {
      const pointer = `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      // Price details come as they were delivered, so one that is no JSON must not stop the question.
      const value = sql`try(json_extract_string(${text}, ${pointer}))`;
      // 8.0 is written 8: engines differ in how they write a whole number that was delivered with a point.
      const plain = sql`case when suffix(${value}, '.0') and try(json_type(${text}, ${pointer})) = 'DOUBLE' then regexp_replace(${value}, '\\.0$', '') else ${value} end`;
      return sql`nullif(${plain}, '')`;
    },
  };
}

/** @param files gives the absolute paths of a table's live files as ClickHouse sees them */
export function clickhouseDialect(
  files: (table: TableName) => readonly string[],
  rules: readonly PeriodRules[] = unpublished,
): Dialect {
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
    divided: true,
    rules,
    billingMonth: raw(
      `formatDateTime("BillingPeriodStart" + toIntervalSecond(intDiv(dateDiff('second', "BillingPeriodStart", "BillingPeriodEnd"), 2)), '%Y-%m', 'UTC')`,
    ),
    table: (name) => readFiles(files(name)),
    files: readFiles,
    tag: (column, key) => sql`if(mapContains(${raw(column)}, ${key}), ${raw(column)}[${key}], null)`,
    decimal: (text) => sql`toDecimal128(${text}, 18)`,
    instant: (time) => sql`toDateTime64(${timeText(time)}, 6, 'UTC')`,
    bucket: (granularity, time) => sql`toDateTime(${raw(starts[granularity])}(${time}), 'UTC')`,
    text: (value) => sql`toString(${value})`,
    listed: (value) => sql`arrayStringConcat(arraySort(groupArray(${value})), ',')`,
    decimalText: (value) => sql`toString(${value})`,
    timeText: (value) =>
      sql`concat(replaceRegexpOne(replaceOne(toString(${value}), ' ', 'T'), '[.]?0*$', ''), 'Z')`,
    contains: (text, part) => sql`position(${folded(text)}, ${folded(sql`${part}`)}) > 0`,
    matches: (text, pattern) => sql`match(${text}, ${`(?-s)${pattern}`})`,
    beginning: (text) => sql`nullIf(extract(ifNull(${text}, ''), '^[^0-9/:]+'), '')`,
    normalName: (text) =>
      sql`trim(both '-' from replaceRegexpAll(lowerUTF8(replaceAll(${text}, 'İ', 'i')), '[ \\t\\r\\n_-]+', '-'))`,
    jsonKey: (text, key) => {
      const json = sql`ifNull(${text}, '')`;
      const value = sql`if(JSONType(${json}, ${key}) = 'String', JSONExtractString(${json}, ${key}), JSONExtractRaw(${json}, ${key}))`;
      return sql`nullIf(if(JSONType(${json}, ${key}) = 'Null', '', ${value}), '')`;
    },
  };
}

const readParquet = (paths: readonly string[]): Sql =>
  raw(`read_parquet([${paths.map(literal).join(", ")}])`);

const readFiles = (paths: readonly string[]): Sql =>
  raw(`file(${clickhouseText(clickhouseGlob(paths))}, Parquet)`);

/**
 * Lower case as DuckDB has it, letter by letter: the dotted capital I becomes one character, not two, and a sigma at the end of a
 * word is a sigma.
 */
const folded = (text: Sql): Sql => sql`replaceAll(lowerUTF8(replaceAll(${text}, 'İ', 'i')), 'ς', 'σ')`;

/**
 * Several files as one pattern. It starts with a slash outside the braces, since a path that starts with a brace is taken as relative.
 * @throws Problem "not-supported" for a path with characters that would be read as a pattern and can't be escaped
 */
function clickhouseGlob(files: readonly string[]): string {
  const strange = files.find((file) => /[*?{},]/.test(file) || !file.startsWith("/"));
  if (strange !== undefined) {
    throw new Problem("not-supported", `ClickHouse can't be told to read exactly the file ${strange}.`, {
      at: { file: strange },
      hint: "Keep the data in a folder whose absolute path has none of * ? { } and comma.",
    });
  }
  return files.length === 1 ? (files[0] ?? "") : `/{${files.map((file) => file.slice(1)).join(",")}}`;
}

const clickhouseText = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
