import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { printable } from "./printable.ts";
import {
  billedCell,
  type Cell,
  chargesText,
  effectiveCell,
  scopeName,
  type Sums,
  textCell,
} from "./statement-rows.ts";

type Line = MonthStatement["statement"]["lines"][number];
type Scope = MonthStatement["statement"]["scopes"][number];

/** A row of what a scope bears: a line, a sum of the lines above it, or what of that sum is of a kind. */
export interface DetailRow {
  readonly kind: "line" | "sum" | "part" | "total";
  /** What it is, what it is of, currency, EffectiveCost, BilledCost, charges. */
  readonly currency: string;
  readonly cells: readonly Cell[];
}

/** Head of the rows; the first three columns are text. */
export const DETAIL_HEAD = ["What", "Kind", "Currency", "EffectiveCost", "BilledCost", "Charges"] as const;
export const DETAIL_WORDS = 3;

const kindNames: Readonly<Record<Line["kind"], string>> = {
  usage: "usage",
  covered: "covered by a commitment",
  unused: "commitment, unused",
  purchase: "purchase",
  tax: "tax",
  credit: "credit",
  adjustment: "adjustment",
  shared: "shared by",
  given: "given away",
  correction: "correction",
};

const groups: readonly {
  readonly sum: string;
  readonly kinds: readonly Line["kind"][];
  readonly of: (scope: Scope) => Sums;
}[] = [
  {
    sum: "Own cost",
    kinds: ["usage", "covered", "unused", "purchase", "tax", "adjustment"],
    of: ({ direct }) => direct,
  },
  { sum: "Credits", kinds: ["credit"], of: ({ credits }) => credits },
  { sum: "Shared cost", kinds: ["shared", "given"], of: ({ shared }) => shared },
  { sum: "Corrections", kinds: ["correction"], of: ({ corrections }) => corrections },
];

/**
 * What one scope bears, in each currency: its lines, the costliest first, with a sum below each group, of what commitments cover where there is
 * any, and the total that the sums add up to.
 * @param scope null for what nobody owns
 */
export function detailOf({ statement }: MonthStatement, scope: string | null): DetailRow[] {
  return statement.scopes
    .filter((each) => each.scope === scope)
    .flatMap((each) => {
      const own = statement.lines.filter((line) => line.scope === scope && line.currency === each.currency);
      const filled = groups
        .map((group) => ({
          ...group,
          lines: own.filter(({ kind }) => group.kinds.includes(kind)).sort(bySize),
        }))
        .filter(({ lines }) => lines.length > 0);
      const grouped = filled.flatMap(({ sum, of, lines }) => [
        ...lines.map(lineRow),
        // Where there is one group, the total is its sum.
        ...(filled.length > 1 ? [sumRow("sum", sum, each.currency, of(each))] : []),
        ...(sum === "Own cost" ? commitmentRow(each) : []),
      ]);
      return [...grouped, sumRow("total", `Total of ${scopeName(scope)}`, each.currency, each.total)];
    });
}

const lineRow = ({ kind, what, currency, charges, sums }: Line): DetailRow => ({
  kind: "line",
  currency,
  cells: [
    ...[printable(what), kindNames[kind], currency].map(textCell),
    effectiveCell(sums),
    billedCell(sums),
    textCell(chargesText(charges)),
  ],
});

const sumRow = (
  kind: Exclude<DetailRow["kind"], "line">,
  name: string,
  currency: string,
  sums: Sums,
): DetailRow => ({
  kind,
  currency,
  cells: [...[name, "", currency].map(textCell), effectiveCell(sums), billedCell(sums), textCell("")],
});

/** Commitments are why the two costs differ, so what of the own cost they are has a sum of its own. */
const commitmentRow = ({ currency, commitments }: Scope): DetailRow[] =>
  commitments.billed === undefined && commitments.effective === undefined
    ? []
    : [sumRow("part", "of that, commitments", currency, commitments)];

function bySize(a: Line, b: Line): number {
  const size = ({ sums: { effective, billed } }: Line): bigint => {
    const units = effective ?? billed ?? 0n;
    return units < 0n ? -units : units;
  };
  const [x, y] = [size(a), size(b)];
  if (x !== y) return x > y ? -1 : 1;
  return a.what === b.what ? (a.kind < b.kind ? -1 : 1) : a.what < b.what ? -1 : 1;
}
