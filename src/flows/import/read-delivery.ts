import path from "node:path";
import { checkCells, type CheckedCells } from "#lake/import/check-cells.ts";
import type { Declared, Group } from "#lake/import/delivery-sql.ts";
import { filesByPeriod } from "#lake/import/files-by-period.ts";
import { stageCharges } from "#lake/import/stage-charges.ts";
import { type PeriodTotals, surveyDelivery } from "#lake/import/survey-delivery.ts";
import type { Writer } from "#lake/writer.ts";
import { Problem } from "#units/problems.ts";
import type { CollectedFile } from "./collect-files.ts";
import type { ImportProgress, ImportRequest } from "./import-request.ts";
import { stageDelivery } from "./stage-delivery.ts";

/** What a delivery brings of one billing period. */
export interface DeliveredPeriod extends PeriodTotals {
  /** SHA-256 of the files that have charges in the period. */
  readonly files: readonly string[];
}

/** A delivery that was read and found sound; nothing of it is in the lake yet. */
export interface Delivery {
  readonly files: readonly CollectedFile[];
  readonly groups: readonly Group[];
  /** Relation of all its charges, in their types. */
  readonly charges: string;
  readonly periods: readonly DeliveredPeriod[];
  readonly roundedAmounts: number;
  /** Amounts that two names of one column state differently. */
  readonly disputed: CheckedCells["disputed"];
}

/**
 * Stages a delivery as text, checks every cell, and adds its charges up.
 * @throws Problem for anything wrong with the delivery
 */
export async function readDelivery(
  writer: Writer,
  request: ImportRequest,
  declared: Declared,
  files: readonly CollectedFile[],
  onProgress: (progress: ImportProgress) => void,
): Promise<Delivery> {
  const groups = await stageDelivery(writer, request, files, onProgress);
  onProgress({ step: "checking", done: 0, total: groups.length, unit: "steps" });
  const checked: CheckedCells[] = [];
  for (const group of groups) checked.push(await checkCells(writer.db, group, declared));
  const surveyed = await surveyDelivery(writer.db, groups, declared, checked);
  if (surveyed.length === 0)
    throw new Problem("source-empty", `${request.inputs.join(", ")} holds a header and no rows.`);
  const target = path.join(writer.incoming, "charges.parquet");
  const charges = await stageCharges(writer.db, groups, declared, target);
  return {
    files,
    groups,
    charges,
    periods: await withFiles(writer, charges, files, surveyed),
    roundedAmounts: checked.reduce((sum, cells) => sum + cells.roundedAmounts, 0),
    disputed: checked.flatMap((cells) => cells.disputed),
  };
}

/** One file has charges in every period, and the only period has charges of every file; else the charges are asked. */
async function withFiles(
  { db }: Writer,
  charges: string,
  files: readonly CollectedFile[],
  surveyed: readonly PeriodTotals[],
): Promise<DeliveredPeriod[]> {
  const all = files.map(({ sha256 }) => sha256);
  if (files.length === 1 || surveyed.length === 1)
    return surveyed.map((period) => ({ ...period, files: all }));
  const numbers = await filesByPeriod(db, charges);
  return surveyed.map((period) => ({
    ...period,
    files: (numbers.get(period.billingPeriod) ?? []).flatMap((number) => all[number - 1] ?? []),
  }));
}
