import type { Statement, StatementScope, Sums } from "./statement.ts";

/** How what a scope bears in a currency moved against the month before. */
export interface ScopeChange {
  readonly scope: string | null;
  readonly currency: string;
  /** new: it bore nothing the month before; gone: it bears nothing any more. */
  readonly kind: "both" | "new" | "gone";
  /** undefined where the scope has no line in that month, or no charge states a value. */
  readonly before: Sums;
  /** Now less before; a scope without a line bears nothing. undefined where one of the two is unknown. */
  readonly moved: Sums;
}

/** Each scope of either month once per currency: those of now in their order, then those that are gone in the order that they had. */
export function compareMonths(
  now: Pick<Statement, "scopes">,
  before: Pick<Statement, "scopes">,
): ScopeChange[] {
  const same = (a: StatementScope, b: StatementScope): boolean =>
    a.scope === b.scope && a.currency === b.currency;
  const here = now.scopes.map((each): ScopeChange => {
    const then = before.scopes.find((other) => same(each, other));
    return changeOf(each, then === undefined ? "new" : "both", then?.total, each.total);
  });
  const gone = before.scopes
    .filter((then) => !now.scopes.some((each) => same(each, then)) && boreAnything(then))
    .map((then) => changeOf(then, "gone", then.total, undefined));
  return [...here, ...gone];
}

/** One that gave all it had away was not there to bear anything. */
const boreAnything = ({ total }: StatementScope): boolean =>
  (total.billed ?? 0n) !== 0n || (total.effective ?? 0n) !== 0n;

function changeOf(
  { scope, currency }: StatementScope,
  kind: ScopeChange["kind"],
  before: Sums | undefined,
  now: Sums | undefined,
): ScopeChange {
  const less = (measure: keyof Sums): bigint | undefined => {
    const [a, b] = [now, before].map((sums) => (sums === undefined ? 0n : sums[measure]));
    return a === undefined || b === undefined ? undefined : a - b;
  };
  return {
    scope,
    currency,
    kind,
    before: before ?? { billed: undefined, effective: undefined },
    moved: { billed: less("billed"), effective: less("effective") },
  };
}
