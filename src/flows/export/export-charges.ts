import { rm, writeFile } from "node:fs/promises";
import type { ChargeColumn } from "#facts/charge-columns.ts";
import {
  type DividedColumn,
  dividedColumnNames,
  exportColumns,
  type ExportColumn,
} from "#facts/export-columns.ts";
import { costColumns } from "#facts/focus-columns.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { unmatchedNotes } from "#flows/report/unmatched-notes.ts";
import { monthCharges } from "#flows/statements/month-charges.ts";
import { openWorkbench, type Workbench } from "#lake/engines/workbench.ts";
import { sumsWritten, writeExport } from "#lake/export/write-export.ts";
import { type OpenLake, openLakeWith } from "#lake/open-lake.ts";
import { engineProblem, isShortage } from "#lake/import/engine-problem.ts";
import type { ExportedCharges, SplitCharges } from "#lake/queries/exported-charges.ts";
import { refusePatterns } from "#lake/refuse-patterns.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { divideCharges } from "./divide-charges.ts";
import { type ExportManifest, exportManifest } from "./export-manifest.ts";
import type { ExportRequest } from "./export-request.ts";
import { addUpExport, byCurrency, type ExportSum } from "./export-sums.ts";
import { claimTarget, publishTarget, type Target, targetFault } from "./export-target.ts";
import { planSplit, proveStatement, type SplitPlan } from "./split-plan.ts";

/** A file that was written. */
export interface Exported {
  readonly request: ExportRequest;
  readonly file: string;
  readonly columns: readonly ExportColumn[];
  readonly rows: number;
  /** Rows and exact sums per currency. */
  readonly sums: readonly ExportSum[];
  /** The same per bearer of a split. */
  readonly bearers: readonly ExportSum[];
  readonly window: Window;
  readonly lake: LakeRead;
  readonly split?: SplitPlan;
  readonly manifest?: { readonly file: string; readonly content: ExportManifest };
}

/** What of the lake is in an export. */
export interface LakeRead {
  readonly version: number;
  readonly periods: readonly {
    readonly source: string;
    readonly billingPeriod: string;
    readonly closed: boolean;
    /** When its last delivery came in. */
    readonly asOf: string;
    /** The attribution rules that it is read by; null where none were published. */
    readonly rules: string | null;
  }[];
}

/**
 * Writes charges as a FOCUS file. It is there whole or not at all; what was written is added up and compared with what was asked for.
 * @throws Problem "column-unknown", "column-duplicate", "option-invalid", "file-exists", "data-unwritable", "selection-empty", "totals-differ",
 *   "disk-full", "memory-full", and those of a report's question
 */
export async function exportCharges(request: ExportRequest): Promise<Exported> {
  const { data, version, split } = request;
  const columns = exportColumns(version, request.columns);
  if (split !== undefined && version < "1.3")
    throw new Problem(
      "option-invalid",
      `FOCUS ${version} has no columns for shared cost; 1.3 was the first.`,
      {
        hint: "Leave --focus away, or --split.",
      },
    );
  const target = await claimTarget(request.file, request.force);
  const side = request.manifest ? await claimTarget(manifestFile(target.file), request.force) : undefined;
  const plan = split === undefined ? undefined : await planSplit(data, request.asked, split);
  const { question } = await exactQuestion(data, request.asked);
  const { only, ...month } = plan === undefined ? { only: undefined } : monthCharges(plan.month);
  const charges = { ...question, ...month };
  const exported: ExportedCharges = { charges, ...(plan === undefined ? {} : { split: splitOf(plan) }) };
  const lake = await openLakeWith(
    (folder) => openWorkbench({ folders: [folder], files: [target.partial] }),
    data,
    charges.window,
    charges.role,
    only,
  );
  try {
    await refusePatterns(lake.engine, charges.where);
    if (plan !== undefined) await divide(lake, exported, plan, columns);
    const bearers = await addUpExport(lake.engine, lake.dialect, exported);
    const sums = byCurrency(bearers);
    const rows = sums.reduce((sum, each) => sum + each.rows, 0);
    if (rows === 0) throw await nothingSelected(request, question, lake);
    await write(lake, exported, { ...request, columns }, target, { rows, sums });
    await publish(target, side, request.force);
    const read = readOf(lake);
    const done = {
      request,
      file: target.file,
      columns,
      rows,
      sums,
      bearers,
      window: question.window,
      lake: read,
    };
    return await withManifest(
      { ...done, ...(plan === undefined ? {} : { split: plan }) },
      side,
      request.force,
    );
  } catch (cause) {
    throw await fault(cause, lake, request.file);
  } finally {
    lake.close();
    await rm(target.partial, { force: true });
    if (side !== undefined) await rm(side.partial, { force: true });
  }
}

