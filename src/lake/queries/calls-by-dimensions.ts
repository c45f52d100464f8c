import { callsTable, measuredLatencies } from "#facts/call-columns.ts";
import { type CallDimension, type CallFilter, type CallQuestion } from "#facts/call-question.ts";
import { latencyBucketSql } from "#facts/latency-bucket.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { rollupBucket } from "./event-rollup.ts";
import { textFilterSql } from "./text-filter-sql.ts";
import { groupQuery, type QueryColumn } from "./group-query.ts";

/** The tables of the lake that are made of calls. */
export type CallTable =
  | "calls"
  | `calls_${"hour" | "day" | "month"}`
  | `calls_latency_${"hour" | "day" | "month"}`;
/** Gives the live files of a table as a relation. */
export type CallFiles = (table: CallTable) => Sql;

const { rollup } = callsTable;
const time = raw(quoted(callsTable.time));

/** The smallest table that tells the sums. */
export function callTable(question: CallQuestion): CallTable {
  const bucket = isKept(question, rollup.dimensions) ? rollupBucket(question) : undefined;
  return bucket === undefined ? "calls" : `calls_${bucket}`;
}

/** The smallest table that tells the latencies. */
export function latencyTable(question: CallQuestion): CallTable {
  const bucket = isKept(question, measuredLatencies.dimensions) ? rollupBucket(question) : undefined;
  return bucket === undefined ? "calls" : `calls_latency_${bucket}`;
}

const isKept = ({ by, where }: CallQuestion, dimensions: readonly string[]): boolean =>
  [...by, ...where.map(({ dimension }) => dimension)].every(
    (dimension) => dimension.kind === "column" && dimensions.includes(dimension.column),
  );

/** By these sums are kept apart beside the groups asked for: amounts of two currencies never add up, and what has no price has a reason. */
const kinds = { pricedCurrency: "PricedCurrency", statedCurrency: "StatedCurrency", unpriced: "Unpriced" };

/**
 * Sums of calls per group, bucket, currencies and reason for no price, all as text, in one look at the table. Result columns: `k0…`, `bucket` if there are
 * any, `pricedCurrency`, `statedCurrency`, `unpriced`, and the sums by their names.
 */
export function callSums(d: Dialect, files: CallFiles, question: CallQuestion): Sql {
  const table = callTable(question);
  const sums = Object.entries(rollup.sums);
  const rows = asked(d, files, question, table);
  return groupQuery({
    ...rows,
    groups: [
      ...rows.groups,
      ...Object.entries(kinds).map(([name, column]) => ({ name: quoted(name), value: raw(quoted(column)) })),
    ],
    sums: sums.map(([name, { sql: aggregate, type }]) => ({
      name: quoted(name),
      value: table === "calls" ? raw(aggregate) : raw(`sum(${quoted(name)})`),
      written: (value) => (type === "money" ? d.decimalText(value) : d.text(value)),
    })),
  });
}

/**
 * Calls by latency bucket, per group, time bucket and measured column: `k0…`, `bucket`, `measure` and `latencies`, such as `12:5,13:8` for five calls in
 * bucket 12. A row per latency bucket would take longer to hand over than to find.
 */
export function callLatencies(d: Dialect, files: CallFiles, question: CallQuestion): Sql {
  const table = latencyTable(question);
  const of = asked(d, files, question, table);
  const groups = [...of.groups.map(({ name }) => name), "measure"];
  return groupQuery({
    table: sql`(${latencyCounts(d, of, table)}) counted`,
    where: [raw("1 = 1")],
    groups: groups.map((name) => ({ name, value: raw(name) })),
    sums: [{ name: "latencies", value: d.listed(raw("latency || ':' || calls")) }],
  });
}

function latencyCounts(d: Dialect, of: AskedRows, table: CallTable): Sql {
  const query = (measure: Sql, latency: Sql, count: Sql, where: readonly Sql[]): Sql =>
    groupQuery({
      ...of,
      where: [...of.where, ...where],
      groups: [
        ...of.groups,
        { name: "measure", value: measure },
        { name: "latency", value: latency, written: (value) => d.text(value) },
      ],
      sums: [{ name: "calls", value: count, written: (value) => d.text(value) }],
    });
  if (table !== "calls") return query(raw(`"Measure"`), raw(`"Bucket"`), raw(`sum("Events")`), []);
  const each = measuredLatencies.columns.map((name) => {
    const one = query(sql`cast(${name} as varchar)`, raw(latencyBucketSql(quoted(name))), raw("count(*)"), [
      raw(`${quoted(name)} is not null`),
    ]);
    return sql`select * from (${one}) ${raw(name)}`;
  });
  return join(each, "\nunion all\n");
}

interface AskedRows {
  readonly table: Sql;
  readonly where: readonly Sql[];
  readonly groups: readonly QueryColumn[];
}

function asked(d: Dialect, files: CallFiles, question: CallQuestion, table: CallTable): AskedRows {
  const { by, where, window, granularity } = question;
  const bucket: readonly QueryColumn[] =
    granularity === undefined
      ? []
      : [{ name: "bucket", value: d.bucket(granularity, time), written: (value) => d.text(value) }];
  const groups = [
    ...by.map((dimension, index) => ({ name: `k${index}`, value: dimensionSql(d, dimension) })),
    ...bucket,
  ];
  return {
    table: files(table),
    where: [
      sql`${time} >= ${d.instant(window.start)}`,
      sql`${time} < ${d.instant(window.end)}`,
      ...where.map((filter) => filterSql(d, filter)),
    ],
    // Something must be grouped by; of nothing there is no row.
    groups: groups.length === 0 ? [{ name: "nothing", value: raw("'all'") }] : groups,
  };
}

function dimensionSql(d: Dialect, dimension: CallDimension): Sql {
  if (dimension.kind === "tag") return d.tag(`"Attributes"`, dimension.key);
  const value = raw(quoted(dimension.column));
  return callsTable.columns[dimension.column]?.type === "flag" ? d.text(value) : value;
}

const filterSql = (d: Dialect, filter: CallFilter): Sql =>
  textFilterSql(d, filter, dimensionSql(d, filter.dimension));
