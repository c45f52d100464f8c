import type { AttributionKey } from "#facts/attribution-keys.ts";
import { monthBefore, type MonthStatement } from "#flows/statements/month-statement.ts";
import { ratio } from "#units/money.ts";
import { amount, count } from "./format.ts";
import { printable } from "./printable.ts";
import { partText, scopeName } from "./statement-rows.ts";

type Change = MonthStatement["changes"][number];

const names = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** A month as people call it: July 2026. */
export const monthName = (month: string): string =>
  `${names[Number(month.slice(5)) - 1] ?? month} ${month.slice(0, 4)}`;

/** What a key's values are called when there are several of them. */
const plurals: Readonly<Record<AttributionKey, readonly [one: string, several: string]>> = {
  team: ["team", "teams"],
  owner: ["owner", "owners"],
  environment: ["environment", "environments"],
  workload: ["workload", "workloads"],
  workloadType: ["workload type", "workload types"],
  model: ["model", "models"],
  costCenter: ["cost centre", "cost centres"],
  customer: ["customer", "customers"],
};
/** A key as a word. */
export const keyName = (key: AttributionKey): string => plurals[key][0];

/**
 * The answer of a statement in one sentence: who bears how much, how that moved, and what nobody owns.
 * @param scope the one that the statement is narrowed to, null for what nobody owns; undefined for all
 */
export function statementSentence(asked: MonthStatement, scope: string | null | undefined): string {
  return scope === undefined ? ofAll(asked) : ofOne(asked, scope);
}

function ofAll({ statement: { scopes }, sums, changes, month, key, before }: MonthStatement): string {
  const bearing = scopes.filter(({ total }) => (total.effective ?? 0n) !== 0n || (total.billed ?? 0n) !== 0n);
  const owners = new Set(bearing.flatMap(({ scope }) => (scope === null ? [] : [scope]))).size;
  const [one, several] = plurals[key];
  const borne = sums.map(({ currency, borne: { effective } }, index) => {
    const moved = changes.filter((each) => each.currency === currency);
    const against = index === 0 ? month : undefined;
    return `${cost(effective, currency)}${before === undefined ? "" : movedText(moved, against)}`;
  });
  const nobodys = scopes
    .filter(({ scope }) => scope === null)
    .map(({ currency, total }) => {
      const whole = sums.find((each) => each.currency === currency)?.borne.effective;
      return `${cost(total.effective, currency)}${partOf(total.effective, whole, currency)}`;
    });
  const who = owners === 0 ? "" : `, borne by ${count(owners)} ${owners === 1 ? one : several}`;
  const rest = nobodys.length === 0 ? "; all of it has an owner" : `; nobody owns ${listed(nobodys)} of it`;
  return `${monthName(month)} cost ${listed(borne)}${who}${rest}.`;
}

function ofOne(
  { statement: { scopes }, changes, month, before }: MonthStatement,
  scope: string | null,
): string {
  const who = scope === null ? "Nobody" : scopeName(scope);
  const borne = scopes.map(({ currency, total }, index) => {
    const moved = changes.filter((each) => each.currency === currency);
    const against = index === 0 ? month : undefined;
    return `${cost(total.effective, currency)}${before === undefined ? "" : movedText(moved, against)}`;
  });
  const gone = changes.filter(({ kind }) => kind === "gone");
  const left = gone.map(
    ({ currency, before: then }) => `${cost(then.effective, currency)} of ${monthName(monthBefore(month))}`,
  );
  if (borne.length === 0) return `${who} bears nothing of ${monthName(month)}, after ${listed(left)}.`;
  return `${who} ${scope === null ? "owns" : "bears"} ${listed(borne)} of ${monthName(month)}.`;
}

const cost = (units: bigint | undefined, currency: string): string =>
  units === undefined
    ? `an unknown cost in ${printable(currency)}`
    : `${amount(units)} ${printable(currency)}`;

/**
 * How the changes together moved, in brackets; nothing where one of them is unknown.
 * @param month whose month before is named; it is named once in a sentence
 */
function movedText(changes: readonly Change[], month: string | undefined): string {
  if (changes.some(({ moved }) => moved.effective === undefined)) return "";
  const moved = changes.reduce((sum, each) => sum + (each.moved.effective ?? 0n), 0n);
  const against = month === undefined ? "" : ` against ${monthName(monthBefore(month))}`;
  return ` (${moved > 0n ? "+" : ""}${amount(moved)}${against})`;
}

function partOf(part: bigint | undefined, whole: bigint | undefined, currency: string): string {
  if (part === undefined || whole === undefined) return "";
  const of = ratio({ units: part, currency }, { units: whole, currency });
  return of === undefined || of < 0 || of > 1 ? "" : ` (${partText(of)})`;
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? "nothing") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
