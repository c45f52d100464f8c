import { rename, stat } from "node:fs/promises";
import { type Layout, literal, quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { engineProblem } from "./engine-problem.ts";

export interface StageInput {
  /** The readable file: for a packed delivery, the unpacked copy. */
  readonly path: string;
  /** Its name as the person knows it, for messages. */
  readonly name: string;
  readonly layout: Layout;
  /** Number of the file within the import, from 1. */
  readonly number: number;
  /** Column names of a CSV. */
  readonly columns: readonly string[];
}

export interface StagedFile {
  readonly input: StageInput;
  /** The staged Parquet file: every delivered column as text, and x_File. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

/** The longest line that is read: longer ones are a damaged file, and a column of gigabytes would fill the memory. */
export const MAX_LINE_BYTES = 4 << 20;

/**
 * Copies a delivered file, all cells as text, into a Parquet file that the later steps scan column by column. Reading the
 * delivery once also means that everything afterwards sees the same bytes.
 * @throws Problem "csv-malformed", "encoding-unsupported", "input-too-large", "source-unreadable", "disk-full"
 */
export async function stageFile(db: Duckdb, input: StageInput, target: string): Promise<StagedFile> {
  const temporary = `${target}.tmp`;
  try {
    const { relation, columns } = await sourceOf(db, input);
    const list = columns.map(({ name, text }) => `${text} as ${quoted(name)}`);
    const [counted] = await db.run(
      `copy (select ${[...list, `${input.number}::integer as x_File`].join(", ")} from ${relation})
       to ${literal(temporary)} (format parquet, compression lz4_raw)`,
    );
    await rename(temporary, target);
    return {
      input,
      path: target,
      columns: columns.map(({ name }) => name),
      rows: Number(counted?.["Count"] ?? 0),
    };
  } catch (cause) {
    throw engineProblem(cause, input.name);
  }
}

interface TextColumn {
  readonly name: string;
  readonly text: string;
}

async function sourceOf(db: Duckdb, input: StageInput): Promise<{ relation: string; columns: TextColumn[] }> {
  const file = literal(input.path);
  switch (input.layout) {
    case "csv":
      return {
        relation: csvRelation(file, input.columns),
        columns: input.columns.map((name) => ({ name, text: quoted(name) })),
      };
    case "parquet": {
      const relation = `read_parquet(${file}, hive_partitioning = false)`;
      const described = await db.run(`describe select * from ${relation}`);
      return {
        relation,
        columns: described.map((row) => textOf(String(row["column_name"]), String(row["column_type"]))),
      };
    }
    case "jsonl":
      return {
        relation: `read_ndjson_objects(${file}, maximum_object_size = ${MAX_LINE_BYTES})`,
        columns: [{ name: "json", text: "json::varchar" }],
      };
    case "json": {
      const size = (await stat(input.path)).size;
      return {
        relation: `read_json_objects(${file}, format = 'unstructured', maximum_object_size = ${Math.max(size + 1024, 1 << 20)})`,
        columns: [{ name: "json", text: "json::varchar" }],
      };
    }
  }
}

function csvRelation(file: string, columns: readonly string[]): string {
  const names = columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  // Only a bare word is null: a quoted "NULL" is what somebody wrote, a resource of that name perhaps.
  return `read_csv(${file}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${names}},
    nullstr = ['', 'NULL', 'null', '(null)'], allow_quoted_nulls = false, strict_mode = true, max_line_size = ${MAX_LINE_BYTES})`;
}

/** Nested values become JSON; a double becomes its shortest text, so that no binary noise is taken for digits. */
function textOf(name: string, type: string): TextColumn {
  const nested = /^(MAP|STRUCT|UNION)\b|\[\d*\]$/.test(type);
  return { name, text: nested ? `to_json(${quoted(name)})::varchar` : `${quoted(name)}::varchar` };
}
