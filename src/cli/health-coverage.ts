import { type AttributionKey, attributionKeyNames } from "#facts/attribution-keys.ts";
import type { Coverage } from "#flows/doctor/coverage.ts";
import { decimal } from "#units/decimal.ts";
import { ratio } from "#units/money.ts";
import { bold, dim } from "./colors.ts";
import { amount, many, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** Months and teams that a text shows; --json gives all. */
const MONTHS = 6;
const TEAMS = 5;

/** How much of each currency's EffectiveCost says whose it is: by key and what that rests on, month by month, then by team. */
export function coverageText(coverage: readonly Coverage[]): string {
  return coverage
    .filter((each) => each.charges > each.unknownCharges)
    .map((each) => `${keyTable(each)}${teamTable(each)}`)
    .join("\n");
}

function keyTable(coverage: Coverage): string {
  const { currency, effectiveCost: whole, keys, months } = coverage;
  const shown = months.slice(-MONTHS);
  const title = `Whose the ${amount(decimal(whole))} ${currency} of EffectiveCost is`;
  // What nothing rests on needs no column; by tag and nobody's say the rest.
  const used = (["tag", "rule", "guess", "none"] as const).filter((basis) =>
    attributionKeyNames.some((key) => decimal(keys[key][basis]) !== 0n),
  );
  const rows = attributionKeyNames.map((key) => [
    key,
    ...used.map((basis) => shareOf(keys[key][basis], whole, currency)),
    ...shown.map((month) =>
      shareOf(less(month.effectiveCost, month.keys[key].none), month.effectiveCost, currency),
    ),
  ]);
  const head = ["Key", ...used.map((basis) => basisNames[basis]), ...shown.map(({ month }) => month)];
  const more =
    months.length > shown.length ? dim(`${months.length - shown.length} earlier months in --json\n`) : "";
  return `${bold(title)}${dim(", and how much of each month is known")}\n${table(
    head,
    rows,
    head.map((_, index) => index > 0),
  )}${more}`;
}

const basisNames = { tag: "By tag", rule: "By rule", guess: "By guess", none: "Nobody's" } as const;

const less = (whole: string, part: string): bigint => decimal(whole) - decimal(part);

/** What the teams that cost most lack; nobody's cost is in the table of keys, and what is known in full is not told. */
function teamTable({ currency, teams, moreTeams }: Coverage): string {
  const named = teams.filter(({ team }) => team !== null);
  const lacks = (team: Coverage["teams"][number], key: AttributionKey): boolean =>
    team.with[key] !== team.effectiveCost;
  const shown = named.filter((team) => attributionKeyNames.some((key) => lacks(team, key))).slice(0, TEAMS);
  if (shown.length === 0) return "";
  const keys = attributionKeyNames.filter((key) => shown.some((team) => lacks(team, key)));
  const rows = shown.map(({ team, effectiveCost, with: known }) => [
    printable(team ?? ""),
    amount(decimal(effectiveCost)),
    ...keys.map((key) => shareOf(known[key], effectiveCost, currency)),
  ]);
  const head = ["Teams that lack some", `EffectiveCost ${currency}`, ...keys];
  const left = named.length - shown.length;
  const more = left > 0 ? dim(`${moreTeams ? "more teams" : many(left, "more team")} in --json\n`) : "";
  return `\n${table(
    head,
    rows,
    head.map((_, index) => index > 0),
  )}${more}`;
}

/**
 * A part of a sum as a percentage, a dash for nothing; credits can make it no share at all, and then it is told as the amount it is.
 * @param part an exact decimal, or units of the 18th
 */
export function shareOf(part: string | bigint, whole: string, currency: string): string {
  const units = typeof part === "string" ? decimal(part) : part;
  if (units === 0n) return "–";
  const of = ratio({ units, currency }, { units: decimal(whole), currency });
  return of === undefined || of < 0 || of > 1 ? `${amount(units)} ${currency}` : share(of);
}
