import { signalsTable } from "#facts/signal-columns.ts";
import type { SignalQuestion } from "#facts/signal-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { groupQuery, type QueryColumn } from "./group-query.ts";
import { rollupBucket } from "./event-rollup.ts";
import { textFilterSql, texts } from "./text-filter-sql.ts";

/** The tables of the lake that are made of signals. */
export type SignalTable = "signals" | `signals_${"hour" | "day" | "month"}`;

const time = raw(quoted(signalsTable.time));

/** The smallest table that tells what is asked. */
export function signalTable(question: SignalQuestion): SignalTable {
  const bucket = rollupBucket(question);
  return bucket === undefined ? "signals" : `signals_${bucket}`;
}

/** The smallest table that tells in how many five minutes something was seen: subjects move in the course of a month. */
export function momentsTable(question: SignalQuestion): SignalTable {
  const table = signalTable(question);
  return table === "signals_month" ? "signals_day" : table;
}

/**
 * Signals per group and bucket of time, all as text: `k0…`, `bucket` if there are any, `signal`, and
 * - `sum`, `count`: of all rows without bounds, added up; null where there are none
 * - `max`: the highest of them
 * - `buckets`: of a histogram, lower bound, upper bound and count of each, such as `0 0.5 10,0.5 1 3`
 */
export function signalSums(d: Dialect, files: Sql, question: SignalQuestion): Sql {
  const { groups, where } = asked(d, question);
  const inner = [
    ...groups.map(({ name, value }) => sql`${value} as ${raw(name)}`),
    raw(`"Lower" as lower_bound`),
    raw(`"Upper" as upper_bound`),
    raw(`sum("Sum") as total`),
    raw(`sum("Count") as counted`),
    raw(`max("Max") as highest`),
  ];
  const ofAll = (value: string): Sql => raw(`max(case when upper_bound is null then ${value} end)`);
  return groupQuery({
    table: sql`(select ${join(inner, ", ")} from ${files} where ${join(where, " and ")} group by all)`,
    where: [raw("1 = 1")],
    groups: groups.map((group) => ({ ...group, value: raw(group.name) })),
    sums: [
      { name: "sum", value: ofAll("total"), written: (value) => d.text(value) },
      { name: "count", value: ofAll("counted"), written: (value) => d.text(value) },
      { name: "max", value: ofAll("highest"), written: (value) => d.text(value) },
      {
        name: "buckets",
        value: d.listed(sql`lower_bound || ' ' || upper_bound || ' ' || ${d.text(raw("counted"))}`),
      },
    ],
  });
}

/**
 * The five minutes that any subject of a group was seen in: `k0…`, `bucket`, `signal`, `moments`. They are added up over the hours or days of the table;
 * within one of these the subject that was seen most tells them.
 */
export function signalMoments(d: Dialect, files: Sql, question: SignalQuestion): Sql {
  const { groups, where } = asked(d, question);
  const inner = [
    ...groups.map(({ name, value }) => sql`${value} as ${raw(name)}`),
    sql`${time} as at`,
    raw(
      `${momentsTable(question) === "signals" ? `max(case when "Series" is null then 1 else 0 end)` : `max("Points")`} as moments`,
    ),
  ];
  return groupQuery({
    table: sql`(select ${join(inner, ", ")} from ${files} where ${join([...where, raw(`"Upper" is null`)], " and ")} group by all)`,
    where: [raw("1 = 1")],
    groups: groups.map((group) => ({ ...group, value: raw(group.name) })),
    sums: [{ name: "moments", value: raw("sum(moments)"), written: (value) => d.text(value) }],
  });
}

function asked(
  d: Dialect,
  { signals, by, where, window, granularity }: SignalQuestion,
): { groups: readonly QueryColumn[]; where: readonly Sql[] } {
  const bucket: readonly QueryColumn[] =
    granularity === undefined
      ? []
      : [{ name: "bucket", value: d.bucket(granularity, time), written: (value) => d.text(value) }];
  return {
    groups: [
      ...by.map((dimension, index) => ({ name: `k${index}`, value: raw(quoted(dimension)) })),
      ...bucket,
      { name: "signal", value: raw(`"Signal"`) },
    ],
    where: [
      sql`${time} >= ${d.instant(window.start)}`,
      sql`${time} < ${d.instant(window.end)}`,
      ...(signals.length === 0 ? [] : [sql`"Signal" in (${texts(signals)})`]),
      ...where.map((filter) => textFilterSql(d, filter, raw(quoted(filter.dimension)))),
    ],
  };
}
