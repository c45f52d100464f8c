import path from "node:path";
import type { Role } from "#facts/role.ts";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { type ImportRecord, importRecords } from "#lake/import-record.ts";
import { formerVersions, lakeFolder, type LakePeriod, type LakeVersion, readLake } from "#lake/snapshot.ts";
import { type Gap, gapsOf, type Unattributed, unattributed } from "#lake/health/coverage.ts";
import { type Imbalance, type PeriodProof, proveBooks } from "#lake/health/prove-books.ts";
import { addTotals } from "#lake/totals.ts";
import { Problem } from "#units/problems.ts";
import { conformance, type Judged } from "./conformance.ts";
import { type DuplicateDelivery, duplicateDeliveries, type RestatedPeriod, restatements } from "./history.ts";
import { type DamagedFile, type DiskUse, diskUse, missingFiles } from "./look-at-files.ts";

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
}

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
  if (version.periods.length === 0)
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
    const { proofs, damaged } = await proveAll(db, lake, periods);
    const whole = periods.filter((period) => proofs.has(period));
    const sources: SourceHealth[] = [];
    for (const name of names.filter((each) => source === undefined || each === source)) {
      const own = periods.filter((period) => period.source === name);
      const readable = whole.filter((period) => period.source === name);
      sources.push(await sourceHealth(db, lake, own, readable, proofs, records));
    }
    const imbalances = [...proofs.values()].flatMap((proof) => proof.imbalances);
    return {
      verdict: damaged.length > 0 ? "damaged" : imbalances.length > 0 ? "unbalanced" : "healthy",
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
    };
  } finally {
    db.close();
  }
}

async function proveAll(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
): Promise<{ proofs: Map<LakePeriod, PeriodProof>; damaged: DamagedFile[] }> {
  const proofs = new Map<LakePeriod, PeriodProof>();
  const damaged: DamagedFile[] = [];
  for (const period of periods) {
    const missing = await missingFiles(lake, period);
    damaged.push(...missing);
    if (missing.length > 0) continue;
    try {
      proofs.set(period, await proveBooks(db, lake, period));
    } catch (cause) {
      // What can't be read is what a doctor is for: it is named, and the others are looked at.
      damaged.push(unreadable(period, lake, cause));
    }
  }
  return { proofs, damaged };
}

function unreadable({ source, billingPeriod, files }: LakePeriod, lake: string, cause: unknown): DamagedFile {
  const why = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? "";
  const named = Object.values(files)
    .flat()
    .find((file) => why.includes(path.join(lake, file)));
  return {
    source,
    billingPeriod,
    file: named ?? `one of ${billingPeriod}'s`,
    why: `can't be read (${why.replaceAll(`${lake}${path.sep}`, "")})`,
  };
}

async function sourceHealth(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
  readable: readonly LakePeriod[],
  proofs: ReadonlyMap<LakePeriod, PeriodProof>,
  records: readonly ImportRecord[],
): Promise<SourceHealth> {
  const newest = periods.reduce((a, b) => (a.updatedAt > b.updatedAt ? a : b));
  const own = records.filter((record) => record.source === newest.source);
  const unknown: Record<string, number> = {};
  for (const period of readable) {
    for (const [column, count] of Object.entries(proofs.get(period)?.unknown ?? {}))
      if (count > 0) unknown[column] = (unknown[column] ?? 0) + count;
  }
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
  };
}
