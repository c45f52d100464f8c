import path from "node:path";
import { callsTable, inputTokenColumns, outputTokenColumns } from "#facts/call-columns.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { dayFiles, eventsOf } from "#lake/events/event-days.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakeVersion } from "#lake/snapshot.ts";

/** How alike the tokens are that two sources of calls count, hour by hour or day by day. */
export interface SharedCalls {
  readonly sources: readonly [string, string];
  /** Hours or days of a model in which both count tokens, and those in which they count the same. */
  readonly shared: number;
  readonly agree: number;
  /** Different sums among those that are the same. */
  readonly amounts: number;
  /** Calls of those that are the same, as the first source has them, and the models. */
  readonly calls: number;
  readonly models: number;
  /** First and last of those that are the same, as dates; null where none is. */
  readonly from: string | null;
  readonly to: string | null;
}

const MOST_PAIRS = 200;
/** A gateway counts a few calls more than the applications behind it, or ends them in the next hour. */
const ALIKE = 0.005;

/**
 * Compares the tokens that two sources of calls count of one model, from rollups: a gateway, the application behind it and the provider's usage report tell the
 * same calls under ids of their own. Whoever makes the model may stand before its name.
 * @param bucket hour, or day for reports that know days only
 * @param areWhole false for files of a day of which one can't be read
 */
export async function sharedCalls(
  db: Duckdb,
  lake: string,
  { events }: LakeVersion,
  bucket: "hour" | "day",
  areWhole: (files: readonly string[]) => boolean,
): Promise<SharedCalls[]> {
  const files = eventsOf(events, callsTable)
    .days.filter((day) => areWhole(dayFiles(day)))
    .map(({ rollups }) => rollups[`${callsTable.name}_${bucket}`] ?? "");
  if (files.length === 0) return [];
  const total = (columns: readonly string[]): string =>
    columns.map((name) => `coalesce(sum("${name}"), 0)`).join(" + ");
  const isAlike = (name: string): string => `abs(a.${name} - b.${name}) <= ${ALIKE} * a.${name}`;
  const rows = await db.run(`with sums as (
      select "x_Source" as source, lower(regexp_extract("x_ModelId", '[^/]+$')) as model, date_trunc('${bucket}', "StartTime") as start,
        (${total(inputTokenColumns)})::double as input, (${total(outputTokenColumns)})::double as output, sum("Calls") as calls
      from ${parquetFiles(path.resolve(lake), files)} where "x_ModelId" is not null group by all having input > 0),
    shared as (
      select a.source as one, b.source as other, model, start, a.input, a.calls, ${isAlike("input")} and ${isAlike("output")} as same
      from sums a join sums b using (model, start) where a.source < b.source)
    select one, other, count(*) as shared, count(*) filter (where same) as agree, count(distinct input) filter (where same) as amounts,
      coalesce(sum(calls) filter (where same), 0)::varchar as calls, count(distinct model) filter (where same) as models,
      (min(start) filter (where same))::date::varchar as "from", (max(start) filter (where same))::date::varchar as "to"
    from shared group by 1, 2 order by count(*) filter (where same) desc, 1, 2 limit ${MOST_PAIRS}`);
  return rows.map((row) => ({
    sources: [String(row["one"]), String(row["other"])],
    shared: Number(row["shared"]),
    agree: Number(row["agree"]),
    amounts: Number(row["amounts"]),
    calls: Number(row["calls"]),
    models: Number(row["models"]),
    from: row["from"] as string | null,
    to: row["to"] as string | null,
  }));
}
