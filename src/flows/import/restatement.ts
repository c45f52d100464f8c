import path from "node:path";
import { costColumns } from "#facts/focus-columns.ts";
import { literal } from "#facts/source-mapping.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { movedByService, type ServiceMove } from "#lake/import/moved-by-service.ts";
import type { LakePeriod } from "#lake/snapshot.ts";

/** What a delivery changed in periods that were there before. */
export interface Restatement {
  readonly periods: readonly {
    readonly billingPeriod: string;
    readonly rowsBefore: number;
    readonly rowsAfter: number;
    /** Currency, column, sums before and after and their difference, where they differ. */
    readonly moved: readonly {
      currency: string;
      column: string;
      before: string;
      after: string;
      difference: string;
    }[];
    /** The services that moved most, by BilledCost. */
    readonly services: readonly ServiceMove[];
  }[];
}

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
    const relation = (period: LakePeriod): string =>
      `read_parquet([${period.files.charges_day.map((file) => literal(path.join(lake, file))).join(", ")}])`;
    periods.push({
      billingPeriod: now.billingPeriod,
      rowsBefore: old.rows,
      rowsAfter: now.rows,
      moved: movedTotals(old, now),
      services: await movedByService(db, relation(old), relation(now)),
    });
  }
  return { periods };
}

function movedTotals(old: LakePeriod, now: LakePeriod): Restatement["periods"][number]["moved"] {
  const currencies = [...new Set([...Object.keys(old.totals), ...Object.keys(now.totals)])].sort();
  return currencies.flatMap((currency) =>
    costColumns.flatMap((column) => {
      const before = old.totals[currency]?.[column] ?? "0";
      const after = now.totals[currency]?.[column] ?? "0";
      const difference = decimal(after) - decimal(before);
      return difference === 0n
        ? []
        : [{ currency, column, before, after, difference: formatDecimal(difference) }];
    }),
  );
}
