import type { Kpi, KpiUnit } from "#analysis/bridge/compare-kpis.ts";
import { unitCost } from "#analysis/bridge/unit-cost.ts";
import { decimal, divideRounded, ONE } from "#units/decimal.ts";

/** What rows of KPIs are of. */
export const kpiKeys = ["workload", "team", "environment", "model", "customer"] as const;
export type KpiKey = (typeof kpiKeys)[number];

/** Everything that is known of one workload, team, … in a time. */
export interface KpiRow {
  /** null: what nobody is named for. */
  readonly key: string | null;
  /** In the order in which they are shown. */
  readonly kpis: readonly Kpi[];
}

/** KPIs of one kind by key. */
export type KpisByKey = ReadonlyMap<string | null, readonly Kpi[]>;

export const quantity = (
  id: string,
  what: string,
  value: bigint | undefined,
  better: Kpi["better"] = "neither",
): Kpi => ({ id, unit: { of: "quantity", what }, better, value });

export const cost = (id: string, currency: string, value: bigint | undefined): Kpi => ({
  id,
  unit: { of: "cost", currency },
  better: "neither",
  value,
});

/** The KPI that is everything it cost in a currency. */
export const WHOLE_COST = "cost";
/** The KPI that is what calls cost by their prices: no part of a bill, though often the same money. */
export const METERED_COST = "cost of calls";

/** What one of something costs; unknown where cost or volume is, or where nothing happened. */
export function costPer(
  id: string,
  unit: Omit<Extract<KpiUnit, { of: "unit-cost" }>, "of">,
  amount: bigint | undefined,
  volume: bigint | undefined,
  incomplete = false,
): Kpi {
  const found = unitCost({ cost: amount, incomplete, volume, per: unit.per });
  return {
    id,
    unit: { of: "unit-cost", ...unit },
    better: "lower",
    value: found.kind === "known" ? found.cost : undefined,
    volume,
  };
}

/** A whole number at the 18th decimal. */
export const whole = (value: number): bigint => BigInt(value) * ONE;
/** A measured number at the 18th decimal; it has no more than nine that mean anything. */
export const measured = (value: number | undefined): bigint | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : decimal(value.toFixed(9));
/** A part of a whole at the 18th decimal. */
export const shareOf = (part: number, all: number): bigint | undefined =>
  all === 0 ? undefined : divideRounded(whole(part), BigInt(all), "half-even");
