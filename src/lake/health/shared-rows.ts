import { literal } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { exactText } from "./shared-sums.ts";

/** Charges of two sources that name the same resource, start and BilledCost. */
export interface SharedRows {
  /** Charges that name a resource and cost something, of the source that has fewer of them. */
  readonly compared: number;
  readonly agree: number;
  /** Different BilledCosts, and different resources, among those that agree. */
  readonly amounts: number;
  readonly resources: number;
  readonly billedCost: string;
  /** One in so many resources was looked at. */
  readonly sampled: number;
}

/** More rows of a source than these are looked at by a sample of their resources. */
const MOST_ROWS = 1_000_000;

/**
 * Looks for the same charges in two sources, row by row. Exact duplicates within a source are legal, so each row is matched once.
 * @param one periods of one source
 * @param other periods of the other one that bill the same months
 */
export async function sharedRows(
  db: Duckdb,
  lake: string,
  one: readonly LakePeriod[],
  other: readonly LakePeriod[],
  currency: string,
): Promise<SharedRows> {
  const most = Math.max(rowsOf(one), rowsOf(other));
  const sampled = Math.max(1, Math.ceil(most / MOST_ROWS));
  const [row = {}] = await db.run(`with one as (${groupsSql(lake, one, currency, sampled)}),
    other as (${groupsSql(lake, other, currency, sampled)}),
    same as (select resource, one.cost, least(one.n, other.n) as n, case when one.n <= other.n then one.billed else other.billed end as billed
      from one join other using (resource, start, cost))
    select least((select coalesce(sum(n), 0) from one), (select coalesce(sum(n), 0) from other)) as compared,
      coalesce(sum(n), 0) as agree, count(distinct cost) as amounts, count(distinct resource) as resources, coalesce(sum(billed), 0)::varchar as billed from same`);
  return {
    compared: Number(row["compared"] ?? 0),
    agree: Number(row["agree"] ?? 0),
    amounts: Number(row["amounts"] ?? 0),
    resources: Number(row["resources"] ?? 0),
    billedCost: exactText(row["billed"] ?? 0),
    sampled,
  };
}

const rowsOf = (periods: readonly LakePeriod[]): number => periods.reduce((sum, { rows }) => sum + rows, 0);

function groupsSql(lake: string, periods: readonly LakePeriod[], currency: string, sampled: number): string {
  const relation = parquetFiles(
    lake,
    periods.flatMap((period) => period.files.charges),
  );
  const sample = sampled === 1 ? "" : ` and hash(lower("ResourceId")) % ${sampled} = 0`;
  return `select lower("ResourceId") as resource, "ChargePeriodStart" as start, "BilledCost" as cost, count(*) as n, sum("BilledCost") as billed
    from ${relation} where "ResourceId" is not null and "BilledCost" <> 0 and "BillingCurrency" = ${literal(currency)}${sample} group by 1, 2, 3`;
}
