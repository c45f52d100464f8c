import type { Correction, Statement, Sums } from "./statement.ts";

/** A month whose statement was closed, as it was closed and as it would be now. */
export interface ClosedMonth {
  readonly month: string;
  readonly closed: Pick<Statement, "scopes">;
  readonly now: Pick<Statement, "scopes">;
}

/**
 * What changed in a closed month and is in no closed statement yet: what it would say now, less what it said, less what was corrected since.
 * @param booked corrections that later closed statements hold
 */
export function correctionsOf(
  { month, closed, now }: ClosedMonth,
  booked: readonly Correction[],
): Correction[] {
  const left = new Map<string, Correction>();
  const add = (scope: string | null, currency: string, sums: Sums, sign: bigint): void => {
    const id = JSON.stringify([scope, currency]);
    const before = left.get(id)?.sums ?? { billed: 0n, effective: 0n };
    const sum = (a: bigint | undefined, b: bigint | undefined): bigint => (a ?? 0n) + sign * (b ?? 0n);
    const both = {
      billed: sum(before.billed, sums.billed),
      effective: sum(before.effective, sums.effective),
    };
    left.set(id, { month, scope, currency, sums: both });
  };
  // What a closed statement itself corrected of earlier months is no part of its own month.
  const own = ({ total, corrections }: Statement["scopes"][number]): Sums => ({
    billed: (total.billed ?? 0n) - (corrections.billed ?? 0n),
    effective: (total.effective ?? 0n) - (corrections.effective ?? 0n),
  });
  for (const each of now.scopes) add(each.scope, each.currency, own(each), 1n);
  for (const each of closed.scopes) add(each.scope, each.currency, own(each), -1n);
  for (const each of booked.filter((correction) => correction.month === month))
    add(each.scope, each.currency, each.sums, -1n);
  return [...left.values()].filter(({ sums }) => sums.billed !== 0n || sums.effective !== 0n);
}
