import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";

/** Cost of a source, in one currency, that names nobody. */
export interface Unattributed {
  readonly currency: string;
  readonly billedCost: string;
  /** BilledCost of charges without a team, an owner, an environment. */
  readonly withoutTeam: string;
  readonly withoutOwner: string;
  readonly withoutEnvironment: string;
}

/** Whole days, as dates, without any charge. */
export interface Gap {
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly days: number;
}

const days = (lake: string, periods: readonly LakePeriod[]): string =>
  parquetFiles(
    lake,
    periods.flatMap((period) => period.files.charges_day),
  );

/** The cost of a source that names nobody, per currency. BilledCost is asked, since it alone is known of every charge. */
export async function unattributed(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
): Promise<Unattributed[]> {
  const without = (column: string): string =>
    `coalesce(sum("BilledCost") filter (where ${column} is null), 0)::varchar`;
  const rows = await db.run(`select "BillingCurrency" as currency, sum("BilledCost")::varchar as billed,
      ${without("x_Team")} as team, ${without("x_Owner")} as owner, ${without("x_Environment")} as environment
    from ${days(lake, periods)} group by 1 order by 1`);
  const exact = (sum: unknown): string => formatDecimal(decimal(String(sum)));
  return rows.map((row) => ({
    currency: String(row["currency"]),
    billedCost: exact(row["billed"]),
    withoutTeam: exact(row["team"]),
    withoutOwner: exact(row["owner"]),
    withoutEnvironment: exact(row["environment"]),
  }));
}

/**
 * Days without charges between a source's first and last. Only charges of about a day or less tell: a month's fee lies on every
 * day and would hide that a week of usage is missing. A day of local time may have 25 hours.
 */
export async function gapsOf(db: Duckdb, lake: string, periods: readonly LakePeriod[]): Promise<Gap[]> {
  const rows = await db.run(`with short as (
      select distinct date_trunc('day', "ChargePeriodStart")::date as day from ${days(lake, periods)}
      where "ChargePeriodEnd" - "ChargePeriodStart" <= interval 25 hour),
    steps as (select day, lead(day) over (order by day) as next from short)
    select (day + 1)::date::varchar as "from", next::varchar as "to", next - day - 1 as days from steps where next > day + 1 order by 1`);
  return rows.map((row) => ({
    from: String(row["from"]),
    to: String(row["to"]),
    days: Number(row["days"]),
  }));
}
