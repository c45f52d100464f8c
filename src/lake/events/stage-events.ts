import path from "node:path";
import type { EventTable, EventType } from "#facts/event-table.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parsePlain } from "#lake/parse-sql.ts";
import { Problem } from "#units/problems.ts";

/** How a value lies in a line of JSON, and how it is read from there. */
const read: Record<EventType, { readonly json: string; readonly sql: (column: string) => string }> = {
  text: { json: "VARCHAR", sql: (column) => column },
  time: { json: "BIGINT", sql: (column) => `make_timestamp(${column} * 1000)` },
  count: { json: "BIGINT", sql: (column) => column },
  money: { json: "VARCHAR", sql: parsePlain },
  measure: { json: "VARCHAR", sql: (column) => `${column}::decimal(38,9)` },
  flag: { json: "BOOLEAN", sql: (column) => column },
  tags: { json: "MAP(VARCHAR, VARCHAR)", sql: (column) => column },
  counts: { json: "MAP(VARCHAR, BIGINT)", sql: (column) => column },
};

/** Events in their types, in the order in which they came: `x_Place` counts them from 0. */
export interface StagedEvents {
  readonly relation: string;
  /** By day, in order. */
  readonly days: readonly string[];
}

/**
 * Reads segments into a Parquet file of the writer's own, every column in its type.
 * @param files absolute paths of sound segments
 * @param rows that the segments say they hold
 * @throws Problem "totals-differ" if another number was read
 */
export async function stageEvents(
  db: Duckdb,
  incoming: string,
  table: EventTable,
  files: readonly string[],
  rows: number,
): Promise<StagedEvents> {
  const columns = Object.entries(table.columns);
  const types = columns.map(([name, { type }]) => `${literal(name)}: ${literal(read[type].json)}`);
  const typed = columns.map(([name, { type }]) => `${read[type].sql(quoted(name))} as ${quoted(name)}`);
  const stage = path.join(incoming, `${table.name}-stage.parquet`);
  await db.run(`copy (select ${typed.join(", ")}
    from read_json([${files.map(literal).join(", ")}], format = 'newline_delimited', maximum_object_size = 4194304, columns = {${types.join(", ")}})
    where ${quoted(table.key[0] ?? "")} is not null) to ${literal(stage)} (format parquet, compression lz4, row_group_size 61440)`);
  const relation = `(select * rename (file_row_number as "x_Place") from read_parquet(${literal(stage)}, file_row_number = true))`;
  const days = await db.run(
    `select ${dayOf(table)}::varchar as day, count(*)::varchar as n from ${relation} group by 1 order by 1`,
  );
  const staged = days.reduce((sum, row) => sum + Number(row["n"]), 0);
  if (staged !== rows)
    throw new Problem(
      "totals-differ",
      `The journal of ${table.name} holds ${rows} events; ${staged} were read.`,
    );
  return { relation, days: days.map((row) => String(row["day"])) };
}

/** The day, in UTC, that an event lies in. */
export const dayOf = ({ time }: EventTable): string => `${quoted(time)}::date`;
