import type { Duckdb } from "#lake/engines/duckdb.ts";
import { monthSql } from "./survey-delivery.ts";

/**
 * Which files of a delivery have charges in which billing period.
 * @returns billing period to the files' numbers
 */
export async function filesByPeriod(db: Duckdb, charges: string): Promise<Map<string, number[]>> {
  const rows = await db.run(
    `select distinct ${monthSql} as period, file from (
       select distinct "BillingPeriodStart", "BillingPeriodEnd", x_File as file from (${charges})) order by 1, 2`,
  );
  const periods = new Map<string, number[]>();
  for (const row of rows) {
    const period = String(row["period"]);
    periods.set(period, [...(periods.get(period) ?? []), Number(row["file"])]);
  }
  return periods;
}
