import { dividedColumnNames } from "#facts/charge-columns.ts";
import { rollupMeasures } from "#facts/rollup-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { type TableName, tableNames } from "#lake/dialect.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";

/** A figure of a division that is not what it must be. */
export interface DivisionFigure {
  readonly table: TableName;
  readonly figure: string;
  readonly recorded: string;
  readonly found: string;
}

/**
 * Adds up a division's files: rows are as many as were made, and in every currency what was given and received is zero, in every amount.
 * @param files relative to the lake
 * @returns how many figures were compared, and those that differ
 * @throws the engine's error if a file can't be read
 */
export async function proveDivision(
  db: Duckdb,
  lake: string,
  files: Readonly<Record<TableName, readonly string[]>>,
  rows: number,
): Promise<{ readonly compared: number; readonly differ: readonly DivisionFigure[] }> {
  const figures: DivisionFigure[] = [];
  let made = 0;
  for (const table of tableNames) {
    if (files[table].length === 0) continue;
    const columns = table === "charges" ? dividedColumnNames : rollupMeasures;
    const counted = table === "charges" ? "count(*)" : "sum(n_Charges)";
    const sums = columns.map((name) => `sum(${quoted(name)})::varchar as ${quoted(name)}`);
    const found = await db.run(
      `select "BillingCurrency" as currency, (${counted})::bigint as n, ${sums.join(", ")} from ${parquetFiles(lake, files[table])} group by 1 order by 1`,
    );
    const counts = found.reduce((sum, row) => sum + Number(row["n"]), 0);
    if (table === "charges") made = counts;
    else figures.push({ table, figure: "charges of the division", recorded: "0", found: String(counts) });
    for (const row of found)
      for (const column of columns) {
        const sum = row[column];
        const figure = `${column} of the division ${String(row["currency"])}`;
        figures.push({ table, figure, recorded: "0", found: typeof sum === "string" ? sum : "0" });
      }
  }
  figures.push({
    table: "charges",
    figure: "rows of the division",
    recorded: String(rows),
    found: String(made),
  });
  const differ = figures.filter(({ recorded, found }) => decimal(recorded) !== decimal(found));
  return { compared: figures.length, differ };
}

/** @throws Problem "totals-differ" if a division does not add up to zero */
export async function controlDivision(
  db: Duckdb,
  lake: string,
  files: Readonly<Record<TableName, readonly string[]>>,
  billingPeriod: string,
  rows: number,
): Promise<void> {
  const [first] = (await proveDivision(db, lake, files, rows)).differ;
  if (first === undefined) return;
  const { table, figure, recorded, found } = first;
  throw new Problem(
    "totals-differ",
    `${table} ${billingPeriod}: ${figure} is ${found} and must be ${recorded}.`,
  );
}
