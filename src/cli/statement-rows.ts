import { monthBefore, type MonthStatement } from "#flows/statements/month-statement.ts";
import { formatDecimal } from "#units/decimal.ts";
import { amount, count, many, share } from "./format.ts";
import { printable } from "./printable.ts";
import { formatInstant } from "#units/instant.ts";

type Scope = MonthStatement["statement"]["scopes"][number];
type Change = MonthStatement["changes"][number];
export type Sums = Scope["total"];

/** What nobody owns has a name of its own, and is always shown. */
const UNALLOCATED = "(unallocated)";

/** A scope as people see it; a team that bears the name of what nobody owns is told from it by quotes. */
export function scopeName(scope: string | null): string {
  if (scope === null) return UNALLOCATED;
  return scope.trim().toLowerCase() === UNALLOCATED ? `"${scope}"` : printable(scope);
}

/** A text, and the exact amount that it is of. */
export interface Cell {
  readonly text: string;
  readonly exact?: string;
}

/** An amount rounded for people: a dash where there is none at all, unknown where a charge is there and nobody states it. */
const costCell = (units: bigint | undefined, other: bigint | undefined): Cell =>
  units === undefined
    ? { text: other === undefined ? "–" : "unknown" }
    : { text: amount(units), exact: formatDecimal(units) };
export const effectiveCell = ({ effective, billed }: Sums): Cell => costCell(effective, billed);
export const billedCell = ({ effective, billed }: Sums): Cell => costCell(billed, effective);
export const textCell = (text: string): Cell => ({ text });

/** An exact decimal; null is unknown. */
export const exact = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);

/** A part of a whole for people; what is there is not shown as nothing. */
export const partText = (of: number): string => (of > 0 && of < 0.0005 ? "< 0.1%" : share(of));

const signedCell = (units: bigint, word = ""): Cell => ({
  text: `${units > 0n ? "+" : ""}${amount(units)}${word}`,
  exact: formatDecimal(units),
});

/** How EffectiveCost moved, with a word where one of the two months has no line. */
function changeCell(change: Change | undefined): Cell {
  const moved = change?.moved.effective;
  if (change === undefined || moved === undefined) return textCell("–");
  return signedCell(moved, change.kind === "both" ? "" : ` (${change.kind})`);
}

/** What a reader must know beside the numbers. */
export function remarksOf(asked: MonthStatement): string[] {
  const { open, notSplit, month, key, splits, closed, corrections, unknown } = asked;
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
  const alone = splits.some((split) => split.key === key)
    ? []
    : [
        "No split shares any cost of others: each bears its own. docs/statements.md shows how plimsoll.yaml declares splits.",
      ];
  return [...frozen, ...provisional, ...corrected, ...unstated, ...shareRemarks(asked), ...kept, ...alone];
}

/** A scope's part of what others gave away, of how much, and by which split. */
function shareRemarks({ shares = [], splits, key }: MonthStatement): string[] {
  return shares.map(({ from, currency, got, of }) => {
    const its = splits.filter((split) => split.key === key && split.from === from);
    const by = its.map(({ id, method, by }) =>
      method === "proportional" ? `${id} (proportional to ${by.replace(/^x_/, "")})` : `${id} (${method})`,
    );
    const part = of === 0n ? "" : ` (${partText(Number((got * 1_000_000n) / of) / 1_000_000)})`;
    return `Shared: ${amount(got)} of the ${amount(of)} ${currency}${part} that ${printable(from)} gives away, by split ${by.join(" and ")}.`;
  });
}

/** How commitments make the two costs differ, per currency; nothing where no commitment covers anything. */
export function commitmentRemarks({ sums, statement: { lines } }: MonthStatement): string[] {
  return sums.flatMap(({ currency, invoiced: { billed, effective } }) => {
    const of = (kind: string): bigint =>
      lines
        .filter((line) => line.currency === currency && line.kind === kind)
        .reduce((sum, line) => sum + (line.sums.effective ?? 0n), 0n);
    const [covered, unused] = [of("covered"), of("unused")];
    if ((covered === 0n && unused === 0n) || billed === undefined || effective === undefined) return [];
    const gap = effective - billed;
    const than =
      gap === 0n
        ? "equals BilledCost"
        : `is ${amount(gap < 0n ? -gap : gap)} ${currency} ${gap > 0n ? "above" : "below"} BilledCost`;
    return [
      `EffectiveCost ${than}: commitments are in it in the month they are used, ${amount(covered)} ${currency} for what they cover and ${amount(unused)} ${currency} that nobody used, and in BilledCost when they are paid.`,
    ];
  });
}

/** Every line of a statement, amounts exact. */
export function rowsOf({ month, statement }: MonthStatement) {
  return statement.lines.map(({ scope, kind, what, currency, charges, sums }) => ({
    month,
    scope,
    kind: kind as string,
    what,
    currency,
    effective: exact(sums.effective),
    billed: exact(sums.billed),
    charges,
  }));
}

