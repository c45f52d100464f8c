import type { FocusColumn } from "#facts/focus-columns.ts";
import { importRecords, type ImportRecord, keepImportRecord } from "#lake/import-record.ts";
import { checkCells, type CheckedCells } from "#lake/import/check-cells.ts";
import { checkDeclared } from "#lake/import/check-declared.ts";
import { controlWritten } from "#lake/import/control-written.ts";
import { allChargesSql, type Declared, type Group } from "#lake/import/delivery-sql.ts";
import { lookupTables } from "#lake/import/derive-sql.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { filesByPeriod } from "#lake/import/files-by-period.ts";
import { type PeriodTotals, surveyDelivery } from "#lake/import/survey-delivery.ts";
import { writePeriod } from "#lake/import/write-charges.ts";
import { type LakePeriod, type LakeVersion, publishVersion, readLake } from "#lake/snapshot.ts";
import { validateDelivery } from "#lake/validate/validate-delivery.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import { Problem } from "#units/problems.ts";
import { collectFiles, type Collected } from "./collect-files.ts";
import {
  alsoElsewhere,
  type Before,
  holdsAlready,
  importId,
  refuseSurprise,
  sameDelivery,
  withoutDelivered,
} from "./delivery-identity.ts";
import { gpuInstances } from "./gpu-instances.ts";
import type { ImportProgress, ImportRequest } from "./import-request.ts";
import { livePeriod } from "./live-period.ts";
import { recordOf } from "./record-of.ts";
import { refuseChangedFiles } from "./refuse-changed-files.ts";
import { refuseClosed } from "./refuse-closed.ts";
import { deliveryMode, stageDelivery } from "./stage-delivery.ts";
import { type Restatement, restatement } from "./restatement.ts";

/** A billing period that was put together from several deliveries. */
export interface SharedPeriod {
  readonly billingPeriod: string;
  readonly deliveries: number;
  readonly rows: number;
}

/** What an import brought, left as it was, and moved. */
export interface ImportResult {
  /** False if the lake already holds this delivery. */
  readonly changed: boolean;
  readonly record: ImportRecord;
  /** Billing periods of the delivery that hold just what it brings, and so stay as they are. */
  readonly unchanged: readonly string[];
  /** Of an import that changed nothing: its billing periods that hold other deliveries too, with all that they hold. */
  readonly shared: readonly SharedPeriod[];
  readonly restatement: Restatement;
}

/**
 * Brings a delivery into the lake: read as text, checked, typed, summed and compared, written and made visible in one step.
 * Nothing changes unless all of it succeeds.
 * @throws Problem for anything wrong with the delivery or the lake
 */
export async function importDelivery(
  request: ImportRequest,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  checkSourceName(request.source);
  try {
    let hashed = 0;
    const collected = await collectFiles(request.inputs, (bytes) => {
      hashed += bytes;
      onProgress({ step: "reading", done: hashed, total: hashed, unit: "bytes" });
    });
    const paths = collected.files.map((file) => file.path);
    const writer = await openWriter(request.data, paths, request.now);
    try {
      return await importInto(writer, request, collected, onProgress);
    } catch (cause) {
      // What looks like a damaged file may be one that is still being written.
      await refuseChangedFiles(collected.files);
      throw cause;
    } finally {
      await writer.close();
    }
  } catch (cause) {
    throw engineProblem(cause, request.inputs.join(", "));
  }
}

