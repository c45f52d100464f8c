import { type EventTable, type EventType } from "#facts/event-table.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";

/**
 * Makes a table's computed columns: of a relation of events as they were delivered, whose other columns are kept, a relation that has them too.
 * It may put tables of its own into the engine.
 */
export type ComputeEvents = (engine: Duckdb, relation: string) => Promise<string>;

/** Nothing is known of what could be computed. */
export const nothingComputed =
  ({ computed = {} }: EventTable): ComputeEvents =>
  async (_, relation) => {
    const columns = Object.entries(computed).map(
      ([name, { type }]) => `null::${sqlTypes[type]} as ${quoted(name)}`,
    );
    return columns.length === 0 ? relation : `(select *, ${columns.join(", ")} from ${relation})`;
  };

/** How a column of a type is kept. */
const sqlTypes: Readonly<Record<EventType, string>> = {
  text: "varchar",
  time: "timestamp",
  count: "bigint",
  money: "decimal(38,18)",
  measure: "decimal(38,9)",
  flag: "boolean",
  tags: "map(varchar, varchar)",
  counts: "map(varchar, bigint)",
};
