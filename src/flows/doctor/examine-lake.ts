import path from "node:path";
import { attributionGate, type AttributionGate } from "#facts/attribution-gate.ts";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { importRecords } from "#lake/import-record.ts";
import { formerVersions, lakeFolder, type LakePeriod, type LakeVersion, readLake } from "#lake/snapshot.ts";
import type { Imbalance } from "#lake/health/prove-books.ts";
import { readRules } from "#lake/period-rules.ts";
import { type UnpricedModel, unpricedModels } from "#lake/health/unpriced-calls.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { type AwaitingDecisions, awaitingDecisions } from "./awaiting-decisions.ts";
import { conformance, type Judged } from "./conformance.ts";
import { type Coverage, coverageOf } from "./coverage.ts";
import { type DuplicateDelivery, duplicateDeliveries } from "./duplicate-deliveries.ts";
import { type EventHealth, examineEvents } from "./examine-events.ts";
import { type DamagedFile, type DiskUse, diskUse } from "./look-at-files.ts";
import { type ProvenPeriods, provePeriods } from "./prove-periods.ts";
import { type RestatedPeriod, restatements } from "./restatements.ts";
import { type SameCalls, sameCalls } from "./same-calls.ts";
import { type SameMoney, sameMoney } from "./same-money.ts";
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
  readonly sameMoney: readonly SameMoney[];
  /** Not looked for where one source of bills is asked for. */
  readonly sameCalls: readonly SameCalls[];
  readonly restatements: readonly RestatedPeriod[];
  readonly formerVersions: number;
  readonly disk: DiskUse;
  readonly conformance: Judged;
  readonly attribution: AttributionGate;
  /** Of invoices; of the source that was asked for, whatever its role. */
  readonly coverage: readonly Coverage[];
  readonly awaiting: AwaitingDecisions;
  /** Of calls and other events; not looked at where one source of bills is asked for. */
  readonly events: readonly EventHealth[];
}

/** What is looked at, and when. */
export interface HealthAsked {
  readonly now: number;
  /** Only this source. */
  readonly source?: string;
  /** The database that holds what people decided, if it is not the data folder's own. */
  readonly state?: string;
}

/**
 * Looks at everything that was imported: whether its files are there, whether its books balance, how fresh, complete, attributed and conformant
 * it is, what is counted twice and what awaits a person. Nothing is changed.
 * @throws Problem "lake-empty", "option-invalid" if there is no such source, "lake-corrupt" if the version itself can't be read
 */
export async function examineLake(data: string, asked: HealthAsked): Promise<LakeHealth> {
  const version = await readLake(data);
  if (version.periods.length === 0 && version.events === undefined)
    throw new Problem("lake-empty", `There is nothing in ${data} yet.`, { at: { file: data } });
  const { source } = asked;
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
  const former = await formerVersions(data, asked.now);
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
    const damagedCalls = new Set(events.flatMap((each) => each.damaged.map(({ file }) => file)));
    const areWhole = (files: readonly string[]): boolean => files.every((file) => !damagedCalls.has(file));
    const models = source === undefined ? await unpricedModels(db, lake, version, areWhole) : [];
    const isDamaged = damaged.length > 0 || some("damaged");
    return {
      verdict: isDamaged ? "damaged" : imbalances.length > 0 || some("imbalances") ? "unbalanced" : "healthy",
      at: asked.now,
      version: version.version,
      sources,
      proof: { compared: [...proofs.values()].reduce((sum, proof) => sum + proof.compared, 0), imbalances },
      damaged,
      sameCalls: source === undefined ? await sameCalls(db, lake, version, areWhole) : [],
      restatements: restatements([version, ...former].map(chosen)),
      formerVersions: former.length,
      disk: await diskUse(lake, version),
      conformance: await conformance(records),
      ...(await moneyHealth(
        db,
        { data, lake, version, periods, proofs, damaged, sources, records, models },
        asked,
      )),
      events,
    };
  } finally {
    db.close();
  }
}

interface Examined extends ProvenPeriods {
  readonly data: string;
  readonly lake: string;
  readonly version: LakeVersion;
  readonly periods: readonly LakePeriod[];
  readonly sources: readonly SourceHealth[];
  readonly records: Parameters<typeof duplicateDeliveries>[0];
  readonly models: readonly UnpricedModel[];
}

/** Whose the money is, what of it is there twice, and what awaits a person; of the periods whose files are whole. */
async function moneyHealth(
  db: Duckdb,
  { data, lake, version, periods, proofs, damaged, sources, records, models }: Examined,
  { now, source, state }: HealthAsked,
): Promise<Pick<LakeHealth, "duplicates" | "sameMoney" | "attribution" | "coverage" | "awaiting">> {
  const attribution = await readRules(lake, version.rules);
  const whole = periods.filter((period) => proofs.has(period));
  const invoices = whole.filter(({ role }) => role === "invoice");
  const duplicates = duplicateDeliveries(records);
  const notLooked =
    damaged.length > 0 ? "files are damaged" : source === undefined ? undefined : "one source was asked for";
  return {
    duplicates,
    sameMoney: await sameMoney(db, lake, whole, duplicates),
    attribution: attributionGate(attributable(sources), attribution.gate),
    coverage: await coverageOf(db, lake, source === undefined ? invoices : whole),
    awaiting: await awaitingDecisions(db, lake, {
      where: { data, ...(state === undefined ? {} : { url: state }) },
      now,
      periods: invoices,
      attribution,
      models,
      ...(notLooked === undefined ? {} : { notLooked }),
    }),
  };
}

/** Only invoices are attributed: other roles tell the same money anew. */
const attributable = (sources: readonly SourceHealth[]): Parameters<typeof attributionGate>[0] =>
  sources
    .filter(({ role }) => role === "invoice")
    .flatMap(({ unattributed }) =>
      unattributed.map(({ currency, billedCost, withoutTeam }) => ({
        currency,
        billed: decimal(billedCost),
        withoutTeam: decimal(withoutTeam),
      })),
    );
