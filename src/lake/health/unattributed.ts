import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { filesOf, type LakePeriod } from "#lake/snapshot.ts";
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

/** The cost of a source that names nobody, per currency. BilledCost is asked, since it alone is known of every charge. */
export async function unattributed(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
): Promise<Unattributed[]> {
  const without = (column: string): string =>
    `coalesce(sum("BilledCost") filter (where ${column} is null), 0)::varchar`;
  const relation = parquetFiles(
    lake,
    periods.flatMap((period) => filesOf(period, "charges_day")),
  );
  const rows = await db.run(`select "BillingCurrency" as currency, sum("BilledCost")::varchar as billed,
      ${without("x_Team")} as team, ${without("x_Owner")} as owner, ${without("x_Environment")} as environment
    from ${relation} group by 1 order by 1`);
  const exact = (sum: unknown): string => formatDecimal(decimal(String(sum)));
  return rows.map((row) => ({
    currency: String(row["currency"]),
    billedCost: exact(row["billed"]),
    withoutTeam: exact(row["team"]),
    withoutOwner: exact(row["owner"]),
    withoutEnvironment: exact(row["environment"]),
  }));
}
