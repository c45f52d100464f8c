import { DEFAULT_GATE } from "#facts/attribution.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { SourceHealth } from "./source-health.ts";

/** Whether enough of what was billed has a team for its optimisation to be more than a guess. */
export interface AttributionGate {
  /** Per cent of BilledCost that must name a team. */
  readonly percent: number;
  readonly currencies: readonly {
    readonly currency: string;
    readonly billedCost: string;
    readonly withTeam: string;
    readonly passed: boolean;
  }[];
}

/** Adds up what the invoices' sources say, per currency. Where nothing was billed there is nothing to attribute. */
export function attributionGate(
  sources: readonly SourceHealth[],
  percent: number = DEFAULT_GATE,
): AttributionGate {
  const sums = new Map<string, { billed: bigint; without: bigint }>();
  for (const { role, unattributed } of sources) {
    if (role !== "invoice") continue;
    for (const { currency, billedCost, withoutTeam } of unattributed) {
      const before = sums.get(currency) ?? { billed: 0n, without: 0n };
      sums.set(currency, {
        billed: before.billed + decimal(billedCost),
        without: before.without + decimal(withoutTeam),
      });
    }
  }
  const currencies = [...sums].map(([currency, { billed, without }]) => ({
    currency,
    billedCost: formatDecimal(billed),
    withTeam: formatDecimal(billed - without),
    passed: billed <= 0n || (billed - without) * 100n >= billed * BigInt(percent),
  }));
  return { percent, currencies: currencies.sort((a, b) => (a.currency < b.currency ? -1 : 1)) };
}
