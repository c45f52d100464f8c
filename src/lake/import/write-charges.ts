import { mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { addedColumnNames, type AddedColumn } from "#facts/charge-columns.ts";
import { focusColumnNames } from "#facts/focus-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import type { TableName } from "#lake/dialect.ts";
import { syncPath } from "#lake/snapshot.ts";
import { sqlType } from "./delivery-sql.ts";
import { derivedColumns, withLookups } from "./derive-sql.ts";
import { rollupSql } from "./rollup-sql.ts";
import { inPeriod } from "./survey-delivery.ts";

/** Where and as what a period's charges are written. */
export interface Target {
  /** The lake's folder. */
  readonly lake: string;
  readonly source: string;
  readonly role: string;
  readonly importId: string;
  readonly billingPeriod: string;
}

/**
 * Writes one billing period of a delivery: the charges sorted by time, then their rollups by hour and by day.
 * @param charges relation with FOCUS columns in their types, x_File, x_Row, x_Format, x_Extra
 * @returns the files written, relative to the lake, per table
 */
export async function writePeriod(
  db: Duckdb,
  charges: string,
  target: Target,
): Promise<Record<TableName, string[]>> {
  const added = addedColumnNames.map(
    (column) => `${addedColumn(column, target)}::${sqlType(column)} as ${column}`,
  );
  const columns = [...focusColumnNames.map((name) => `c.${quoted(name)}`), ...added];
  const rows = `select ${columns.join(", ")} from ${withLookups(`(select * from (${charges}) where ${inPeriod(target.billingPeriod)})`)}`;
  const written = await writeTable(db, "charges", `${rows} order by "ChargePeriodStart"`, target);
  const parquet = `read_parquet([${written.map((file) => literal(path.join(target.lake, file))).join(", ")}])`;
  return {
    charges: written,
    charges_hour: await writeTable(db, "charges_hour", rollupSql(parquet, "hour"), target),
    charges_day: await writeTable(db, "charges_day", rollupSql(parquet, "day"), target),
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

/** Files are written under another name and moved: no reader's pattern ever meets a half one. */
async function writeTable(db: Duckdb, table: TableName, rows: string, target: Target): Promise<string[]> {
  const { lake, source, billingPeriod, importId } = target;
  const folder = path.join(
    table,
    `source=${source}`,
    `billing_period=${billingPeriod}`,
    `import=${importId}`,
  );
  const temporary = path.join(lake, ".incoming", `${table}-${billingPeriod}`);
  await db.run(
    `copy (${rows}) to ${literal(temporary)} (format parquet, compression zstd, file_size_bytes '192MiB', filename_pattern 'part-{i}')`,
  );
  await mkdir(path.join(lake, path.dirname(folder)), { recursive: true });
  const names = (await readdir(temporary)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  for (const name of names) await syncPath(path.join(temporary, name));
  await rename(temporary, path.join(lake, folder));
  await syncPath(path.join(lake, path.dirname(folder)));
  return names.map((name) => path.join(folder, name));
}
