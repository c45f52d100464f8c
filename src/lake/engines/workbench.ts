import { DECIMAL, DuckDBDataChunk, DuckDBDecimalValue, INTEGER, UBIGINT } from "@duckdb/node-api";
import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { Sql } from "#lake/sql.ts";
import { boundText, connectDuckdb, type Duckdb, type DuckdbOptions } from "./duckdb.ts";

/** A value of a streamed or appended row: decimals and whole numbers as bigint, a decimal in units of the 18th place. */
export type BenchValue = string | bigint | null;

/** Types of columns that rows are appended to. */
export type BenchType = "decimal" | "integer" | "row";

/** An engine of one's own that also gives rows and takes them piece by piece, so that no more than a piece is in memory. */
export interface Workbench extends Duckdb {
  /** The rows of a query as columns, a few thousand rows at a time, in the query's order. */
  stream(query: Sql): AsyncGenerator<readonly (readonly BenchValue[])[]>;
  /** Begins to add rows to a table that `run` made; they may be added, and other statements run, while a stream is read. */
  append(table: string, types: readonly BenchType[]): Promise<Appending>;
}

/** Rows on their way into a table. */
export interface Appending {
  row(values: readonly BenchValue[]): void;
  /** Writes what is left; rows are seen from then on. */
  end(): void;
}

/** Opens an engine as `openDuckdb` does, for work that is more than questions. */
export async function openWorkbench(options: DuckdbOptions): Promise<Workbench> {
  const { db, instance } = await connectDuckdb(options);
  return {
    ...db,
    // A stream ends with the next statement of its connection, so it has one of its own; and so has what is appended meanwhile.
    async *stream(query) {
      const connection = await instance.connect();
      try {
        const result = await connection.stream(boundText(query), [...query.values]);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          yield chunk.getColumns().map((column) => column.map(benchValue));
        }
      } finally {
        connection.closeSync();
      }
    },
    append: async (table, types) => {
      const connection = await instance.connect();
      const appender = await connection.createAppender(table);
      let rows: (readonly BenchValue[])[] = [];
      const flush = (): void => {
        if (rows.length > 0) appender.appendDataChunk(chunkOf(rows, types));
        rows = [];
      };
      return {
        row: (values) => {
          rows.push(values);
          if (rows.length === CHUNK) flush();
        },
        end: () => {
          flush();
          appender.closeSync();
          connection.closeSync();
        },
      };
    },
  };
}

/** The most rows that a chunk of the engine holds. */
const CHUNK = 2048;

const duckdbTypes: Readonly<Record<BenchType, DuckDBType>> = {
  decimal: DECIMAL(38, 18),
  integer: INTEGER,
  row: UBIGINT,
};

function benchValue(value: DuckDBValue): BenchValue {
  if (value instanceof DuckDBDecimalValue) return value.value;
  return typeof value === "string" || typeof value === "bigint" || value === null ? value : String(value);
}

function chunkOf(rows: readonly (readonly BenchValue[])[], types: readonly BenchType[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    types.map((type) => duckdbTypes[type]),
    rows.length,
  );
  types.forEach((type, index) =>
    chunk.setColumnValues(
      index,
      rows.map((row) => duckdbValue(type, row[index] ?? null)),
    ),
  );
  return chunk;
}

function duckdbValue(type: BenchType, value: BenchValue): DuckDBValue {
  if (typeof value !== "bigint") return value;
  if (type === "decimal") return new DuckDBDecimalValue(value, 38, 18);
  return type === "integer" ? Number(value) : value;
}
