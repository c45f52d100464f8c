import { rm, writeFile } from "node:fs/promises";
import type { CostQuestion } from "#facts/cost-question.ts";
import { exportColumns, type ExportColumn } from "#facts/export-columns.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { monthCharges } from "#flows/statements/month-charges.ts";
import { openWorkbench, type Workbench } from "#lake/engines/workbench.ts";
import { type OpenLake, openLakeWith } from "#lake/open-lake.ts";
import type { ExportedCharges } from "#lake/queries/exported-charges.ts";
import { refusePatterns } from "#lake/refuse-patterns.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { divideCharges } from "./divide-charges.ts";
import { exportFault, nothingSelected } from "./export-fault.ts";
import { type ExportManifest, exportManifest } from "./export-manifest.ts";
import type { ExportRequest } from "./export-request.ts";
import { addUpExport, byCurrency, proveReceived } from "./export-sums.ts";
import { claimTarget, publishTarget, type Target } from "./export-target.ts";
import { planSplit, proveStatement, type SplitPlan } from "./split-plan.ts";
import { scratchFolder } from "./scratch-folder.ts";
import { writeRows } from "./write-rows.ts";
import type { LakeRead, WrittenCharges } from "./written-charges.ts";

/** Charges that were written, and the file that tells of them, if one was asked for. */
export interface Exported extends WrittenCharges {
  readonly manifest?: { readonly file: string; readonly content: ExportManifest };
}

/**
 * Writes charges as a FOCUS file. It is there whole or not at all; what was written is added up and compared with what was asked for.
 * @throws Problem "column-unknown", "column-duplicate", "option-invalid", "file-exists", "data-unwritable", "selection-empty", "totals-differ",
 *   "disk-full", "memory-full", and those of a report's question
 */
export async function exportCharges(request: ExportRequest): Promise<Exported> {
  const columns = exportColumns(request.version, request.columns);
  const target = await claimTarget(request.data, request.file, request.force);
  const side = request.manifest
    ? await claimTarget(request.data, manifestFile(target.file), request.force)
    : undefined;
  const selection = await selectionOf(request);
  const scratch = await scratchFolder();
  try {
    const exported = await writeSelection(
      { ...request, file: target.file },
      columns,
      selection,
      target.partial,
      scratch,
    );
    if (side !== undefined) await rm(side.file, { force: true });
    await publishTarget(target, request.force);
    return await withManifest(exported, side, request.force);
  } finally {
    for (const left of [target.partial, scratch, ...(side === undefined ? [] : [side.partial])])
      await rm(left, { recursive: true, force: true });
  }
}

/** Beside a file, under a name that no import takes for a bill. */
const manifestFile = (file: string): string => `${file}.manifest`;

/** Which charges are meant, and how they are divided. */
interface Selection {
  readonly question: CostQuestion;
  readonly charges: ExportedCharges["charges"];
  readonly plan?: SplitPlan;
  /** The billing periods that hold them, whatever the window. */
  readonly only?: (period: LakePeriod) => boolean;
}

async function selectionOf({ data, asked, split, version }: ExportRequest): Promise<Selection> {
  if (split === undefined) {
    const { question } = await exactQuestion(data, asked);
    return { question, charges: question };
  }
  if (version < "1.3")
    throw new Problem(
      "option-invalid",
      `FOCUS ${version} has no columns for shared cost; 1.3 was the first.`,
      {
        hint: "Leave --focus away, or --split.",
      },
    );
  const plan = await planSplit(data, asked, split);
  const { question } = await exactQuestion(data, asked);
  const { only, ...month } = monthCharges(plan.month);
  return { question, charges: { ...question, ...month }, plan, only };
}

async function writeSelection(
  request: ExportRequest,
  columns: readonly ExportColumn[],
  { question, charges, plan, only }: Selection,
  partial: string,
  scratch: string,
): Promise<Exported> {
  const { data, file } = request;
  // Beside the lake the engine may touch these two and nothing else of the disk.
  const open = (lake: string): Promise<Workbench> =>
    openWorkbench({ folders: [lake, scratch], files: [partial] });
  const lake = await openLakeWith(open, data, charges.window, charges.role, only);
  try {
    await refusePatterns(lake.engine, charges.where);
    const exported = plan === undefined ? { charges } : await divided(lake, charges, plan, columns, scratch);
    const bearers = await addUpExport(lake.engine, lake.dialect, exported);
    const sums = byCurrency(bearers);
    const rows = sums.reduce((sum, each) => sum + each.rows, 0);
    if (plan === undefined) await proveReceived(lake.engine, lake.dialect, exported, sums);
    if (rows === 0) throw await nothingSelected(request, question, lake);
    await writeRows(lake, exported, { ...request, columns }, { file, partial }, { rows, sums });
    const { window } = question;
    const done = { request, file, columns, rows, sums, bearers, window, lake: readOf(lake) };
    return plan === undefined ? done : { ...done, split: plan };
  } catch (cause) {
    throw await exportFault(cause, lake, file);
  } finally {
    lake.close();
  }
}

/** Divides what splits give away, and proves that all of the month adds up to its statement. */
async function divided(
  lake: OpenLake<Workbench>,
  charges: ExportedCharges["charges"],
  plan: SplitPlan,
  columns: readonly ExportColumn[],
  folder: string,
): Promise<ExportedCharges> {
  const { given } = plan.computed;
  const split = { key: plan.key, origins: given.map(({ origin, currency }) => ({ origin, currency })) };
  const needed = columns.map(({ column }) => column);
  const parts =
    given.length === 0
      ? []
      : await divideCharges(lake, { charges, split: { ...split, parts: [] } }, given, needed, folder);
  const exported = { charges, split: { ...split, parts } };
  const whole = { ...exported, charges: { ...charges, where: [] } };
  proveStatement(plan, await addUpExport(lake.engine, lake.dialect, whole));
  return exported;
}

async function withManifest(exported: Exported, side: Target | undefined, force: boolean): Promise<Exported> {
  if (side === undefined) return exported;
  const content = await exportManifest(exported);
  await writeFile(side.partial, `${JSON.stringify(content, null, 2)}\n`);
  await publishTarget(side, force);
  return { ...exported, manifest: { file: side.file, content } };
}

function readOf({ version, periods }: OpenLake): LakeRead {
  return {
    version: version.version,
    periods: periods.map(({ source, billingPeriod, closed, updatedAt, rules }) => ({
      source,
      billingPeriod,
      closed,
      asOf: formatInstant(updatedAt),
      rules: rules ?? null,
    })),
  };
}
