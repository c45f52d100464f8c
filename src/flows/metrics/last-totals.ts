import type { Totals } from "#analysis/metrics/increase.ts";
import type { EventTable } from "#facts/event-table.ts";
import { outcomesTable } from "#facts/outcome-columns.ts";
import { signalsTable } from "#facts/signal-columns.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { openEvents } from "#lake/open-events.ts";
import { type Sql, sql } from "#lake/sql.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/** What a cumulative series has come to, and when that was. */
export interface LastTotals extends Totals {
  readonly until: Instant;
}

/** A series that was silent for longer is as good as a new one. */
const REMEMBERED = 3 * 86_400_000;

/** What each series that the lake knows has come to; nothing of those that were silent for three days. */
export async function lastTotals(data: string, now: Instant): Promise<Map<string, LastTotals>> {
  const found = new Map<string, LastTotals>();
  const signals = await rowsOf(
    data,
    signalsTable,
    now,
    (files) => sql`
    select "Series" as series, cast(epoch_ms("Until") as varchar) as until, cast("TotalSum" as varchar) as sum, cast("TotalCount" as varchar) as count,
      cast(to_json("Totals") as varchar) as buckets
    from (select *, row_number() over (partition by "Series" order by "Until" desc) as place from ${files} where "TotalCount" is not null) last where place = 1`,
  );
  const outcomes = await rowsOf(
    data,
    outcomesTable,
    now,
    (files) => sql`
    select "Series" as series, cast(epoch_ms("Until") as varchar) as until, cast("Total" as varchar) as sum, '0' as count, null as buckets
    from (select *, row_number() over (partition by "Series" order by "Until" desc) as place from ${files} where "Total" is not null) last where place = 1`,
  );
  for (const row of [...signals, ...outcomes]) found.set(String(row["series"]), totalsOf(row));
  return found;
}

/** Forgets series that were silent for three days, as the next start would. */
export function forgetSilent(totals: Map<string, LastTotals>, now: Instant): void {
  for (const [series, { until }] of totals) if (until < now - REMEMBERED) totals.delete(series);
}

async function rowsOf(
  data: string,
  table: EventTable,
  now: Instant,
  query: (files: Sql) => Sql,
): Promise<readonly Row[]> {
  try {
    const lake = await openEvents(data, table, () => ({ start: now - REMEMBERED, end: now + REMEMBERED }));
    try {
      return await lake.engine.query(query(lake.dialect.files(lake.files(table.name))));
    } finally {
      lake.close();
    }
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "lake-empty") return [];
    throw cause;
  }
}

function totalsOf(row: Row): LastTotals {
  const buckets =
    typeof row["buckets"] === "string" ? (JSON.parse(row["buckets"]) as Record<string, number>) : {};
  return {
    until: Number(row["until"]),
    sum: Number(row["sum"]),
    count: Number(row["count"]),
    buckets: new Map(
      Object.entries(buckets)
        .map(([upper, count]): [number, number] => [Number(upper), count])
        .sort(([a], [b]) => a - b),
    ),
  };
}
