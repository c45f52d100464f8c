import type { Kept, KeptDay } from "#flows/allocate/keep-allocation.ts";
import { bold, dim, green, yellow } from "./colors.ts";
import { anewLines } from "./division-text.ts";
import { count, exactCost, many } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** What of an allocation the lake holds now, for people: each day, what it was before, and days that could not be kept. */
export function keptText({ days, withoutNodes, withoutPrice, divided }: Kept): string {
  const changed = days.filter((day) => day.changed);
  const sources = [...new Set(days.map(({ source }) => source))];
  const charges = days.reduce((sum, day) => sum + day.charges, 0);
  const head =
    changed.length === 0
      ? `Nothing changed: source ${bold(sources.join(", "))} already holds exactly these ${many(charges, "charge")}.`
      : `${green("Kept")} ${many(charges, "charge")} as source ${bold(sources.join(", "))}, role allocation.`;
  const rows = days.flatMap((day) =>
    day.totals.map(({ currency, cost, before }) => [
      day.day,
      printable(day.cluster),
      count(day.charges),
      currency,
      exactCost(cost),
      whatHappened(day, cost, before),
    ]),
  );
  const none = [
    ...missing(withoutNodes, "no node was seen"),
    ...missing(withoutPrice, "no node has a price"),
  ];
  return [
    head,
    "",
    table(["Day", "Cluster", "Charges", "Currency", "Cost", ""], rows, [
      false,
      false,
      true,
      false,
      true,
      false,
    ]),
    ...none,
    ...anewLines(divided),
    dim("plimsoll report cost --role allocation --by Team,IdleKind asks for it."),
    "",
  ].join("\n");
}

function whatHappened({ changed }: KeptDay, cost: string, before: string | null): string {
  if (!changed) return "unchanged";
  if (before === null) return "new";
  return before === cost ? "replaced" : `replaced; was ${exactCost(before)}`;
}

function missing(days: readonly string[], why: string): string[] {
  if (days.length === 0) return [];
  const shown =
    days.length > 5 ? `${days.slice(0, 5).join(", ")} and ${days.length - 5} more` : days.join(", ");
  return [`${yellow("!")} Not kept, since ${why}: ${shown}. What was kept of it before stays.`];
}
