import { rename, stat } from "node:fs/promises";
import { Problem } from "#units/problems.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { csvFault, MAX_LINE_BYTES } from "./csv-fault.ts";
import { deliveredSql, type Group } from "./delivery-sql.ts";
import type { StagedFile, StageInput } from "./staged-file.ts";
import { engineProblem, isShortage, parquetProblem } from "./engine-problem.ts";

/** Rows of a row group: small ones let two threads write in order side by side, and need less memory. */
const STAGED_ROWS = 40_960;

/** The largest JSON document: unlike lines, it is held in memory whole. */
const MAX_DOCUMENT_BYTES = 128 << 20;

/** More columns than this are a damaged header; real bills have up to some hundreds. */
const MAX_COLUMNS = 5000;

/**
 * Copies a delivered file, all cells as text, into a Parquet file that the later steps scan column by column. Reading the
 * delivery once also means that everything afterwards sees the same bytes.
 * @throws Problem "csv-malformed", "encoding-unsupported", "input-too-large", "source-unreadable", "disk-full"
 */
export async function stageFile(db: Duckdb, input: StageInput, target: string): Promise<StagedFile> {
  const temporary = `${target}.tmp`;
  try {
    const { relation, columns: delivered } = await sourceOf(db, input);
    const columns = delivered.map(({ name, text }) => ({ name: stagedName(name), text }));
    if (columns.length > MAX_COLUMNS) {
      const message = `${input.name} has ${columns.length} columns; at most ${MAX_COLUMNS} are read.`;
      throw new Problem("input-too-large", message, { at: { file: input.name, line: 1 } });
    }
    const list = columns.map(({ name, text }) => `${text} as ${quoted(name)}`);
    const [counted] = await db.run(
      `copy (select ${[...list, `${input.number}::integer as x_File`].join(", ")} from ${relation})
       to ${literal(temporary)} (format parquet, compression lz4_raw, row_group_size ${STAGED_ROWS})`,
    );
    await rename(temporary, target);
    return {
      input,
      path: target,
      columns: columns.map(({ name }) => name),
      rows: Number(counted?.["Count"] ?? 0),
    };
  } catch (cause) {
    throw await stageProblem(cause, input);
  }
}

/** Columns that staging adds; a delivered one of that name is staged under another. */
const added: readonly string[] = ["x_file", "x_row", "file_row_number"];

/** The name that a delivered column is staged by: its own, unless staging has a column of that name. */
export const stagedName = (name: string): string =>
  added.includes(name.toLowerCase()) ? `${name}Delivered` : name;

/** The engine counts records, and a person counts lines; what it calls malformed is looked up in the file. */
async function stageProblem(cause: unknown, input: StageInput): Promise<unknown> {
  if (cause instanceof Problem) return cause;
  if (input.layout === "parquet") return parquetProblem(cause, input.name);
  const known = engineProblem(cause, input.name);
  if (input.layout !== "csv" || isShortage(known)) return known;
  return (await csvFault(input, cause)) ?? known;
}

/** The names of a Parquet file's columns, from its footer, as they are staged. */
export async function parquetColumns(db: Duckdb, file: string, name: string): Promise<string[]> {
  try {
    const described = await db.run(
      `describe select * from read_parquet(${literal(file)}, hive_partitioning = false)`,
    );
    return described.map((row) => stagedName(String(row["column_name"])));
  } catch (cause) {
    throw parquetProblem(cause, name);
  }
}

/**
 * Makes the rows of a mapping that has a query for them, once.
 * @returns the group, reading them from the file
 */
export async function stageRows(db: Duckdb, group: Group, target: string): Promise<Group> {
  if (group.mapping.rows === undefined) return group;
  try {
    await db.run(`copy (${deliveredSql(group)}) to ${literal(target)} (format parquet, compression lz4_raw)`);
  } catch (cause) {
    throw engineProblem(cause, group.files[0]?.input.name ?? "");
  }
  return { ...group, madeRows: target };
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
      if (size > MAX_DOCUMENT_BYTES) {
        const message = `${input.name} is one JSON document of more than ${MAX_DOCUMENT_BYTES >> 20} MiB, which is read as a whole.`;
        const hint = "Export it as JSON Lines, an object per line, or in several files.";
        throw new Problem("input-too-large", message, { at: { file: input.name }, hint });
      }
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

/**
 * Nested values become JSON; a double becomes its shortest text, so that no binary noise is taken for digits. An empty text is
 * absent, as it is in CSV: some writers of Parquet know no null.
 */
function textOf(name: string, type: string): TextColumn {
  const nested = /^(MAP|STRUCT|UNION)\b|\[\d*\]$/.test(type);
  if (nested) return { name, text: `to_json(${quoted(name)})::varchar` };
  return { name, text: type === "VARCHAR" ? `nullif(${quoted(name)}, '')` : `${quoted(name)}::varchar` };
}
