import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { exactText, pairOf, type SourcePair } from "./shared-sums.ts";

/** How alike two sources are in what a model costs, day by day. */
export interface SharedModel extends SourcePair {
  readonly model: string;
  /** Days on which both bill the model, and those on which they differ by a tenth at most. */
  readonly shared: number;
  readonly agree: number;
  /** How closely the days go up and down together, −1 to 1; null where one of them never changes. */
  readonly correlation: number | null;
  /** Days on which both count tokens, and those on which they differ by a hundredth at most. */
  readonly tokenDays: number;
  readonly tokenDaysAlike: number;
  /** BilledCost of the days that are alike, as the first source has it. */
  readonly billedCost: string;
  readonly from: string;
  readonly to: string;
}

const MOST = 1000;

/**
 * Compares what two sources of one role bill for a model, day by day, from daily rollups: a gateway reckons what it lets through, and its
 * estimate is near what the provider invoices, under accounts of its own. Whoever makes the model may stand before its name.
 */
export async function sharedModels(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
): Promise<SharedModel[]> {
  const relation = parquetFiles(
    lake,
    periods.flatMap((period) => period.files.charges_day),
  );
  const rows = await db.run(`with sums as (
      select "x_Source" as source, "x_Role" as role, "BillingCurrency" as currency,
        lower(regexp_extract("x_ModelId", '[^/]+$')) as model, date_trunc('day', "ChargePeriodStart") as day,
        sum("BilledCost") as billed, sum("x_Tokens")::double as tokens
      from ${relation} where "x_ModelId" is not null group by all having sum("BilledCost") > 0),
    shared as (
      select a.source as one, b.source as other, role, currency, model, day, a.billed, a.tokens as tokens1, b.tokens as tokens2,
        ln(a.billed::double) as ln1, ln(b.billed::double) as ln2,
        abs(a.billed::double - b.billed::double) <= 0.1 * a.billed::double as alike
      from sums a join sums b using (role, currency, model, day) where a.source < b.source)
    select one, other, role, currency, model, count(*) as shared, count(*) filter (where alike) as agree, corr(ln1, ln2) as correlation,
      count(*) filter (where tokens1 > 0 and tokens2 > 0) as tokendays,
      count(*) filter (where tokens1 > 0 and abs(tokens1 - tokens2) <= 0.01 * tokens1) as tokendaysalike,
      coalesce(sum(billed) filter (where alike), 0)::varchar as billed, min(day)::date::varchar as "from", max(day)::date::varchar as "to"
    from shared group by 1, 2, 3, 4, 5 order by 6 desc, 1, 2, 3, 4, 5 limit ${MOST}`);
  return rows.map((row) => ({
    ...pairOf(row),
    model: String(row["model"]),
    shared: Number(row["shared"]),
    agree: Number(row["agree"]),
    correlation: Number.isFinite(row["correlation"]) ? Number(row["correlation"]) : null,
    tokenDays: Number(row["tokendays"]),
    tokenDaysAlike: Number(row["tokendaysalike"]),
    billedCost: exactText(row["billed"]),
    from: String(row["from"]),
    to: String(row["to"]),
  }));
}
