import type { LakeHealth } from "#flows/doctor/examine-lake.ts";
import type { SourceHealth } from "#flows/doctor/source-health.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { ratio } from "#units/money.ts";
import { yellow } from "./colors.ts";
import { amount, many, share } from "./format.ts";
import { outcomeLines } from "./division-text.ts";
import { printable } from "./printable.ts";

/** What is worth knowing of a lake and no fault of it, in sentences. */
export function healthRemarks({
  sources,
  duplicates,
  conformance: { rowsNotJudged },
  attribution,
}: LakeHealth): string[] {
  return [
    ...gateLines(attribution),
    ...duplicates.map(({ file, sources: holders, countedTwice }) =>
      countedTwice
        ? `${yellow("Counted twice")}: ${printable(file)} is imported as ${holders.join(" and ")} in the same role.`
        : `${printable(file)} is imported as ${holders.join(" and ")}, in different roles.`,
    ),
    ...sources.flatMap(({ source, division }) =>
      division === undefined ? [] : outcomeLines(source, division),
    ),
    ...sources.flatMap((source) => [
      ...gapLine(source),
      ...Object.entries(source.unknown).map(
        ([column, unknown]) =>
          `${source.source}: ${column} is unknown for ${many(unknown, "charge")}; sums leave them out.`,
      ),
      ...(source.roundedAmounts > 0
        ? [
            `${source.source}: ${many(source.roundedAmounts, "amount")} had more than 18 decimals and were rounded.`,
          ]
        : []),
      ...source.unattributed.map((costs) => {
        const share = (part: string): string => shareOf(part, costs.billedCost, costs.currency);
        return `${source.source}: of ${amount(decimal(costs.billedCost))} ${costs.currency} billed, ${share(costs.withoutTeam)} names no team, ${share(costs.withoutOwner)} no owner and ${share(costs.withoutEnvironment)} no environment.`;
      }),
    ]),
    ...(rowsNotJudged > 0
      ? [
          `${many(rowsNotJudged, "charge")} came in formats other than FOCUS, which are not judged by its requirements.`,
        ]
      : []),
  ];
}

/** Where too little has a team, what would be saved has nobody to save it. */
const gateLines = ({ percent, currencies }: LakeHealth["attribution"]): string[] =>
  currencies
    .filter(({ passed }) => !passed)
    .map(
      ({ currency, billedCost, withTeam }) =>
        `${yellow("Attribute first")}: ${shareOf(withTeam, billedCost, currency)} of what was billed in ${currency} names a team, ${percent}% are wanted; what could be saved is premature till then. plimsoll attribution suggest names the rules that would attribute the most.`,
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

/** A part of a sum as a percentage; credits can make it no share at all, and then it is told as the amount it is. */
function shareOf(part: string, whole: string, currency: string): string {
  const of = ratio({ units: decimal(part), currency }, { units: decimal(whole), currency });
  return of === undefined || of < 0 || of > 1 ? `${amount(decimal(part))} ${currency}` : share(of);
}
