import type { Duckdb } from "#lake/engines/duckdb.ts";
import { movedByService, type ServiceMove } from "#lake/import/moved-by-service.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { readFault } from "#lake/read-fault.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { type MovedTotal, movedTotals } from "#lake/totals.ts";

/** What a delivery changed in periods that were there before. */
export interface Restatement {
  readonly periods: readonly {
    readonly billingPeriod: string;
    readonly rowsBefore: number;
    readonly rowsAfter: number;
    readonly moved: readonly MovedTotal[];
    /** The services that moved most, by BilledCost. */
    readonly services: readonly ServiceMove[];
    /** False if the files of before can't be read: the sums are those on record, and no service is named. */
    readonly beforeReadable: boolean;
  }[];
}

/**
 * What changed in the periods that were there before.
 * @param lake folder of the lake
 * @param before live periods until now
 * @param after periods as they were written, not yet in force
 */
export async function restatement(
  db: Duckdb,
  lake: string,
  before: readonly LakePeriod[],
  after: readonly LakePeriod[],
): Promise<Restatement> {
  const periods: Restatement["periods"][number][] = [];
  for (const now of after) {
    const old = before.find(
      (period) => period.source === now.source && period.billingPeriod === now.billingPeriod,
    );
    if (old === undefined) continue;
    const relation = (period: LakePeriod): string => parquetFiles(lake, period.files.charges_day);
    // A damaged period is replaced like any other; otherwise a lake could never be mended.
    const beforeReadable = (await readFault(db, lake, old.files.charges_day)) === undefined;
    periods.push({
      billingPeriod: now.billingPeriod,
      rowsBefore: old.rows,
      rowsAfter: now.rows,
      moved: movedTotals(old.totals, now.totals),
      services: beforeReadable ? await movedByService(db, relation(old), relation(now)) : [],
      beforeReadable,
    });
  }
  return { periods };
}
