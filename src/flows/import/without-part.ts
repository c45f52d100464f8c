import path from "node:path";
import type { ImportRecord } from "#lake/import-record.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { addTotals } from "#lake/totals.ts";
import { Problem } from "#units/problems.ts";
import type { Before } from "./delivery-identity.ts";

/** What stays of a billing period once a part of it is taken out. */
export interface Remaining {
  readonly period: LakePeriod;
  /** True if its rollups hold the part together with what stays, as publishing rules leaves them: they are to be made again. */
  readonly rollupsMixed: boolean;
}

/**
 * A live billing period without what former deliveries of a part brought to it. Its time stays as wide as it was: who prunes by it opens a
 * file too many at worst.
 * @param records of the source's imports, those of the period among them
 */
export function withoutPart(period: LakePeriod, part: string, records: readonly ImportRecord[]): Remaining {
  const recordOf = (id: string): ImportRecord | undefined => records.find((record) => record.id === id);
  const imports = period.imports.filter((id) => recordOf(id)?.part !== part);
  if (imports.length === period.imports.length) return { period, rollupsMixed: false };
  const { charges, charges_hour, charges_day } = period.files;
  const isOf = (ids: readonly string[], file: string): boolean =>
    ids.some((id) => path.basename(path.dirname(file)) === `import=${id}`);
  const stay = (files: readonly string[]): string[] => files.filter((file) => isOf(imports, file));
  const left = imports.flatMap(
    (id) => recordOf(id)?.periods.find(({ billingPeriod }) => billingPeriod === period.billingPeriod) ?? [],
  );
  return {
    period: {
      ...period,
      imports,
      files: { charges: stay(charges), charges_hour: stay(charges_hour), charges_day: stay(charges_day) },
      rows: left.reduce((sum, { rows }) => sum + rows, 0),
      totals: addTotals(left.map(({ totals }) => totals)),
    },
    rollupsMixed: ![...charges_hour, ...charges_day].every((file) => isOf(period.imports, file)),
  };
}

/** @throws Problem "option-invalid" if the former delivery of a part has charges in billing periods that this one would not replace */
export function refuseShrunkenPart(
  part: string,
  billingPeriods: readonly string[],
  { periods, records }: Before,
): void {
  const left = periods.filter(
    ({ billingPeriod, imports }) =>
      !billingPeriods.includes(billingPeriod) &&
      imports.some((id) => records.find((record) => record.id === id)?.part === part),
  );
  if (left.length === 0) return;
  const names = left.map(({ billingPeriod }) => billingPeriod).join(", ");
  throw new Problem(
    "option-invalid",
    `The part ${part} has charges of ${names}, and this delivery has none.`,
    {
      hint: "Deliver the part whole, or give this delivery a name of its own.",
    },
  );
}
