import type { LakePeriod, LakeVersion } from "#lake/snapshot.ts";
import { movedTotals } from "#lake/totals.ts";

/** A billing period that a later delivery changed. */
export interface RestatedPeriod {
  readonly version: number;
  readonly at: number;
  readonly source: string;
  readonly billingPeriod: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** What BilledCost moved by, per currency, where it moved. */
  readonly billedCost: Readonly<Record<string, string>>;
}

/** What changed from version to version, newest first, as far back as versions are kept. */
export function restatements(versions: readonly LakeVersion[]): RestatedPeriod[] {
  return versions.flatMap((after, index) => {
    const before = versions[index + 1];
    if (before === undefined) return [];
    return after.periods.flatMap((now): RestatedPeriod[] => {
      const old = before.periods.find(
        ({ source, billingPeriod }) => source === now.source && billingPeriod === now.billingPeriod,
      );
      if (old === undefined || old.imports.join() === now.imports.join()) return [];
      return [
        {
          version: after.version,
          at: after.at,
          source: now.source,
          billingPeriod: now.billingPeriod,
          rowsBefore: old.rows,
          rowsAfter: now.rows,
          billedCost: movedBilled(old, now),
        },
      ];
    });
  });
}

const movedBilled = (old: LakePeriod, now: LakePeriod): Record<string, string> =>
  Object.fromEntries(
    // BilledCost is known of every charge, so that what it moved by is known too.
    movedTotals(old.totals, now.totals).flatMap(({ column, currency, difference }) =>
      column === "BilledCost" && difference !== null ? [[currency, difference]] : [],
    ),
  );
