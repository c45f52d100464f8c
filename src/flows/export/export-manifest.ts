import { stat } from "node:fs/promises";
import path from "node:path";
import { hashFile } from "#ingest/deliveries/hash-file.ts";
import { costColumns } from "#facts/focus-columns.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import type { WrittenCharges } from "./written-charges.ts";
import type { ExportSum } from "./export-sums.ts";

/** What an export holds and where it is from, as its manifest says it: amounts are exact decimal strings, null is unknown. */
export async function exportManifest(exported: WrittenCharges) {
  const { file, request, columns, sums, lake, window, split } = exported;
  const { asked } = request;
  return {
    file: path.basename(file),
    bytes: (await stat(file)).size,
    sha256: await hashFile(file, false),
    at: formatInstant(asked.now),
    form: request.form,
    focus: request.version,
    columns: columns.map(({ name }) => name),
    rows: exported.rows,
    sums: sums.map(sumJson),
    selection: {
      role: asked.role ?? "invoice",
      ...(split === undefined
        ? { time: asked.time ?? "charge", from: formatInstant(window.start), to: formatInstant(window.end) }
        : { time: "billing", month: split.month }),
      where: asked.where ?? [],
      without: asked.without ?? [],
    },
    lake,
    ...(split === undefined ? {} : { split: splitJson(split, exported.bearers) }),
  };
}

/** What an export holds and where it is from. */
export type ExportManifest = Awaited<ReturnType<typeof exportManifest>>;

const exact = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);

const sumJson = ({ currency, rows, sums, unknown }: ExportSum) => ({
  currency,
  rows,
  ...Object.fromEntries(costColumns.map((name) => [name, exact(sums[name])])),
  withoutValue: Object.fromEntries(
    costColumns.flatMap((name) => (unknown[name] === 0 ? [] : [[name, unknown[name]]])),
  ),
});

function splitJson(
  { key, stated, computed, moved }: NonNullable<WrittenCharges["split"]>,
  bearers: readonly ExportSum[],
) {
  return {
    key,
    splits: stated.splits
      .filter((split) => split.key === key)
      .map(({ id, from, method, by, to, shares }) => ({
        id,
        from,
        method,
        ...(method === "proportional" ? { by } : {}),
        ...(to === undefined ? {} : { to }),
        ...(shares === undefined
          ? {}
          : {
              shares: Object.fromEntries(Object.entries(shares).map(([name, units]) => [name, exact(units)])),
            }),
      })),
    notSplit: computed.notSplit.map(({ split, why, currency }) => ({ split: split.id, why, currency })),
    bearers: bearers.map(({ bearer, ...each }) => ({ bearer, ...sumJson(each as ExportSum) })),
    open: stated.open.map(({ source }) => source),
    ...(stated.closed === undefined
      ? {}
      : {
          closed: { at: formatInstant(stated.closed.at), by: stated.closed.by, sha256: stated.closed.hash },
        }),
    movedSinceClosed: moved.map(changeJson),
    correctionsLeftOut: stated.corrections.map(changeJson),
  };
}

const changeJson = ({ month, scope, currency, sums }: MovedPart) => ({
  month,
  scope,
  currency,
  BilledCost: exact(sums.billed),
  EffectiveCost: exact(sums.effective),
});
type MovedPart = NonNullable<WrittenCharges["split"]>["moved"][number];
