import path from "node:path";
import { callsTable } from "#facts/call-columns.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { dayFiles, eventsOf } from "#lake/events/event-days.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakeVersion } from "#lake/snapshot.ts";

/** Calls of a model that nobody has a price of. */
export interface UnpricedModel {
  readonly provider: string;
  readonly model: string | null;
  readonly reason: string;
  readonly calls: number;
  readonly tokens: number;
}

const MOST_MODELS = 50;

/**
 * The models whose calls have tokens and no price, most tokens first: a line of a contract would price them. Models that run on machines of one's own cost
 * what those do, and calls without counts can't be priced by anybody.
 * @param areWhole false for files of a day of which one can't be read
 */
export async function unpricedModels(
  db: Duckdb,
  lake: string,
  { events }: LakeVersion,
  areWhole: (files: readonly string[]) => boolean,
): Promise<UnpricedModel[]> {
  const files = eventsOf(events, callsTable)
    .days.filter((day) => areWhole(dayFiles(day)))
    .map(({ rollups }) => rollups[`${callsTable.name}_day`] ?? "");
  if (files.length === 0) return [];
  const tokens = `sum("UncachedInputTokens" + "CacheReadTokens" + "CacheWrite5mTokens" + "CacheWrite1hTokens" + "VisibleOutputTokens" + "ReasoningOutputTokens")`;
  const rows =
    await db.run(`select "Provider" as provider, "x_ModelId" as model, "Unpriced" as reason, sum("Calls")::varchar as calls,
      coalesce(${tokens}, 0)::varchar as tokens from ${parquetFiles(path.resolve(lake), files)}
    where "PricedCost" is null and "Unpriced" not in ('self-hosted', 'usage-unknown', 'usage-faulty') group by all
    order by coalesce(${tokens}, 0) desc, 1, 2 limit ${MOST_MODELS}`);
  return rows.map((row) => ({
    provider: row["provider"] as string,
    model: row["model"] as string | null,
    reason: row["reason"] as string,
    calls: Number(row["calls"]),
    tokens: Number(row["tokens"]),
  }));
}
