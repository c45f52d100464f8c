import { signalsTable } from "#facts/signal-columns.ts";
import type { SignalQuestion } from "#facts/signal-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { groupQuery, type QueryColumn } from "./group-query.ts";
import { textFilterSql, texts } from "./text-filter-sql.ts";

/** The tables of the lake that are made of signals. */
export type SignalTable = "signals" | "signals_hour" | "signals_day";

const HOUR = 3_600_000;
const time = raw(quoted(signalsTable.time));

/** The smallest table that tells what is asked. */
export function signalTable({ window, granularity }: SignalQuestion): SignalTable {
  const isWhole = (step: number): boolean => window.start % step === 0 && window.end % step === 0;
  if (!isWhole(HOUR)) return "signals";
  return isWhole(24 * HOUR) && granularity !== "hour" ? "signals_day" : "signals_hour";
}

/**
 * Signals per group and bucket of time, all as text: `k0…`, `bucket` if there are any, `signal`, and of all rows without bounds
 * - `sum`, `count`: added up
 * - `max`: the highest
 * - `moments`: the five minutes that any subject was seen in, added up over the hours or days of the table; within one of these the subject that
 *   was seen most tells them
 */
export function signalSums(d: Dialect, files: Sql, question: SignalQuestion): Sql {
  const { groups, where } = asked(d, question);
  const isRaw = signalTable(question) === "signals";
  const inner = [
    ...groups.map(({ name, value }) => sql`${value} as ${raw(name)}`),
    sql`${time} as at`,
    raw(`sum("Sum") as total`),
    raw(`sum("Count") as counted`),
    raw(`max("Max") as highest`),
    raw(isRaw ? "1 as moments" : `max("Points") as moments`),
  ];
  return groupQuery({
    table: sql`(select ${join(inner, ", ")} from ${files} where ${join([...where, raw(`"Upper" is null`)], " and ")} group by all)`,
    where: [raw("1 = 1")],
    groups: groups.map((group) => ({ ...group, value: raw(group.name) })),
    sums: [
      { name: "sum", value: raw("sum(total)"), written: (value) => d.text(value) },
      { name: "count", value: raw("sum(counted)"), written: (value) => d.text(value) },
      { name: "max", value: raw("max(highest)"), written: (value) => d.text(value) },
      { name: "moments", value: raw("sum(moments)"), written: (value) => d.text(value) },
    ],
  });
}

/** Buckets of histograms per group and bucket of time, all as text: `k0…`, `bucket`, `signal`, `lower`, `upper`, `count`. */
export function signalBuckets(d: Dialect, files: Sql, question: SignalQuestion): Sql {
  const { groups, where } = asked(d, question);
  return groupQuery({
    table: files,
    where: [...where, raw(`"Upper" is not null`)],
    groups: [...groups, { name: "lower", value: raw(`"Lower"`) }, { name: "upper", value: raw(`"Upper"`) }],
    sums: [{ name: "count", value: raw(`sum("Count")`), written: (value) => d.text(value) }],
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
