import type { ExportColumn, ExportVersion } from "#facts/export-columns.ts";
import type { ExportForm } from "#facts/export-form.ts";
import { costColumns } from "#facts/focus-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { type ExportedCharges, exportedCharges } from "#lake/queries/exported-charges.ts";
import { join, raw, render, type Sql, sql } from "#lake/sql.ts";
import { isText, writtenColumn } from "./written-column.ts";

/** How the rows of an export are written. */
export interface WrittenAs {
  readonly columns: readonly ExportColumn[];
  readonly form: ExportForm;
  readonly version: ExportVersion;
}

/**
 * Writes an export with the engine, which holds no more of it in memory than a few blocks.
 * @param file that the engine may write; it must not be there
 * @returns rows written
 */
export async function writeExport(
  db: Duckdb,
  d: Dialect,
  exported: ExportedCharges,
  { columns, form, version }: WrittenAs,
  file: string,
): Promise<number> {
  const select = sql`select ${join(
    columns.map((column) => sql`${writtenColumn(d, column, form, version)} as ${raw(quoted(column.name))}`),
    ", ",
  )} from (${exportedCharges(
    d,
    exported,
    columns.map(({ column }) => column),
  )}) e`;
  const options = form === "parquet" ? PARQUET : csvOptions(columns, form);
  const [counted] = await db.run(copyText(select, file, options));
  return Number(counted?.["Count"]);
}

/** The statement that writes a query's rows to a file; a COPY takes no bound values, so they are written into it. */
export function copyText(query: Sql, file: string, options: string): string {
  const text = render(query, (value) => (typeof value === "string" ? literal(value) : String(value)));
  return `copy (${text}) to ${literal(file)} (${options}, use_tmp_file false)`;
}

export const PARQUET = "format parquet, compression zstd, row_group_size 61440";

function csvOptions(columns: readonly ExportColumn[], form: ExportForm): string {
  const texts = columns.filter(isText).map(({ name }) => quoted(name));
  return [
    "format csv, header true",
    ...(texts.length === 0 ? [] : [`force_quote (${texts.join(", ")})`]),
    ...(form === "csv.gz" ? ["compression gzip"] : []),
  ].join(", ");
}

/**
 * The exact sums of a Parquet export's costs, read back from it.
 * @returns each cost that the file holds, over all currencies, in its shortest text; null if no row has a value
 */
export async function sumsWritten(
  db: Duckdb,
  d: Dialect,
  columns: readonly ExportColumn[],
  file: string,
): Promise<Record<string, string | null>> {
  const names = columns.map(({ name }) => name);
  const costs = costColumns.filter((name) => names.includes(name));
  if (costs.length === 0) return {};
  const sums = costs.map(
    (name) => sql`${d.decimalText(raw(`sum(${quoted(name)})`))} as ${raw(quoted(name))}`,
  );
  const [row = {}] = await db.query(
    sql`select ${join(sums, ", ")} from read_parquet(${raw(literal(file))}, hive_partitioning = false)`,
  );
  return Object.fromEntries(costs.map((name) => [name, (row[name] ?? null) as string | null]));
}
