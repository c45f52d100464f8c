import type { ImportResult } from "#flows/import/import-delivery.ts";
import type { DivisionOutcome, UndividedReason } from "#facts/division.ts";
import { decimal } from "#units/decimal.ts";
import { green, yellow } from "./colors.ts";
import { amount, many } from "./format.ts";

/** What was divided anew among those who used the nodes, for people. */
export const anewLines = (divided: ImportResult["divided"]): string[] =>
  divided.flatMap(({ source, billingPeriod, division, damaged, closed }) => {
    const name = `${source} ${billingPeriod}`;
    if (closed === true)
      return [
        `${yellow("Not divided")} ${name}: it is closed. To divide it: plimsoll periods reopen --source ${source} --period ${billingPeriod}`,
      ];
    if (damaged !== undefined)
      return [
        `${yellow("Not divided")} ${name}: ${damaged} can't be read. Import its period again with --force.`,
      ];
    if (division === undefined) return [`${name} is no longer divided: no allocation speaks of its time.`];
    return outcomeLines(name, division.outcome);
  });

/** What an import divided anew, and whether an allocation was of use. */
export function dividedLines({ record, divided }: ImportResult): string[] {
  const lines = anewLines(divided);
  const spoken = divided.flatMap(({ division }) => [
    ...(division?.outcome.divided ?? []).map(({ by }) => by),
    ...(division?.outcome.passedOver ?? []).map(({ source }) => source),
  ]);
  if (record.role === "allocation" && !spoken.includes(record.source))
    lines.push(
      "Nothing was divided by it: no charge of an open invoice is of a node and time that these rows name. Their ResourceId must be the node's as bills have it, such as i-0abc1234def567890.",
    );
  return lines;
}

/** What was divided of a billing period, how much of it is idle, and what was not divided and why. */
export function outcomeLines(name: string, outcome: DivisionOutcome): string[] {
  const currencies = [...new Set(outcome.divided.map(({ currency }) => currency))];
  const lines = currencies.map((currency) => {
    const its = outcome.divided.filter((each) => each.currency === currency);
    const charges = its.reduce((sum, each) => sum + each.charges, 0);
    const idle = outcome.idle
      .filter((each) => each.currency === currency)
      .map(({ kind, effectiveCost }) => `${money([effectiveCost], currency)} ${kind}`);
    const idleText = idle.length === 0 ? "none of it idle" : `of it ${idle.join(", ")}`;
    const cost = money(
      its.map(({ effectiveCost }) => effectiveCost),
      currency,
    );
    return `${green("Divided")} ${name}: ${cost} of ${many(charges, "charge")} among who used the nodes, as ${its.map(({ by }) => by).join(" and ")} ${its.length === 1 ? "says" : "say"}; ${idleText}.`;
  });
  return [
    ...lines,
    ...outcome.undivided.map(
      ({ reason, currency, charges, effectiveCost }) =>
        `Not divided ${name}: ${money([effectiveCost], currency)} of ${many(charges, "charge")}, ${reasons[reason]}.`,
    ),
    ...outcome.passedOver.map(
      ({ source, taken, charges }) =>
        `${yellow("Allocated twice")} ${name}: of ${many(charges, "charge")} both ${taken} and ${source} say who used the node; ${taken} was taken.`,
    ),
  ];
}

/** The sum of those that are known. */
function money(costs: readonly (string | null)[], currency: string): string {
  const known = costs.filter((cost) => cost !== null);
  if (known.length === 0) return `an unknown cost in ${currency}`;
  return `${amount(known.reduce((sum, cost) => sum + decimal(cost), 0n))} ${currency}`;
}

const reasons: Readonly<Record<UndividedReason, string>> = {
  "already-allocated": "allocated to somebody by the bill itself",
  "too-long": "lasting longer than a day and than the allocation's periods",
  "no-rows": "of times for which no allocation speaks of the node",
  "weights-unknown": "since an allocation row of the time has no EffectiveCost",
  "weights-zero": "since the allocation's costs of the time add up to nothing",
  "weights-negative": "since an allocation's cost of the time is below zero",
  "weights-too-large": "since the allocation's costs of the time are 100,000,000,000 or more",
};
