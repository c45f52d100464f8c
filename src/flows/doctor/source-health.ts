import type { Role } from "#facts/role.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { addOutcomes, type DivisionOutcome } from "#facts/division.ts";
import { type Gap, gapsOf } from "#lake/health/gaps-of.ts";
import type { PeriodProof } from "#lake/health/prove-books.ts";
import { type Unattributed, unattributed } from "#lake/health/unattributed.ts";
import type { ImportRecord } from "#lake/import-record.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { addTotals } from "#lake/totals.ts";

/** One source: how fresh, complete and attributed it is. Times are milliseconds since 1970, amounts exact decimals. */
export interface SourceHealth {
  readonly source: string;
  readonly role: Role;
  /** Formats and versions of the live deliveries. */
  readonly formats: readonly string[];
  readonly lastImport: number;
  readonly firstCharge: number;
  /** End of the last charge, not included. */
  readonly lastCharge: number;
  readonly periods: readonly {
    readonly billingPeriod: string;
    readonly closed: boolean;
    readonly rows: number;
    readonly totals: LakePeriod["totals"];
  }[];
  readonly rows: number;
  /** Currency to column to exact sum over the periods. */
  readonly totals: LakePeriod["totals"];
  /** Charges without a value, per cost column. */
  readonly unknown: Readonly<Record<string, number>>;
  readonly roundedAmounts: number;
  readonly unattributed: readonly Unattributed[];
  readonly gaps: readonly Gap[];
  /** What was divided among those who used the nodes, over the periods; absent where no allocation speaks of their time. */
  readonly division?: DivisionOutcome;
}

/**
 * The health of a source.
 * @param lake folder of the lake
 * @param periods all of one source
 * @param proofs of those whose files are whole: the others are listed, and not asked
 * @param records of live imports
 */
export async function sourceHealth(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
  proofs: ReadonlyMap<LakePeriod, PeriodProof>,
  records: readonly ImportRecord[],
): Promise<SourceHealth> {
  const newest = periods.reduce((a, b) => (a.updatedAt > b.updatedAt ? a : b));
  const own = records.filter((record) => record.source === newest.source);
  const readable = periods.filter((period) => proofs.has(period));
  const unknown: Record<string, number> = {};
  for (const period of readable) {
    for (const [column, count] of Object.entries(proofs.get(period)?.unknown ?? {}))
      if (count > 0) unknown[column] = (unknown[column] ?? 0) + count;
  }
  const outcomes = periods.flatMap(({ division }) => (division === undefined ? [] : [division.outcome]));
  return {
    source: newest.source,
    role: newest.role,
    formats: [...new Set(own.flatMap(({ files }) => files.map(({ format }) => format)))].sort(),
    lastImport: newest.updatedAt,
    firstCharge: Math.min(...periods.map(({ charges }) => charges.start)),
    lastCharge: Math.max(...periods.map(({ charges }) => charges.end)),
    periods: periods.map(({ billingPeriod, closed, rows, totals }) => ({
      billingPeriod,
      closed,
      rows,
      totals,
    })),
    rows: periods.reduce((sum, { rows }) => sum + rows, 0),
    totals: addTotals(periods.map(({ totals }) => totals)),
    unknown,
    roundedAmounts: own.reduce((sum, record) => sum + record.roundedAmounts, 0),
    unattributed: readable.length === 0 ? [] : await unattributed(db, lake, readable),
    gaps: readable.length === 0 ? [] : await gapsOf(db, lake, readable),
    ...(outcomes.length === 0 ? {} : { division: addOutcomes(outcomes) }),
  };
}
