import type { Exported } from "#flows/export/export-charges.ts";
import { formatInstant } from "#units/instant.ts";
import { bold, dim, green, yellow } from "./colors.ts";
import { amount, count, many } from "./format.ts";
import { printable } from "./printable.ts";
import { remarksOf, scopeName } from "./statement-rows.ts";
import { table } from "./table.ts";

/** What was written, for people. */
export function exportText(exported: Exported, where = exported.file): string {
  const { rows, request, columns, sums, bearers, split, manifest, window } = exported;
  const of =
    split === undefined
      ? `${formatInstant(window.start)} to ${formatInstant(window.end)}`
      : `the invoices of ${split.month}, shared cost divided by ${split.key}`;
  const shown = split === undefined ? sums : bearers;
  const right = [false, false, true, true, true];
  const head = [split?.key ?? "", "Currency", "Rows", "BilledCost", "EffectiveCost"];
  const money = (units: bigint | undefined): string => (units === undefined ? "unknown" : amount(units));
  const lines = shown.map(({ bearer, currency, rows: its, sums: cost }) => [
    split === undefined ? "" : printable(scopeName(bearer)),
    currency,
    count(its),
    money(cost.BilledCost),
    money(cost.EffectiveCost),
  ]);
  const part = split === undefined ? 1 : 0;
  return `${[
    `${green("Wrote")} ${bold(printable(where))}: ${many(rows, "row")} of ${of}; FOCUS ${request.version}, ${many(columns.length, "column")}.`,
    table(
      head.slice(part),
      lines.map((line) => line.slice(part)),
      right.slice(part),
    ),
    ...remarks(exported).map((remark) => yellow(remark)),
    ...(manifest === undefined ? [] : [`What it holds is told in ${printable(manifest.file)}.`]),
    dim("Amounts in the file are exact; here they are rounded."),
  ].join("\n")}\n`;
}

/** What a reader must know beside the numbers. */
function remarks({ split, sums }: Exported): string[] {
  if (split === undefined) return unknowns(sums);
  const { stated, computed, moved } = split;
  const corrected = [...new Set(stated.corrections.map(({ month }) => month))].map(
    (month) => `The statement also bears corrections of ${month}; these are no charges, and not in the file.`,
  );
  const restated =
    moved.length === 0
      ? []
      : [
          `The lake has changed since ${split.month} was closed, for ${[...new Set(moved.map(({ scope }) => printable(scopeName(scope))))].join(", ")}: the file adds up to what the lake holds now, --manifest says the difference.`,
        ];
  const open = remarksOf({ ...stated, corrections: [], notSplit: computed.notSplit });
  return [...open, ...corrected, ...restated];
}

function unknowns(sums: Exported["sums"]): string[] {
  return sums.flatMap(({ currency, unknown }) =>
    Object.entries(unknown).flatMap(([name, rows]) =>
      rows === 0
        ? []
        : [`${name} is unknown for ${many(rows, "row")} in ${currency}: the cell is empty, not 0.`],
    ),
  );
}
