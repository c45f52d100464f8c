import { costColumns } from "#facts/focus-columns.ts";
import type { TableName } from "#lake/dialect.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { proveDivision } from "#lake/division/control-division.ts";
import { periodTotals, rollupTotalsSql, totalsSql } from "#lake/import/survey-delivery.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { addTotals, sumIn } from "#lake/totals.ts";

/** One figure that is not the same everywhere. */
export interface Imbalance {
  readonly source: string;
  readonly billingPeriod: string;
  readonly table: TableName;
  /** "rows" or a cost column with its currency. */
  readonly figure: string;
  /** As the delivered text added up at import, and as the file on disk adds up now; null where no charge has a value. */
  readonly recorded: string | null;
  readonly found: string | null;
}

/** What a period's files say, read now. */
export interface PeriodProof {
  readonly imbalances: readonly Imbalance[];
  /** Figures compared. */
  readonly compared: number;
  /** Charges without a value, per cost column. */
  readonly unknown: Readonly<Record<string, number>>;
}

/**
 * Adds up a period's charges and both rollups as they lie on the disk and compares them, digit for digit, with what the delivered
 * text added up to when it was imported; its division must add up to zero.
 * @throws the engine's error if a file can't be read
 */
export async function proveBooks(db: Duckdb, lake: string, period: LakePeriod): Promise<PeriodProof> {
  const relation = (table: TableName): string => parquetFiles(lake, period.files[table]);
  const imbalances: Imbalance[] = [];
  let compared = 0;
  const compare = (table: TableName, figure: string, recorded: string | null, found: string | null): void => {
    compared++;
    if (recorded === found) return;
    const { source, billingPeriod } = period;
    imbalances.push({ source, billingPeriod, table, figure, recorded, found });
  };
  const compareTotals = (table: TableName, rows: number, found: LakePeriod["totals"]): void => {
    compare(table, "rows", String(period.rows), String(rows));
    for (const currency of new Set([...Object.keys(period.totals), ...Object.keys(found)])) {
      for (const column of costColumns) {
        const recorded = sumIn(period.totals, currency, column);
        compare(table, `${column} ${currency}`, recorded, sumIn(found, currency, column));
      }
    }
  };

  const charges = periodTotals(await db.run(totalsSql(relation("charges"))));
  // A live period holds charges of one month; a damaged version may put another month's files into it, which then count too.
  const totals = addTotals(charges.map(({ totals: each }) => each));
  compareTotals(
    "charges",
    charges.reduce((sum, { rows }) => sum + rows, 0),
    totals,
  );
  for (const table of ["charges_hour", "charges_day"] as const) {
    const rows = await db.run(rollupTotalsSql(relation(table)));
    compareTotals(
      table,
      rows.reduce((sum, row) => sum + Number(row["n"]), 0),
      Object.fromEntries(rows.map((row) => [String(row["currency"]), costsOf(row)])),
    );
  }
  if (period.division !== undefined) {
    const { files, rows } = period.division;
    const proof = await proveDivision(db, lake, files, rows);
    const { source, billingPeriod } = period;
    compared += proof.compared;
    imbalances.push(...proof.differ.map((figure) => ({ source, billingPeriod, ...figure })));
  }
  const unknown: Record<string, number> = {};
  for (const { unknown: counts } of charges) {
    for (const [column, count] of Object.entries(counts)) unknown[column] = (unknown[column] ?? 0) + count;
  }
  return { imbalances, compared, unknown };
}

const costsOf = (row: Row): Record<string, string | null> =>
  Object.fromEntries(
    costColumns.map((column) => {
      const sum = row[column];
      return [column, typeof sum === "string" ? sum : null];
    }),
  );
