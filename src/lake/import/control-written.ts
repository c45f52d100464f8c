import { costColumns } from "#facts/focus-columns.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { TableName } from "#lake/dialect.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { type PeriodTotals, periodTotals, rollupTotalsSql, totalsSql } from "./survey-delivery.ts";

/** What a billing period adds up to: currency to cost column to exact sum, null where no charge has a value. */
interface PeriodSums {
  readonly billingPeriod: string;
  readonly totals: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
}

/**
 * Reads back what was written and compares it with what was delivered, digit for digit: the charges, and the sums of both rollups.
 * @throws Problem "totals-differ"
 */
export async function controlWritten(
  db: Duckdb,
  lake: string,
  files: Record<TableName, string[]>,
  delivered: PeriodTotals,
): Promise<void> {
  const relation = (table: TableName): string => parquetFiles(lake, files[table]);
  const [written] = periodTotals(await db.run(totalsSql(relation("charges"))));
  if (written?.rows !== delivered.rows) {
    throw differ(
      `${delivered.rows} rows were delivered for ${delivered.billingPeriod}, ${written?.rows ?? 0} were written.`,
    );
  }
  compare("charges", written.totals, delivered);
  await controlRollups(db, lake, files, delivered);
}

/**
 * Compares the sums of rollups with those of a billing period, digit for digit.
 * @throws Problem "totals-differ"
 */
export async function controlRollups(
  db: Duckdb,
  lake: string,
  files: Record<"charges_hour" | "charges_day", string[]>,
  period: PeriodSums,
): Promise<void> {
  for (const table of ["charges_hour", "charges_day"] as const) {
    const rows = await db.run(rollupTotalsSql(parquetFiles(lake, files[table])));
    const totals = Object.fromEntries(
      rows.map((row) => [String(row["currency"]), row as Record<string, string | null>]),
    );
    compare(table, totals, period);
  }
}

function compare(
  table: TableName,
  written: Record<string, Record<string, string | null>>,
  { totals, billingPeriod }: PeriodSums,
): void {
  for (const [currency, sums] of Object.entries(totals)) {
    for (const column of costColumns) {
      const [sum, found] = [sums[column] ?? null, written[currency]?.[column] ?? null];
      const same = sum === null || found === null ? sum === found : decimal(sum) === decimal(found);
      if (!same) {
        throw differ(
          `${table} ${billingPeriod}: ${column} is ${sum ?? "unknown"} ${currency} in the delivery and ${found ?? "unknown"} in the lake.`,
        );
      }
    }
  }
}

const differ = (message: string): Problem => new Problem("totals-differ", message);
