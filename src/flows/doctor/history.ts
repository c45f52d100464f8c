import type { ImportRecord } from "#lake/import-record.ts";
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

/** The same bytes delivered to several sources: the same money twice, if their roles are the same. */
export interface DuplicateDelivery {
  readonly file: string;
  readonly sha256: string;
  readonly sources: readonly string[];
  /** True if two of the sources have the same role, so that a report sums the money twice. */
  readonly countedTwice: boolean;
}

/** @param records of live imports */
export function duplicateDeliveries(records: readonly ImportRecord[]): DuplicateDelivery[] {
  const holders = new Map<string, { file: string; roles: Map<string, string> }>();
  for (const { source, role, files } of records) {
    for (const { sha256, name } of files) {
      const holder = holders.get(sha256) ?? { file: name, roles: new Map<string, string>() };
      holder.roles.set(source, role);
      holders.set(sha256, holder);
    }
  }
  return [...holders]
    .filter(([, { roles }]) => roles.size > 1)
    .map(([sha256, { file, roles }]) => ({
      file,
      sha256,
      sources: [...roles.keys()].sort(),
      countedTwice: new Set(roles.values()).size < roles.size,
    }));
}
