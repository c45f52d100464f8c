import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { exactText } from "./shared-sums.ts";

/** Charges of a source whose EffectiveCost nobody states. */
export interface Unpriced {
  readonly source: string;
  readonly currency: string;
  readonly charges: number;
  /** What was billed for them, an exact decimal: it is known of every charge. */
  readonly billedCost: string;
}

/** Charges without EffectiveCost, per source and currency, those with the most first. */
export async function unpriced(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
): Promise<Unpriced[]> {
  const relation = parquetFiles(
    lake,
    periods.flatMap((period) => period.files.charges),
  );
  const rows = await db.run(`select "x_Source" as source, "BillingCurrency" as currency, count(*) as charges,
      coalesce(sum("BilledCost"), 0)::varchar as billed
    from ${relation} where "EffectiveCost" is null group by 1, 2 order by 3 desc, 1, 2`);
  return rows.map((row) => ({
    source: String(row["source"]),
    currency: String(row["currency"]),
    charges: Number(row["charges"]),
    billedCost: exactText(row["billed"]),
  }));
}
