import { stat } from "node:fs/promises";
import path from "node:path";
import { type ImportRecord, importRecords, keepImportRecord } from "#lake/import-record.ts";
import { checkCells, type CheckedCells } from "#lake/import/check-cells.ts";
import { allChargesSql, type Declared, type Group } from "#lake/import/delivery-sql.ts";
import { lookupTables } from "#lake/import/derive-sql.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { type PeriodTotals, surveyDelivery } from "#lake/import/survey-delivery.ts";
import { writePeriod } from "#lake/import/write-charges.ts";
import { type Validated, validateDelivery } from "#lake/validate/validate-delivery.ts";
import { controlWritten } from "#lake/import/control-written.ts";
import { type LakePeriod, publishVersion, readLake } from "#lake/snapshot.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import { Problem } from "#units/problems.ts";
import { collectFiles, type Collected, type CollectedFile } from "./collect-files.ts";
import { alsoElsewhere, importId, isLive, withoutDelivered } from "./delivery-identity.ts";
import { gpuInstances } from "./gpu-instances.ts";
import { livePeriod } from "./live-period.ts";
import type { ImportProgress, ImportRequest } from "./import-request.ts";
import { stageDelivery } from "./stage-delivery.ts";
import { type Restatement, restatement } from "./restatement.ts";

export interface ImportResult {
  /** False if the lake already holds exactly this delivery. */
  readonly changed: boolean;
  readonly record: ImportRecord;
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
  let hashed = 0;
  const collected = await collectFiles(request.inputs, (bytes) => {
    hashed += bytes;
    onProgress({ step: "reading", done: hashed, total: hashed, unit: "bytes" });
  });
  const writer = await openWriter(
    request.data,
    collected.files.map((file) => file.path),
  );
  try {
    return await importInto(writer, request, collected, onProgress);
  } catch (cause) {
    throw engineProblem(cause, request.inputs.join(", "));
  } finally {
    await writer.close();
  }
}

async function importInto(
  writer: Writer,
  request: ImportRequest,
  collected: Collected,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  const { data, values, zone } = request;
  const declared: Declared = { values, ...(zone === undefined ? {} : { zone }) };
  const known = await importRecords(data);
  const lake = await readLake(data);
  const files = withoutDelivered(request, collected.files, known, lake.periods);
  const id = importId(request, files.length === 0 ? collected.files : files);
  const same = known.find((record) => record.id === id);
  if (same !== undefined && isLive(same, lake.periods))
    return { changed: false, record: same, restatement: { periods: [] } };

  const groups = await stageDelivery(writer, request, files, onProgress);
  onProgress({ step: "checking", done: 0, total: groups.length, unit: "steps" });
  const checked: CheckedCells[] = [];
  for (const group of groups) checked.push(await checkCells(writer.db, group, declared));
  const surveyed = await surveyDelivery(writer.db, groups, declared, checked);
  const roundedAmounts = checked.reduce((sum, cells) => sum + cells.roundedAmounts, 0);
  if (surveyed.length === 0)
    throw new Problem("source-empty", `${request.inputs.join(", ")} holds a header and no rows.`);
  refuseClosed(request, lake.periods, surveyed);
  const validated = await validateDelivery(writer.db, groups);
  await refuseChangedFiles(collected.files);

  const mode = request.mode ?? groups[0]?.mapping.mode ?? "overwrite";
  const charges = allChargesSql(groups, declared);
  for (const statement of lookupTables(`(${charges})`, await gpuInstances())) await writer.db.run(statement);
  const totalRows = surveyed.reduce((sum, period) => sum + period.rows, 0);
  const written: LakePeriod[] = [];
  let done = 0;
  onProgress({ step: "writing", done, total: totalRows, unit: "rows" });
  for (const period of surveyed) {
    const target = {
      lake: writer.lake,
      source: request.source,
      role: request.role,
      importId: id,
      period,
    };
    const paths = await writePeriod(writer.db, charges, target, (rows) => {
      done += rows;
      onProgress({ step: "writing", done, total: totalRows, unit: "rows" });
    });
    await controlWritten(writer.db, writer.lake, paths, period);
    const before = lake.periods.find(
      (live) => live.source === request.source && live.billingPeriod === period.billingPeriod,
    );
    const fresh = {
      source: request.source,
      role: request.role,
      imports: [id],
      files: paths,
      updatedAt: request.now,
    };
    written.push(livePeriod(fresh, period, before, mode));
  }
  onProgress({ step: "verifying", done: totalRows, total: totalRows, unit: "rows" });
  const notes = [...collected.notes, ...alsoElsewhere(request, files, known)];
  const record = recordOf(request, id, mode, groups, notes, files, surveyed, roundedAmounts, validated);
  await keepImportRecord(data, record);
  const moved = await restatement(writer.db, writer.lake, lake.periods, written);
  const replaced = new Set(written.map(key));
  const periods = [...lake.periods.filter((period) => !replaced.has(key(period))), ...written].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
  await publishVersion(data, { version: lake.version + 1, at: request.now, periods });
  return { changed: true, record, restatement: moved };
}

const key = (period: LakePeriod): string => `${period.source} ${period.billingPeriod}`;

function checkSourceName(source: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(source)) {
    throw new Problem("option-invalid", `"${source}" can't name a source.`, {
      hint: "Use letters, digits, dots, dashes and underscores, at most 63.",
    });
  }
}

function refuseClosed(
  request: ImportRequest,
  periods: readonly LakePeriod[],
  surveyed: readonly PeriodTotals[],
): void {
  if (request.force) return;
  const closed = surveyed.filter(({ billingPeriod }) =>
    periods.some(
      (period) => period.closed && period.source === request.source && period.billingPeriod === billingPeriod,
    ),
  );
  if (closed.length > 0) {
    const names = closed.map(({ billingPeriod }) => billingPeriod).join(", ");
    throw new Problem(
      "period-closed",
      `${request.source} ${names} is closed; this delivery would change it.`,
    );
  }
}

async function refuseChangedFiles(files: readonly CollectedFile[]): Promise<void> {
  for (const file of files) {
    const now = await stat(file.path);
    if (now.size !== file.bytes || now.mtimeMs !== file.modified) {
      throw new Problem("source-changed", `${file.path} changed while it was read.`, {
        at: { file: file.path },
      });
    }
  }
}

function recordOf(
  request: ImportRequest,
  id: string,
  mode: "overwrite" | "append",
  groups: readonly Group[],
  notes: readonly string[],
  files: readonly CollectedFile[],
  surveyed: readonly PeriodTotals[],
  roundedAmounts: number,
  validated: Validated,
): ImportRecord {
  const staged = groups.flatMap(({ mapping, files: all }) => all.map((file) => ({ file, mapping })));
  return {
    id,
    source: request.source,
    role: request.role,
    mode,
    at: request.now,
    files: files.map(({ path: file, bytes, sha256 }, index) => {
      const found = staged.find((each) => each.file.input.number === index + 1);
      const format = found === undefined ? "" : `${found.mapping.format} ${found.mapping.version}`;
      return { name: path.basename(file), bytes, sha256, rows: found?.file.rows ?? 0, format };
    }),
    periods: surveyed.map(({ billingPeriod, rows, totals, unknown }) => ({
      billingPeriod,
      rows,
      totals,
      unknown,
    })),
    roundedAmounts,
    notes: [...notes, ...new Set(groups.flatMap(({ mapping }) => mapping.notes))],
    ...validated,
  };
}
