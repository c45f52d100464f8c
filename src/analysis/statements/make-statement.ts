import { type CostRow, valueOf } from "#facts/cost-row.ts";
import { addKnown } from "#units/decimal.ts";
import { allocateUnits } from "#units/money.ts";
import type { Correction, Line, Statement, StatementScope, Sums } from "./statement.ts";

/** Who bears an origin's cost, and weights in the ratio of their parts. */
export interface Bearers {
  readonly bearers: readonly string[];
  readonly weights: readonly bigint[];
}

/**
 * Puts a statement together. Every unit of the rows is in exactly one scope's total: what a split gives away leaves its source as a line
 * below zero and arrives as lines of its bearers.
 * @param rows by scope, what was bought, charge category and commitment discount status; the first two sums are BilledCost and EffectiveCost
 * @param bearersOf who bears a scope's cost in a currency in the end; undefined where it bears it itself
 * @param corrections of closed months that are borne in this one
 */
export function makeStatement(
  rows: readonly CostRow[],
  bearersOf: (scope: string, currency: string) => Bearers | undefined,
  corrections: readonly Correction[] = [],
): Statement {
  const lines = rows.map(directLine);
  const shared = own(lines).flatMap(({ scope, currency, sums }) => {
    const split = scope === null ? undefined : bearersOf(scope, currency);
    return scope === null || split === undefined ? [] : sharedLines(scope, currency, sums, split);
  });
  const all = [...lines, ...shared, ...corrections.map(correctionLine)];
  return { lines: all, scopes: scopesOf(all), totals: totalsOf(lines) };
}

const kinds: ReadonlyMap<string, Line["kind"]> = new Map([
  ["Usage", "usage"],
  ["Purchase", "purchase"],
  ["Tax", "tax"],
  ["Credit", "credit"],
  ["Adjustment", "adjustment"],
]);

/** FOCUS's CommitmentDiscountStatus of usage. */
const committed: ReadonlyMap<string, Line["kind"]> = new Map([
  ["Used", "covered"],
  ["Unused", "unused"],
]);

function directLine(row: CostRow): Line {
  const [scope = null, what = null, category = null, status = null] = row.keys;
  const kind = kinds.get(category ?? "") ?? "usage";
  return {
    scope,
    kind: kind === "usage" ? (committed.get(status ?? "") ?? kind) : kind,
    what: what ?? "not named",
    currency: row.currency,
    charges: row.charges,
    sums: { billed: valueOf(row, 0), effective: valueOf(row, 1) },
  };
}

interface Own {
  readonly scope: string | null;
  readonly currency: string;
  readonly sums: Sums;
}

function own(lines: readonly Line[]): Own[] {
  const all = new Map<string, Own>();
  for (const { scope, currency, sums } of lines) {
    const id = JSON.stringify([scope, currency]);
    all.set(id, { scope, currency, sums: addSums(all.get(id)?.sums ?? NOTHING, sums) });
  }
  return [...all.values()];
}

/** The sum of no charges. */
export const NOTHING: Sums = { billed: undefined, effective: undefined };

/** Unknown and known make the known: the statement says beside it what is unknown. */
export const addSums = (a: Sums, b: Sums): Sums => ({
  billed: addKnown(a.billed, b.billed),
  effective: addKnown(a.effective, b.effective),
});

function sharedLines(origin: string, currency: string, sums: Sums, { bearers, weights }: Bearers): Line[] {
  const part = (units: bigint | undefined): (bigint | undefined)[] =>
    units === undefined ? bearers.map(() => undefined) : allocateUnits(units, weights);
  const [billed, effective] = [part(sums.billed), part(sums.effective)];
  const given: Line = {
    scope: origin,
    kind: "given",
    what: "given to those who share it",
    currency,
    charges: 0,
    sums: { billed: negative(sums.billed), effective: negative(sums.effective) },
  };
  const got = bearers.map((scope, index): Line => ({
    scope,
    kind: "shared",
    what: origin,
    currency,
    charges: 0,
    sums: { billed: billed[index], effective: effective[index] },
  }));
  return [given, ...got];
}

const negative = (units: bigint | undefined): bigint | undefined =>
  units === undefined ? undefined : -units;

function scopesOf(lines: readonly Line[]): StatementScope[] {
  const all = new Map<string, StatementScope>();
  for (const { scope, currency, kind, sums } of lines) {
    const id = JSON.stringify([scope, currency]);
    const before = all.get(id) ?? {
      scope,
      currency,
      direct: NOTHING,
      commitments: NOTHING,
      credits: NOTHING,
      shared: NOTHING,
      corrections: NOTHING,
      total: NOTHING,
    };
    const part = partOf(kind);
    const isCommitment = kind === "covered" || kind === "unused";
    all.set(id, {
      ...before,
      ...(isCommitment ? { commitments: addSums(before.commitments, sums) } : {}),
      [part]: addSums(before[part], sums),
      total: addSums(before.total, sums),
    });
  }
  return [...all.values()].sort(inOrder);
}

type Part = "direct" | "credits" | "shared" | "corrections";
const parts: Readonly<Partial<Record<Line["kind"], Part>>> = {
  credit: "credits",
  shared: "shared",
  given: "shared",
  correction: "corrections",
};
const partOf = (kind: Line["kind"]): Part => parts[kind] ?? "direct";

const correctionLine = ({ month, scope, currency, sums }: Correction): Line => ({
  scope,
  kind: "correction",
  what: month,
  currency,
  charges: 0,
  sums,
});

/** By currency, costliest first, what nobody owns last. */
function inOrder(a: StatementScope, b: StatementScope): number {
  if (a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
  if ((a.scope === null) !== (b.scope === null)) return a.scope === null ? 1 : -1;
  const [x, y] = [a.total.effective ?? a.total.billed ?? 0n, b.total.effective ?? b.total.billed ?? 0n];
  if (x !== y) return x > y ? -1 : 1;
  return (a.scope ?? "") < (b.scope ?? "") ? -1 : 1;
}

function totalsOf(lines: readonly Line[]): Statement["totals"] {
  const all = new Map<string, Sums>();
  for (const { currency, sums } of lines) all.set(currency, addSums(all.get(currency) ?? NOTHING, sums));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sums]) => ({ currency, sums }));
}
