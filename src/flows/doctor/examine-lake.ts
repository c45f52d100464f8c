import path from "node:path";
import { openDuckdb } from "#lake/engines/duckdb.ts";
import { importRecords } from "#lake/import-record.ts";
import { formerVersions, lakeFolder, type LakeVersion, readLake } from "#lake/snapshot.ts";
import type { Imbalance } from "#lake/health/prove-books.ts";
import { readRules } from "#lake/period-rules.ts";
import { Problem } from "#units/problems.ts";
import { attributionGate, type AttributionGate } from "./attribution-gate.ts";
import { conformance, type Judged } from "./conformance.ts";
import { type DuplicateDelivery, duplicateDeliveries } from "./duplicate-deliveries.ts";
import { type EventHealth, examineEvents } from "./examine-events.ts";
import { type DamagedFile, type DiskUse, diskUse } from "./look-at-files.ts";
import { provePeriods } from "./prove-periods.ts";
import { type RestatedPeriod, restatements } from "./restatements.ts";
import { type SourceHealth, sourceHealth } from "./source-health.ts";

/** The health of everything that was imported. */
export interface LakeHealth {
  /** damaged: a file is missing or can't be read; unbalanced: figures differ; healthy: neither. */
  readonly verdict: "healthy" | "unbalanced" | "damaged";
  readonly at: number;
  readonly version: number;
  readonly sources: readonly SourceHealth[];
  readonly proof: { readonly compared: number; readonly imbalances: readonly Imbalance[] };
  readonly damaged: readonly DamagedFile[];
  readonly duplicates: readonly DuplicateDelivery[];
  readonly restatements: readonly RestatedPeriod[];
  readonly formerVersions: number;
  readonly disk: DiskUse;
  readonly conformance: Judged;
  readonly attribution: AttributionGate;
  /** Of calls and other events; not looked at where one source of bills is asked for. */
  readonly events: readonly EventHealth[];
}

/**
 * Looks at everything that was imported: whether its files are there, whether its books balance, how fresh, complete, attributed
 * and conformant it is. Nothing is changed.
 * @param source only this one
 * @throws Problem "lake-empty", "option-invalid" if there is no such source, "lake-corrupt" if the version itself can't be read
 */
export async function examineLake(
  data: string,
  options: { readonly now: number; readonly source?: string },
): Promise<LakeHealth> {
  const version = await readLake(data);
  if (version.periods.length === 0 && version.events === undefined)
    throw new Problem("lake-empty", `There is nothing in ${data} yet.`, { at: { file: data } });
  const { source } = options;
  const chosen = (all: LakeVersion): LakeVersion => ({
    ...all,
    periods: all.periods.filter((period) => source === undefined || period.source === source),
  });
  const { periods } = chosen(version);
  const names = [...new Set(version.periods.map((period) => period.source))];
  if (source !== undefined && periods.length === 0)
    throw new Problem("option-invalid", `There is no source "${source}".`, {
      hint: `Sources: ${names.join(", ")}.`,
    });
  const lake = path.resolve(lakeFolder(data));
  const live = new Set(periods.flatMap(({ imports }) => imports));
  const records = (await importRecords(data)).filter(({ id }) => live.has(id));
  const former = await formerVersions(data, options.now);
  const db = await openDuckdb({ folders: [lake] });
  try {
    const { proofs, damaged } = await provePeriods(db, lake, periods);
    const sources: SourceHealth[] = [];
    for (const name of names.filter((each) => source === undefined || each === source)) {
      const own = periods.filter((period) => period.source === name);
      sources.push(await sourceHealth(db, lake, own, proofs, records));
    }
    const imbalances = [...proofs.values()].flatMap((proof) => proof.imbalances);
    const events = source === undefined ? await examineEvents(db, data, lake, version) : [];
    const some = (of: "damaged" | "imbalances"): boolean => events.some((each) => each[of].length > 0);
    const isDamaged = damaged.length > 0 || some("damaged");
    return {
      verdict: isDamaged ? "damaged" : imbalances.length > 0 || some("imbalances") ? "unbalanced" : "healthy",
      at: options.now,
      version: version.version,
      sources,
      proof: { compared: [...proofs.values()].reduce((sum, proof) => sum + proof.compared, 0), imbalances },
      damaged,
      duplicates: duplicateDeliveries(records),
      restatements: restatements([version, ...former].map(chosen)),
      formerVersions: former.length,
      disk: await diskUse(lake, version),
      conformance: await conformance(records),
      attribution: attributionGate(sources, (await readRules(lake, version.rules)).gate),
      events,
    };
  } finally {
    db.close();
  }
}
