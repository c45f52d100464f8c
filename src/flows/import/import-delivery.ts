import type { FocusColumn } from "#facts/focus-columns.ts";
import { type DividedPeriod, dividePeriods } from "#flows/divide/divide-periods.ts";
import { importRecords, type ImportRecord, keepImportRecord } from "#lake/import-record.ts";
import { checkDeclared } from "#lake/import/check-declared.ts";
import type { Declared, Group } from "#lake/import/delivery-sql.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { type LakePeriod, type LakeVersion, publishVersion, readLake } from "#lake/snapshot.ts";
import { validateDelivery } from "#lake/validate/validate-delivery.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import { Problem } from "#units/problems.ts";
import { collectFiles, type Collected } from "./collect-files.ts";
import { alsoElsewhere, type Before, sameDelivery, withoutDelivered } from "./delivery-identity.ts";
import type { ImportProgress, ImportRequest } from "./import-request.ts";
import { planChange } from "./plan-change.ts";
import { readDelivery } from "./read-delivery.ts";
import { recordOf } from "./record-of.ts";
import { refuseChangedFiles } from "./refuse-changed-files.ts";
import { deliveryMode } from "./stage-delivery.ts";
import { type Restatement, restatement } from "./restatement.ts";
import { writePeriods } from "./write-periods.ts";

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
  /** Billing periods of invoices whose node charges were divided anew by who used the nodes. */
  readonly divided: readonly DividedPeriod[];
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
    const writer = await openWriter(request.data, paths, request.now, (done, total) =>
      onProgress({ step: "waiting", done, total, unit: "seconds" }),
    );
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
  const { data, source, values, zone, now } = request;
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

  const delivery = await readDelivery(writer, request, declared, files, onProgress);
  const change = planChange(request, mode, delivery, before, lake.version + 1);
  const validated = await validateDelivery(writer.db, delivery.groups);
  await refuseChangedFiles(collected.files);
  const { disputed } = delivery;
  const findings = [...disputed.map(({ finding }) => finding), ...validated.findings];
  const record = recordOf(request, delivery, change, { ...validated, findings }, [
    ...collected.notes,
    ...fillsOnly(delivery.groups, values),
    ...disputed.map(({ note }) => note),
    ...alsoElsewhere(request, change.role, files, known, lake.periods),
  ]);
  const { news, unchanged } = change;
  if (news.length === 0)
    return { changed: false, record, unchanged, shared: [], restatement: { periods: [] }, divided: [] };

  const written = await writePeriods(writer, request, delivery, change, before, lake.rules, onProgress);
  const moved = await restatement(writer.db, writer.lake, lake.periods, written);
  const next = nextVersion(lake, now, written);
  // A bill is never without its division: its former one is of other charges.
  const later = request.divideLater === true && change.role === "allocation";
  const { periods, anew } = later
    ? { periods: next.periods, anew: [] }
    : await dividePeriods(writer, lake.periods, next.periods, next.version, (done, total) =>
        onProgress({ step: "dividing", done, total, unit: "steps" }),
      );
  await keepImportRecord(data, record);
  await publishVersion(data, { ...next, periods: [...periods] });
  return { changed: true, record, unchanged, shared: [], restatement: moved, divided: anew };
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
    divided: [],
  };
}

/** Stated values never overrule a bill; a person who thinks so should be told. */
function fillsOnly(groups: readonly Group[], values: ImportRequest["values"]): string[] {
  return (Object.keys(values) as FocusColumn[])
    .filter((column) =>
      groups.some(({ mapping }) => mapping.charges.some(({ columns }) => column in columns)),
    )
    .map((column) => `--set ${column} fills empty cells only; what the delivery says itself stays.`);
}

function nextVersion(lake: LakeVersion, now: number, written: readonly LakePeriod[]): LakeVersion {
  const key = (period: LakePeriod): string => `${period.source} ${period.billingPeriod}`;
  const replaced = new Set(written.map(key));
  const periods = [...lake.periods.filter((period) => !replaced.has(key(period))), ...written].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
  return { ...lake, version: lake.version + 1, at: now, periods };
}

function checkSourceName(source: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(source)) {
    throw new Problem("option-invalid", `"${source}" can't name a source.`, {
      hint: "Use letters, digits, dots, dashes and underscores, at most 63.",
    });
  }
}
