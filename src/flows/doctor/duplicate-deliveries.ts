import type { ImportRecord } from "#lake/import-record.ts";

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
