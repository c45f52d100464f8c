import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { amount, count, many } from "./format.ts";

type Scope = MonthStatement["statement"]["scopes"][number];
type Sums = Scope["total"];

/** What nobody owns has a name of its own, and is always shown. */
export const UNALLOCATED = "(unallocated)";
export const scopeName = (scope: string | null): string => scope ?? UNALLOCATED;

/** Effective cost, rounded for people; a dash where a scope has none, unknown where it can't be known. */
export const total = (sums: Sums): string =>
  sums.effective === undefined ? (sums.billed === undefined ? "–" : "unknown") : amount(sums.effective);

/** How a scope's cost moved against the month before. */
function changeOf({ before }: MonthStatement, { scope, currency, total: now }: Scope): string {
  if (before === undefined || now.effective === undefined) return "–";
  const then = before.scopes.find((each) => each.scope === scope && each.currency === currency);
  if (then === undefined) return "new";
  if (then.total.effective === undefined) return "–";
  const moved = now.effective - then.total.effective;
  return moved > 0n ? `+${amount(moved)}` : amount(moved);
}

/** What a reader must know beside the numbers. */
export function remarksOf({ open, notSplit, month, closed, corrections, unknown }: MonthStatement): string[] {
  const frozen =
    closed === undefined
      ? []
      : [
          `Closed on ${formatInstant(closed.at).slice(0, 10)} by ${closed.by}; SHA-256 ${closed.hash}. What was restated since is a correction in the next statement.`,
        ];
  const corrected = [...new Set(corrections.map((each) => each.month))].map(
    (each) => `Holds corrections of ${each}, whose statement was closed before it was restated.`,
  );
  const provisional =
    closed !== undefined || open.length === 0
      ? []
      : [
          `Provisional: ${open.map(({ source }) => source).join(", ")} ${open.length === 1 ? "is" : "are"} still open for ${month} and may be restated.`,
        ];
  const unstated =
    unknown === 0 ? [] : [`EffectiveCost is unknown for ${many(unknown, "charge")}; sums leave them out.`];
  const kept = notSplit.map(({ split, why, currency }) =>
    why === "no-source"
      ? `Split ${split.id} shares nothing in ${currency}: ${split.from} has no cost in it.`
      : why === "no-target"
        ? `${split.from} keeps its cost in ${currency}: split ${split.id} has nobody to give it to.`
        : `${split.from} keeps its cost in ${currency}: nobody that split ${split.id} gives to has any ${split.by}.`,
  );
  return [...frozen, ...provisional, ...corrected, ...unstated, ...kept];
}

/** Every line of a statement, amounts exact and for people. */
export function rowsOf({ month, key, statement }: MonthStatement) {
  return statement.lines.map(({ scope, kind, what, currency, charges, sums }) => ({
    month,
    key,
    scope: scopeName(scope),
    kind,
    what,
    currency,
    effective: exact(sums.effective),
    billed: exact(sums.billed),
    effectiveShort: sums.effective === undefined ? "unknown" : amount(sums.effective),
    billedShort: sums.billed === undefined ? "unknown" : amount(sums.billed),
    charges: charges === 0 ? "" : count(charges),
    chargeCount: charges,
  }));
}

/** An exact decimal; null is unknown. */
export const exact = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);

/** The summary of a statement, the same in every form for people: a head, a row a scope, and the sums that these add up to. */
export interface Summary {
  readonly head: readonly string[];
  readonly scopes: readonly (readonly string[])[];
  readonly sums: readonly (readonly string[])[];
}

/** Columns are text up to the currency, amounts after it. */
export const SUMMARY_WORDS = 2;

export function summaryOf(asked: MonthStatement): Summary {
  const corrected = asked.corrections.length > 0;
  const billed = (sums: Sums): string => (sums.billed === undefined ? "unknown" : amount(sums.billed));
  const sumRow = (what: string, currency: string, sums: Sums): string[] => [
    what,
    currency,
    ...Array.from({ length: corrected ? 4 : 3 }, () => ""),
    total(sums),
    "",
    billed(sums),
  ];
  return {
    head: [
      asked.key,
      "Currency",
      "Own",
      "Shared",
      "Credits",
      ...(corrected ? ["Corrections"] : []),
      "EffectiveCost",
      "Month before",
      "BilledCost",
    ],
    scopes: asked.statement.scopes.map((each) => [
      scopeName(each.scope),
      each.currency,
      total(each.direct),
      total(each.shared),
      total(each.credits),
      ...(corrected ? [total(each.corrections)] : []),
      total(each.total),
      changeOf(asked, each),
      billed(each.total),
    ]),
    sums: asked.statement.totals.map(({ currency, sums }) => sumRow("Invoiced", currency, sums)),
  };
}
