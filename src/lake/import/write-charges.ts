import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import type { Attribution } from "#facts/attribution.ts";
import { addedColumnNames, type AddedColumn } from "#facts/charge-columns.ts";
import { focusColumnNames } from "#facts/focus-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import type { TableName } from "#lake/dialect.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { syncPath } from "#lake/snapshot.ts";
import { sqlType } from "./delivery-sql.ts";
import { derivedColumns, withLookups } from "./derive-sql.ts";
import { rollupSql } from "./rollup-sql.ts";
import type { PeriodTotals } from "./survey-delivery.ts";
import { rowSlices } from "./row-slices.ts";

/** Where and as what a period's charges are written. */
export interface Target {
  /** The lake's folder. */
  readonly lake: string;
  readonly source: string;
  readonly role: string;
  readonly importId: string;
  readonly period: Pick<PeriodTotals, "billingPeriod">;
  /** The rules by which rollups are made. */
  readonly attribution: Attribution;
  /** True for the division of a period, whose rows are no charges. */
  readonly division?: true;
}

/** What a file of a table is to hold. */
export interface TablePart {
  readonly sql: string;
  readonly rows: number;
}

/**
 * Writes one billing period of a delivery: the charges sorted by time, then their rollups by hour and by day.
 * @param charges relation with FOCUS columns and those of ours that a source states in their types, x_File, x_Row, x_Format, x_Extra
 * @param onWritten is told the number of charges after each file
 * @returns the files written, relative to the lake, per table
 */
export async function writePeriod(
  db: Duckdb,
  charges: string,
  target: Target & { readonly period: PeriodTotals },
  onWritten: (rows: number) => void,
): Promise<Record<TableName, string[]>> {
  const added = addedColumnNames.map(
    (column) => `${addedColumn(column, target)}::${sqlType(column)} as ${column}`,
  );
  const columns = [...focusColumnNames.map((name) => `c.${quoted(name)}`), ...added];
  const slices = (await rowSlices(db, charges, target.period)).map(({ where, rows, inOrder }) => {
    const selected = `select ${columns.join(", ")} from ${withLookups(`(select * from (${charges}) where ${where})`)}`;
    return { rows, sql: inOrder ? selected : `${selected} order by "ChargePeriodStart"` };
  });
  const written = await writeTable(db, "charges", slices, target, onWritten);
  return { charges: written, ...(await writeRollups(db, written, target)) };
}

/**
 * Sums charges that are in the lake by hour and by day.
 * @param charges their files, relative to the lake
 * @returns the files written, relative to the lake
 */
export async function writeRollups(
  db: Duckdb,
  charges: readonly string[],
  target: Target,
): Promise<Record<"charges_hour" | "charges_day", string[]>> {
  const parquet = parquetFiles(target.lake, charges);
  const rollup = (table: TableName, bucket: "hour" | "day"): Promise<string[]> =>
    writeTable(
      db,
      table,
      [{ rows: 0, sql: rollupSql(parquet, bucket, target.attribution, target.division === undefined) }],
      target,
    );
  return {
    charges_hour: await rollup("charges_hour", "hour"),
    charges_day: await rollup("charges_day", "day"),
  };
}

function addedColumn(column: AddedColumn, { source, role, importId }: Target): string {
  switch (column) {
    case "x_Source":
      return literal(source);
    case "x_Role":
      return literal(role);
    case "x_Import":
      return literal(importId);
    default:
      return derivedColumns[column] ?? `c.${column}`;
  }
}

/**
 * Writes a table's files for a period; none if there is no part. Files are written under another name and moved: no reader's pattern ever
 * meets a half one.
 * @param parts one a file; each is written before the next is asked for
 * @returns the files, relative to the lake
 */
export async function writeTable(
  db: Duckdb,
  table: TableName,
  parts: Iterable<TablePart> | AsyncIterable<TablePart>,
  target: Target,
  onWritten: (rows: number) => void = () => {},
): Promise<string[]> {
  const { lake, source, importId } = target;
  const { billingPeriod } = target.period;
  const folder = path.join(
    table,
    `source=${source}`,
    `billing_period=${billingPeriod}`,
    `import=${importId}`,
  );
  const temporary = path.join(lake, ".incoming", `${table}-${billingPeriod}`);
  await mkdir(temporary, { recursive: true });
  const names: string[] = [];
  for await (const { sql, rows } of parts) {
    const name = `part-${String(names.length).padStart(3, "0")}.parquet`;
    // One file a statement: letting the engine cut files by size makes a sorted write three times as slow.
    await db.run(
      `copy (${sql}) to ${literal(path.join(temporary, name))} (format parquet, compression zstd, row_group_size 61440)`,
    );
    await syncPath(path.join(temporary, name));
    names.push(name);
    onWritten(rows);
  }
  if (names.length === 0) return names;
  await mkdir(path.join(lake, path.dirname(folder)), { recursive: true });
  await rename(temporary, path.join(lake, folder));
  await syncPath(path.join(lake, path.dirname(folder)));
  return names.map((name) => path.join(folder, name));
}
