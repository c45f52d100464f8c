import { isPremature } from "#facts/attribution-gate.ts";
import type { LakeHealth } from "#flows/doctor/examine-lake.ts";
import type { SourceHealth } from "#flows/doctor/source-health.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { yellow } from "./colors.ts";
import { outcomeLines } from "./division-text.ts";
import { many } from "./format.ts";
import { shareOf } from "./health-coverage.ts";
import { sameMoneyLines } from "./health-same-money.ts";

/** What is worth knowing of a lake and no fault of it, in sentences; none of what is as it should be. */
export function healthRemarks(health: LakeHealth): string[] {
  const { sources, conformance } = health;
  return [
    ...gateLines(health.attribution),
    ...sameMoneyLines(health),
    ...sources.flatMap(({ source, division }) =>
      division === undefined ? [] : outcomeLines(source, division),
    ),
    ...sources.flatMap(gapLine),
    ...unknownLines(sources),
    ...sources
      .filter(({ roundedAmounts }) => roundedAmounts > 0)
      .map(
        ({ source, roundedAmounts }) =>
          `${source}: ${many(roundedAmounts, "amount")} had more than 18 decimals and were rounded.`,
      ),
    // What an allocation says nobody used belongs to the node's owner.
    ...nobodysLines(sources.filter(({ role }) => role !== "allocation")),
    ...(conformance.rowsNotJudged > 0
      ? [
          `${many(conformance.rowsNotJudged, "charge")} came in formats other than FOCUS, which are not judged by its requirements.`,
        ]
      : []),
  ];
}

/** Where too little has a team, what would be saved has nobody to save it. */
const gateLines = (gate: LakeHealth["attribution"]): string[] =>
  gate.currencies
    .filter(({ currency }) => isPremature(gate, currency))
    .map(
      ({ currency, billedCost, withTeam }) =>
        `${yellow("Attribute first")}: ${decimal(withTeam) === 0n ? "nothing" : shareOf(withTeam, billedCost, currency)} of what was billed in ${currency} names a team, ${gate.percent}% are wanted; what could be saved is premature till then. plimsoll attribution suggest names the rules that would attribute the most.`,
    );

/** All gaps of a source on one line, the first ones by their dates. */
function gapLine({ source, gaps }: SourceHealth): string[] {
  if (gaps.length === 0) return [];
  const dates = gaps
    .slice(0, 4)
    .map(({ from, to, days }) => (days === 1 ? from : `${from} to ${lastDay(to)}`));
  const rest = gaps.length > 4 ? ` and ${many(gaps.length - 4, "more gap")}` : "";
  const days = gaps.reduce((sum, gap) => sum + gap.days, 0);
  return [`${source}: ${many(days, "day")} without charges: ${dates.join(", ")}${rest}.`];
}

const lastDay = (end: string): string => formatInstant(Date.parse(end) - 86_400_000).slice(0, 10);

/** A column that sources don't state, on one line; charges without EffectiveCost await a decision and are told there. */
function unknownLines(sources: readonly SourceHealth[]): string[] {
  const columns = [...new Set(sources.flatMap(({ unknown }) => Object.keys(unknown)))];
  return columns
    .filter((column) => column !== "EffectiveCost")
    .map((column) => {
      const without = sources.filter(({ unknown }) => (unknown[column] ?? 0) > 0);
      const charges = without.reduce((sum, { unknown }) => sum + (unknown[column] ?? 0), 0);
      return `${without.map(({ source }) => source).join(", ")}: ${column} is unknown for ${many(charges, "charge")}; sums leave them out.`;
    });
}

/** Which sources' cost names nobody, most first; keys that lack the same are told together, and what lacks nothing is not told. */
function nobodysLines(sources: readonly SourceHealth[]): string[] {
  const lacking = new Map<string, string[]>();
  for (const [key, part] of [
    ["team", "withoutTeam"],
    ["owner", "withoutOwner"],
    ["environment", "withoutEnvironment"],
  ] as const) {
    const parts = sources.flatMap(({ source, unattributed }) =>
      unattributed
        .filter((costs) => decimal(costs[part]) !== 0n)
        .map(({ billedCost, currency, [part]: without }) => ({
          told: `${source} ${shareOf(without, billedCost, currency)}${unattributed.length > 1 ? ` in ${currency}` : ""}`,
          ratio: Number(without) / Number(billedCost),
        })),
    );
    const told = parts.sort((a, b) => b.ratio - a.ratio).map((each) => each.told);
    if (told.length > 0) lacking.set(told.join(", "), [...(lacking.get(told.join(", ")) ?? []), key]);
  }
  return [...lacking].map(([told, keys]) => `BilledCost that names no ${keys.join(", no ")}: ${told}.`);
}