/** Beside a file, under a name that no import takes for a bill. */
export const manifestFile = (file: string): string => `${file}.manifest`;

const splitOf = ({ key, computed }: SplitPlan): SplitCharges => ({
  key,
  origins: computed.given.map(({ origin, currency }) => ({ origin, currency })),
});

/** Divides what splits give away, and proves that all of the month adds up to its statement. */
async function divide(
  { engine, dialect }: OpenLake<Workbench>,
  exported: ExportedCharges,
  plan: SplitPlan,
  columns: readonly ExportColumn[],
): Promise<void> {
  const split = splitOf(plan);
  const needed = new Set<ChargeColumn>([
    ...columns.map(({ column }) => column),
    ...exported.charges.where.flatMap(({ dimension }) =>
      dimension.kind === "column" ? [dimension.column] : [],
    ),
    ...costColumns,
  ]);
  const divided: DividedColumn[] = dividedColumnNames.filter((name) => needed.has(name));
  if (split.origins.length > 0)
    await divideCharges(engine, dialect, { ...exported, split }, plan.computed.given, divided);
  const whole = { charges: { ...exported.charges, where: [] }, split };
  proveStatement(plan, await addUpExport(engine, dialect, whole));
}

/**
 * Writes the rows and compares what was written with what was to be.
 * @throws Problem "totals-differ"
 */
async function write(
  { engine, dialect }: OpenLake<Workbench>,
  exported: ExportedCharges,
  as: Parameters<typeof writeExport>[3],
  { file, partial }: Target,
  { rows, sums }: { readonly rows: number; readonly sums: readonly ExportSum[] },
): Promise<void> {
  const differ = (what: string): Problem =>
    new Problem("totals-differ", `${file}: ${what}.`, {
      hint: "Nothing was written. Run the export again; if it happens twice, please report it.",
    });
  const written = await writeExport(engine, dialect, exported, as, partial);
  if (written !== rows) throw differ(`${rows} rows were to be written, and ${written} were`);
  if (as.form !== "parquet") return;
  for (const [name, sum] of Object.entries(await sumsWritten(engine, dialect, as.columns, partial))) {
    const known = sums.flatMap((each) => each.sums[name as keyof ExportSum["sums"]] ?? []);
    const meant = known.length === 0 ? null : formatDecimal(known.reduce((a, b) => a + b, 0n));
    if (sum !== meant)
      throw differ(`${name} adds up to ${sum ?? "nothing"}, and should to ${meant ?? "nothing"}`);
  }
}

/** A manifest of what was there before must not stand beside another file. */
async function publish(target: Target, side: Target | undefined, force: boolean): Promise<void> {
  try {
    if (side !== undefined) await rm(side.file, { force: true });
    await publishTarget(target, force);
  } catch (cause) {
    throw targetFault(cause, target.file);
  }
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

/** Nothing is no file: whoever waits for one is told why there is none. */
async function nothingSelected(
  { data, split }: ExportRequest,
  question: Awaited<ReturnType<typeof exactQuestion>>["question"],
  { version }: OpenLake,
): Promise<Problem> {
  const { window, role, where } = question;
  const shown = `${formatInstant(window.start)} to ${formatInstant(window.end)}`;
  const own = version.periods.filter((period) => period.role === role);
  const covers =
    own.length === 0
      ? `The lake has no source of the role ${role}.`
      : `The lake's charges of the role ${role} are of ${formatInstant(Math.min(...own.map(({ charges }) => charges.start)))} to ${formatInstant(Math.max(...own.map(({ charges }) => charges.end)))}.`;
  const notes = split === undefined ? await unmatchedNotes(data, question) : [];
  const filters = where.length === 0 ? "" : " and passes the filters";
  return new Problem(
    "selection-empty",
    [`No charge of ${shown} has the role ${role}${filters}: nothing was written.`, ...notes].join(" "),
    { hint: covers },
  );
}

const SHORTAGE = "Nothing was written. Make room, or export less at a time: a shorter period, or one source.";

/** What the engine said, as a Problem where people can do something about it. */
async function fault(cause: unknown, lake: OpenLake, file: string): Promise<unknown> {
  if (cause instanceof Problem) return cause;
  const known = engineProblem(cause, file);
  if (known instanceof Problem && isShortage(known))
    return new Problem(
      known.code,
      `${file} can't be written: the machine is short of ${known.code === "memory-full" ? "memory" : "disk space"}.`,
      { at: { file }, cause, hint: SHORTAGE },
    );
  const damaged = await lake.damagedFile("charges");
  if (damaged === undefined) return cause;
  return new Problem("lake-corrupt", `${damaged} is missing or damaged.`, { at: { file: damaged }, cause });
}
