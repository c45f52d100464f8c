import { addSums, NOTHING } from "./make-statement.ts";
import type { Statement, StatementScope, Sums } from "./statement.ts";

/** What the scopes of a statement add up to in one currency: invoiced and corrections make what is borne, column by column. */
export interface StatementSums {
  readonly currency: string;
  /** What the invoices of the month ask for. */
  readonly invoiced: Sums;
  /** What changed in closed months and is borne in this one. */
  readonly corrections: Sums;
  /** What all scopes bear together. */
  readonly borne: Sums;
  /** The sums of each column; that of shared cost is zero, since what one gives others get. */
  readonly parts: Pick<StatementScope, "direct" | "commitments" | "shared" | "credits">;
}

/** The sums of a statement, per currency in order of their names. */
export function addUp({ scopes, totals }: Statement): StatementSums[] {
  const currencies = [...new Set(scopes.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const its = scopes.filter((each) => each.currency === currency);
    const sum = (part: (scope: StatementScope) => Sums): Sums => its.map(part).reduce(addSums, NOTHING);
    return {
      currency,
      invoiced: totals.find((each) => each.currency === currency)?.sums ?? NOTHING,
      corrections: sum(({ corrections }) => corrections),
      borne: sum(({ total }) => total),
      parts: {
        direct: sum(({ direct }) => direct),
        commitments: sum(({ commitments }) => commitments),
        shared: sum(({ shared }) => shared),
        credits: sum(({ credits }) => credits),
      },
    };
  });
}
