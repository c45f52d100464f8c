import type { EventTable } from "#facts/event-table.ts";
import { latencyBucketSql } from "#facts/latency-bucket.ts";
import { quoted } from "#facts/source-mapping.ts";

/** What is counted by latency bucket. */
type Latencies = NonNullable<EventTable["rollup"]["latencies"]>;

/** Buckets of time that events are summed by. */
type RollupBucket = "hour" | "day" | "month";

const sqlType = { count: "bigint", money: "decimal(38,18)", measure: "decimal(38,9)" } as const;

/** Events summed by the hour: each row is an hour's start and its dimensions. */
export function hourSql(table: EventTable, relation: string): string {
  const { rollup, time } = table;
  const sums = Object.entries(rollup.sums).map(
    ([name, { sql, type }]) => `${sql}::${sqlType[type]} as ${quoted(name)}`,
  );
  return `select date_trunc('hour', ${quoted(time)}) as ${quoted(time)}, ${columns(rollup.dimensions)}, ${sums.join(", ")}
    from ${relation} group by all`;
}

/** Rows of rollups added up to rows of longer buckets, or of the same. */
export function addedSql(table: EventTable, relation: string, bucket: RollupBucket): string {
  const { rollup, time } = table;
  const sums = Object.entries(rollup.sums).map(
    ([name, { type, again = "sum" }]) => `${again}(${quoted(name)})::${sqlType[type]} as ${quoted(name)}`,
  );
  return `select date_trunc('${bucket}', ${quoted(time)}) as ${quoted(time)}, ${columns(rollup.dimensions)}, ${sums.join(", ")}
    from ${relation} group by all order by 1`;
}

/** How many events fell into each latency bucket, by the hour: a row per column that is measured, dimensions and bucket. */
export function latencyHourSql(
  { time }: EventTable,
  { dimensions, columns: measured }: Latencies,
  relation: string,
): string {
  const each = measured.map(
    (
      name,
    ) => `select date_trunc('hour', ${quoted(time)}) as ${quoted(time)}, ${columns(dimensions)}, '${name}' as "Measure",
      ${latencyBucketSql(quoted(name))}::smallint as "Bucket", count(*)::bigint as "Events"
    from ${relation} where ${quoted(name)} is not null group by all`,
  );
  return each.join("\n    union all ");
}

/** Rows of latency rollups added up. */
export function latencyAddedSql(
  { time }: EventTable,
  { dimensions }: Latencies,
  relation: string,
  bucket: RollupBucket,
): string {
  return `select date_trunc('${bucket}', ${quoted(time)}) as ${quoted(time)}, ${columns(dimensions)}, "Measure", "Bucket",
      sum("Events")::bigint as "Events"
    from ${relation} group by all order by 1`;
}

/** What a table of rollups keeps apart, and what it sums. */
export function rollupColumns(
  { name, time, rollup }: EventTable,
  of: string,
): { readonly keys: readonly string[]; readonly sums: readonly string[] } {
  return of.startsWith(`${name}_latency_`)
    ? { keys: [...(rollup.latencies?.dimensions ?? []), "Measure", "Bucket", time], sums: ["Events"] }
    : { keys: [...rollup.dimensions, time], sums: Object.keys(rollup.sums) };
}

const columns = (names: readonly string[]): string => names.map(quoted).join(", ");
