import { formatDecimal } from "#units/decimal.ts";
import { DEFAULT_GATE } from "./attribution.ts";

/** What was billed in a currency, and what of it names no team, in units of the 18th decimal. */
export interface Attributable {
  readonly currency: string;
  readonly billed: bigint;
  readonly withoutTeam: bigint;
}

/** Whether enough of what was billed has a team for its optimisation to be more than a guess. */
export interface AttributionGate {
  /** Per cent of BilledCost that must name a team. */
  readonly percent: number;
  readonly currencies: readonly {
    readonly currency: string;
    /** Exact decimals. */
    readonly billedCost: string;
    readonly withTeam: string;
    readonly passed: boolean;
  }[];
}

/** Adds up what was billed, per currency. Where nothing was billed there is nothing to attribute. */
export function attributionGate(
  parts: readonly Attributable[],
  percent: number = DEFAULT_GATE,
): AttributionGate {
  const sums = new Map<string, Attributable>();
  for (const { currency, billed, withoutTeam } of parts) {
    const before = sums.get(currency);
    sums.set(currency, {
      currency,
      billed: (before?.billed ?? 0n) + billed,
      withoutTeam: (before?.withoutTeam ?? 0n) + withoutTeam,
    });
  }
  const currencies = [...sums.values()].map(({ currency, billed, withoutTeam }) => ({
    currency,
    billedCost: formatDecimal(billed),
    withTeam: formatDecimal(billed - withoutTeam),
    passed: billed <= 0n || (billed - withoutTeam) * 100n >= billed * BigInt(percent),
  }));
  return { percent, currencies: currencies.sort((a, b) => (a.currency < b.currency ? -1 : 1)) };
}

/**
 * True where a finding that would save money in this currency comes too early: too little of what was billed names a team, so there is nobody
 * to save it and no telling whose it is. What is counted, shown and explained is never premature, only what asks people to act.
 * @param currency that the finding's saving is in; one that nothing was billed in is never premature
 */
export const isPremature = ({ currencies }: Pick<AttributionGate, "currencies">, currency: string): boolean =>
  currencies.some((each) => each.currency === currency && !each.passed);
