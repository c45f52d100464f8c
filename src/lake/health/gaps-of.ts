import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";

/** Whole days, as dates, without any charge. */
export interface Gap {
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly days: number;
}

/**
 * Days without charges between a source's first and last. Only charges of about a day or less tell: a month's fee lies on every
 * day and would hide that a week of usage is missing. A day of local time may have 25 hours.
 */
export async function gapsOf(db: Duckdb, lake: string, periods: readonly LakePeriod[]): Promise<Gap[]> {
  const relation = parquetFiles(
    lake,
    periods.flatMap((period) => period.files.charges_day),
  );
  const rows = await db.run(`with short as (
      select distinct date_trunc('day', "ChargePeriodStart")::date as day from ${relation}
      where "ChargePeriodEnd" - "ChargePeriodStart" <= interval 25 hour),
    steps as (select day, lead(day) over (order by day) as next from short)
    select (day + 1)::date::varchar as "from", next::varchar as "to", next - day - 1 as days from steps where next > day + 1 order by 1`);
  return rows.map((row) => ({
    from: String(row["from"]),
    to: String(row["to"]),
    days: Number(row["days"]),
  }));
}
