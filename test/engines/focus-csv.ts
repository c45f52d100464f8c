import type { ChargeColumn } from "#facts/charge-columns.ts";
import { csv } from "../imports/csv.ts";

/** A charge of a fixture: the columns that make the point. Cells are written as they are; an absent one is empty. */
export type FixtureRow = Partial<Record<ChargeColumn | `x_${string}`, string>>;

/**
 * Rows as a FOCUS CSV. A row without its own gets: USD, the billing period of July 2026, one hour from 2026-07-01, category Usage.
 * EffectiveCost, ContractedCost and ListCost are BilledCost unless the row names them; `""` leaves a cell empty.
 */
export function focusCsv(rows: readonly FixtureRow[]): string {
  return csv(rows.map(filled));
}

/** A row with every default written out. */
export function filled(row: FixtureRow): Record<string, string> {
  const { ChargePeriodStart = "2026-07-01T00:00:00Z", BilledCost = "0" } = row;
  const month = ChargePeriodStart.slice(0, 7);
  return {
    BilledCost,
    EffectiveCost: BilledCost,
    ContractedCost: BilledCost,
    ListCost: BilledCost,
    BillingCurrency: "USD",
    BillingPeriodStart: `${month}-01T00:00:00Z`,
    BillingPeriodEnd: nextMonth(row.BillingPeriodStart ?? `${month}-01T00:00:00Z`),
    ChargePeriodStart,
    ChargePeriodEnd: new Date(Date.parse(ChargePeriodStart) + 3_600_000).toISOString(),
    ChargeCategory: "Usage",
    ...row,
  };
}

function nextMonth(start: string): string {
  const date = new Date(start);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)).toISOString();
}
