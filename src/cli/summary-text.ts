import { type CostRow, valueOf } from "#facts/cost-row.ts";
import type { LakeSummary } from "#flows/summarize-lake.ts";
import { formatInstant } from "#units/instant.ts";
import { ratio } from "#units/money.ts";
import { bold } from "./colors.ts";
import { amount, many, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** What a lake holds, for people. */
export function summaryText(summary: LakeSummary): string {
  const { covers, totals } = summary;
  const day = (time: number): string => formatInstant(time).slice(0, 10);
  const sums = totals.map((row) => `${costOf(row)} ${row.currency}`).join(" and ");
  return [
    `${bold(`${many(summary.charges, "charge")}, ${sums}`)} (EffectiveCost; currencies are never added) from ${day(covers.start)} to ${day(covers.end - 1)}, of ${many(summary.sources.length, "source")}.`,
    "",
    costTable("Provider", summary.byProvider, totals),
    costTable("Five costliest services", summary.topServices, totals),
    costTable("Five costliest teams, as tagged", summary.topTeams, totals),
    ...summary.unowned.map(
      (row) => `No team is named for ${shareOf(row, totals)} of the cost in ${row.currency}: ${costOf(row)}.`,
    ),
    "",
  ].join("\n");
}

function costTable(title: string, rows: readonly CostRow[], totals: readonly CostRow[]): string {
  const lines = rows.map((row) => [
    printable(row.keys[0] ?? "(none)"),
    row.currency,
    costOf(row),
    shareOf(row, totals),
  ]);
  return table([title, "", "EffectiveCost", "Share"], lines, [false, false, true, true]);
}

function costOf(row: CostRow): string {
  const units = valueOf(row, 0);
  return units === undefined ? "unknown" : amount(units);
}

function shareOf(row: CostRow, totals: readonly CostRow[]): string {
  const { currency } = row;
  const units = valueOf(row, 0);
  const total = totals.find((each) => each.currency === currency)?.sums[0] ?? 0n;
  if (units === undefined) return "";
  const of = ratio({ units, currency }, { units: total, currency });
  return of === undefined ? "" : share(of);
}
