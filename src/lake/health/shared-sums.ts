import type { Role } from "#facts/role.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";

/** Two sources of one role and a currency, in the order of their names. */
export interface SourcePair {
  readonly sources: readonly [string, string];
  readonly role: Role;
  readonly currency: string;
}

/** How often two sources bill one account the same, day by day or month by month. */
export interface SharedSums extends SourcePair {
  /** Accounts that both bill; those whose name nobody states are told apart by their provider. */
  readonly accounts: number;
  readonly unnamedAccounts: number;
  /** Days or months of an account that both bill, and those in which they bill the same. */
  readonly shared: number;
  readonly agree: number;
  /** Different sums among those that are the same: a fee that is always the same is one, and no evidence. */
  readonly amounts: number;
  /** BilledCost of those that are the same, an exact decimal. */
  readonly billedCost: string;
  /** First and last of those that are the same, as dates; null where none is. */
  readonly from: string | null;
  readonly to: string | null;
}

/** The account that a charge is billed to, whatever path providers write before its id; without one, the provider behind a question mark. */
const account = `coalesce(nullif(lower(regexp_extract(coalesce("SubAccountId", "BillingAccountId"), '[^/]+$')), ''), '?' || lower(coalesce("ServiceProviderName", '')))`;

/** More pairs than these would be a setup of its own; the largest are told. */
const MOST_PAIRS = 200;

/**
 * Compares what two sources of one role bill to one account, sum by sum, from daily rollups. Sums are the same where they differ by less than a
 * millionth: exports of one bill are rounded differently.
 * @param bucket day or month of the charges' start
 */
export async function sharedSums(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
  bucket: "day" | "month",
): Promise<SharedSums[]> {
  const relation = parquetFiles(
    lake,
    periods.flatMap((period) => period.files.charges_day),
  );
  const rows = await db.run(`with sums as (
      select "x_Source" as source, "x_Role" as role, "BillingCurrency" as currency, ${account} as account,
        date_trunc('${bucket}', "ChargePeriodStart") as start, sum("BilledCost") as billed
      from ${relation} group by all having sum("BilledCost") <> 0),
    shared as (
      select a.source as one, b.source as other, role, currency, account, start, a.billed,
        abs(a.billed::double - b.billed::double) <= 0.0001 + 1e-6 * abs(a.billed::double) as same
      from sums a join sums b using (role, currency, account, start) where a.source < b.source)
    select one, other, role, currency, count(distinct account) as accounts,
      count(distinct account) filter (where starts_with(account, '?')) as unnamed, count(*) as shared,
      count(*) filter (where same) as agree, count(distinct round(billed, 4)) filter (where same) as amounts,
      coalesce(sum(billed) filter (where same), 0)::varchar as billed,
      (min(start) filter (where same))::date::varchar as "from", (max(start) filter (where same))::date::varchar as "to"
    from shared group by 1, 2, 3, 4 order by count(*) filter (where same) desc, 1, 2, 3, 4 limit ${MOST_PAIRS}`);
  return rows.map((row) => ({
    ...pairOf(row),
    accounts: Number(row["accounts"]),
    unnamedAccounts: Number(row["unnamed"]),
    shared: Number(row["shared"]),
    agree: Number(row["agree"]),
    amounts: Number(row["amounts"]),
    billedCost: exactText(row["billed"]),
    from: dateOf(row["from"]),
    to: dateOf(row["to"]),
  }));
}

/** The sources, role and currency of a row. */
export const pairOf = (row: Row): SourcePair => ({
  sources: [String(row["one"]), String(row["other"])],
  role: row["role"] as Role,
  currency: String(row["currency"]),
});

/** An exact decimal without zeros at its end. */
export const exactText = (sum: unknown): string => formatDecimal(decimal(String(sum)));

/** A date as text; null where there is none. */
export const dateOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
