export const header =
  "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,Tags";

const cells = {
  BilledCost: "1.5",
  EffectiveCost: "1.5",
  ListCost: "1.5",
  ContractedCost: "1.5",
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: "2026-07-01T00:00:00Z",
  ChargePeriodEnd: "2026-07-01T01:00:00Z",
  ChargeCategory: "Usage",
  ServiceName: "Compute",
  Tags: "{}",
};

export type Column = keyof typeof cells;

/** A line of the CSV, with some cells written otherwise. */
export const line = (changed: Partial<Record<Column, string>> = {}): string =>
  Object.values({ ...cells, ...changed }).join(",");

/** A CSV of a header and lines. */
export const csv = (...lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;

/** Charges of July 2026 with these BilledCosts, as a CSV. */
export const july = (...costs: readonly string[]): string =>
  csv(...costs.map((BilledCost) => line({ BilledCost })));