/** The sums that all lines of a statement add up to, as rows of their own: invoiced and corrections make what is borne. */
export function sumRowsOf({ sums }: MonthStatement) {
  return sums.flatMap(({ currency, invoiced, corrections, borne }) => [
    { what: "invoiced", currency, sums: invoiced },
    ...(isNothing(corrections) ? [] : [{ what: "corrections", currency, sums: corrections }]),
    { what: "borne", currency, sums: borne },
  ]);
}

const isNothing = ({ billed, effective }: Sums): boolean => billed === undefined && effective === undefined;

/** A row of the summary. */
export interface SummaryRow {
  readonly cells: readonly Cell[];
  readonly currency: string;
  /** EffectiveCost in all; undefined where it is unknown or there is none. */
  readonly effective: bigint | undefined;
  /** scope: what one bears; unallocated: what nobody owns; gone: one that bore something the month before; sum: what the rows add up to. */
  readonly kind: "scope" | "unallocated" | "gone" | "sum";
}

/** The summary of a statement, the same in every form for people: a head, a row a scope, and the sums that these add up to. */
export interface Summary {
  readonly head: readonly string[];
  readonly rows: readonly SummaryRow[];
}

/** Columns are text up to the currency, amounts after it. */
export const SUMMARY_WORDS = 2;

/** Each scope, those that are gone since the month before, and the sums that they add up to. */
export function summaryOf(asked: MonthStatement): Summary {
  const corrected = asked.corrections.length > 0;
  const compared = asked.before !== undefined;
  const change = (scope: string | null, currency: string): Change | undefined =>
    asked.changes.find((each) => each.scope === scope && each.currency === currency);
  const row = (
    kind: SummaryRow["kind"],
    name: string,
    currency: string,
    [own, shared, credits, corrections, total]: readonly (Sums | undefined)[],
    moved: Cell,
  ): SummaryRow => {
    const cell = (sums: Sums | undefined): Cell => (sums === undefined ? textCell("") : effectiveCell(sums));
    return {
      kind,
      currency,
      effective: total?.effective,
      cells: [
        textCell(name),
        textCell(currency),
        cell(own),
        cell(shared),
        cell(credits),
        ...(corrected ? [cell(corrections)] : []),
        cell(total),
        total === undefined ? textCell("") : billedCell(total),
        ...(compared ? [moved] : []),
      ],
    };
  };
  const scopes = asked.statement.scopes.map((each) =>
    row(
      each.scope === null ? "unallocated" : "scope",
      scopeName(each.scope),
      each.currency,
      [each.direct, each.shared, each.credits, each.corrections, each.total],
      changeCell(change(each.scope, each.currency)),
    ),
  );
  const gone = asked.changes
    .filter(({ kind }) => kind === "gone")
    .map((each) =>
      row("gone", scopeName(each.scope), each.currency, [NONE, NONE, NONE, NONE, NONE], changeCell(each)),
    );
  const sums = asked.sums.flatMap(({ currency, invoiced, corrections, borne, parts }) => {
    const { direct, shared, credits } = parts;
    const moved = movedAll(asked, currency);
    if (isNothing(corrections))
      return [row("sum", "= Invoiced", currency, [direct, shared, credits, NONE, borne], moved)];
    return [
      row("sum", "Invoiced", currency, [direct, shared, credits, undefined, invoiced], textCell("")),
      row(
        "sum",
        "+ Corrections",
        currency,
        [undefined, undefined, undefined, corrections, corrections],
        textCell(""),
      ),
      row("sum", "= Borne", currency, [direct, shared, credits, corrections, borne], moved),
    ];
  });
  return {
    head: [
      asked.key,
      "Currency",
      "Own",
      "Shared",
      "Credits",
      ...(corrected ? ["Corrections"] : []),
      "EffectiveCost",
      "BilledCost",
      ...(compared ? [`vs ${monthBefore(asked.month)}`] : []),
    ],
    // What adds up stands together.
    rows: [...new Set([...scopes, ...gone].map(({ currency }) => currency))]
      .sort()
      .flatMap((currency) => [...scopes, ...gone, ...sums].filter((each) => each.currency === currency)),
  };
}

const NONE: Sums = { billed: undefined, effective: undefined };

/** The changes of all scopes together; a dash if one is unknown. */
function movedAll({ changes }: MonthStatement, currency: string): Cell {
  const its = changes.filter((each) => each.currency === currency).map(({ moved }) => moved.effective);
  if (its.some((moved) => moved === undefined)) return textCell("–");
  return signedCell(its.reduce<bigint>((sum, moved) => sum + (moved ?? 0n), 0n));
}

/** A number of charges; nothing where a line has none of its own. */
export const chargesText = (charges: number): string => (charges === 0 ? "" : count(charges));