async function importInto(
  writer: Writer,
  request: ImportRequest,
  collected: Collected,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  const { data, source, values, zone } = request;
  const declared: Declared = { values, ...(zone === undefined ? {} : { zone }) };
  await checkDeclared(writer.db, declared);
  const known = await importRecords(data);
  const lake = await readLake(data);
  const before: Before = {
    records: known.filter((record) => record.source === source),
    periods: lake.periods.filter((period) => period.source === source),
  };
  const same = sameDelivery(request, collected.files, before);
  if (same !== undefined) return nothingNew(same, before);
  const mode = await deliveryMode(writer, request, collected.files);
  const files = mode === "append" ? withoutDelivered(request, collected.files, before) : collected.files;
  const newest = before.records.at(-1);
  if (files.length === 0 && newest !== undefined) return nothingNew(newest, before);

  const groups = await stageDelivery(writer, request, files, onProgress);
  onProgress({ step: "checking", done: 0, total: groups.length, unit: "steps" });
  const checked: CheckedCells[] = [];
  for (const group of groups) checked.push(await checkCells(writer.db, group, declared));
  const surveyed = await surveyDelivery(writer.db, groups, declared, checked);
  if (surveyed.length === 0)
    throw new Problem("source-empty", `${request.inputs.join(", ")} holds a header and no rows.`);

  const charges = allChargesSql(groups, declared);
  const role = request.role ?? before.periods.at(-1)?.role ?? "invoice";
  const id = importId(files, lake.version + 1);
  const brought = await broughtBy(writer, charges, files, surveyed);
  const keeps = (period: PeriodTotals): string | undefined =>
    mode === "append" ? undefined : holdsAlready(request, period.billingPeriod, brought(period), before);
  const news = surveyed.filter((period) => keeps(period) === undefined);
  for (const { billingPeriod } of news) refuseSurprise(request, role, mode, billingPeriod, before);
  refuseClosed(request, before.periods, news);
  const validated = await validateDelivery(writer.db, groups);
  const disputed = checked.flatMap((cells) => cells.disputed);
  await refuseChangedFiles(collected.files);

  const record = recordOf({
    request,
    id,
    version: lake.version + 1,
    role,
    mode,
    groups,
    files,
    periods: surveyed.map((period) => ({
      ...period,
      files: brought(period),
      import: keeps(period) ?? id,
    })),
    roundedAmounts: checked.reduce((sum, cells) => sum + cells.roundedAmounts, 0),
    notes: [
      ...collected.notes,
      ...fillsOnly(groups, values),
      ...disputed.map(({ note }) => note),
      ...alsoElsewhere(request, role, files, known, lake.periods),
    ],
    validated: {
      ...validated,
      findings: [...disputed.map(({ finding }) => finding), ...validated.findings],
    },
  });
  const unchanged = surveyed.filter((period) => !news.includes(period)).map((period) => period.billingPeriod);
  if (news.length === 0)
    return { changed: false, record, unchanged, shared: [], restatement: { periods: [] } };

  for (const statement of lookupTables(`(${charges})`, await gpuInstances())) await writer.db.run(statement);
  const totalRows = news.reduce((sum, period) => sum + period.rows, 0);
  const written: LakePeriod[] = [];
  let done = 0;
  onProgress({ step: "writing", done, total: totalRows, unit: "rows" });
  for (const period of news) {
    const target = { lake: writer.lake, source, role, importId: id, period };
    const paths = await writePeriod(writer.db, charges, target, (rows) => {
      done += rows;
      onProgress({ step: "writing", done, total: totalRows, unit: "rows" });
    });
    await controlWritten(writer.db, writer.lake, paths, period);
    const old = before.periods.find((live) => live.billingPeriod === period.billingPeriod);
    const fresh = { source, role, imports: [id], files: paths, updatedAt: request.now };
    written.push(livePeriod(fresh, period, old, mode));
  }
  onProgress({ step: "verifying", done: totalRows, total: totalRows, unit: "rows" });
  const moved = await restatement(writer.db, writer.lake, lake.periods, written);
  await keepImportRecord(data, record);
  await publishVersion(data, nextVersion(lake, request.now, written));
  return { changed: true, record, unchanged, shared: [], restatement: moved };
}

/** Stated values never overrule a bill; a person who thinks so should be told. */
function fillsOnly(groups: readonly Group[], values: ImportRequest["values"]): string[] {
  return (Object.keys(values) as FocusColumn[])
    .filter((column) =>
      groups.some(({ mapping }) => mapping.charges.some(({ columns }) => column in columns)),
    )
    .map((column) => `--set ${column} fills empty cells only; what the delivery says itself stays.`);
}

function nothingNew(record: ImportRecord, { periods }: Before): ImportResult {
  const unchanged = record.periods.map(({ billingPeriod }) => billingPeriod);
  return {
    changed: false,
    record,
    unchanged,
    shared: periods
      .filter(({ billingPeriod, imports }) => imports.length > 1 && unchanged.includes(billingPeriod))
      .map(({ billingPeriod, imports, rows }) => ({ billingPeriod, deliveries: imports.length, rows })),
    restatement: { periods: [] },
  };
}

/** The hashes of the files that have charges in a period. One file has them in every one. */
async function broughtBy(
  { db }: Writer,
  charges: string,
  files: Collected["files"],
  surveyed: readonly PeriodTotals[],
): Promise<(period: PeriodTotals) => string[]> {
  const all = files.map(({ sha256 }) => sha256);
  if (files.length === 1 || surveyed.length === 1) return () => all;
  const numbers = await filesByPeriod(db, charges);
  return ({ billingPeriod }) => (numbers.get(billingPeriod) ?? []).flatMap((number) => all[number - 1] ?? []);
}

function nextVersion(lake: LakeVersion, now: number, written: readonly LakePeriod[]): LakeVersion {
  const key = (period: LakePeriod): string => `${period.source} ${period.billingPeriod}`;
  const replaced = new Set(written.map(key));
  const periods = [...lake.periods.filter((period) => !replaced.has(key(period))), ...written].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
  return { version: lake.version + 1, at: now, periods };
}

function checkSourceName(source: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(source)) {
    throw new Problem("option-invalid", `"${source}" can't name a source.`, {
      hint: "Use letters, digits, dots, dashes and underscores, at most 63.",
    });
  }
}
