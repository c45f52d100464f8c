import { formatInstant } from "#units/instant.ts";

/** Cells of a delivered row; what is not named is empty. */
export type Cells = Readonly<Record<string, string>>;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const JULY = Date.UTC(2026, 6, 1);

export const node = (number: number): string => `i-0abcdef${String(number).padStart(8, "0")}`;

/** A row of July 2026 between two times, ms from its first midnight. */
export function row(from: number, to: number, cost: string | null, more: Cells = {}): Cells {
  const amount = cost ?? "";
  return {
    BilledCost: amount === "" ? "0" : amount,
    EffectiveCost: amount,
    ContractedCost: amount,
    ListCost: amount,
    BillingCurrency: "USD",
    BillingPeriodStart: "2026-07-01T00:00:00Z",
    BillingPeriodEnd: "2026-08-01T00:00:00Z",
    ChargePeriodStart: formatInstant(JULY + from),
    ChargePeriodEnd: formatInstant(JULY + to),
    ChargeCategory: "Usage",
    ServiceName: "Compute",
    ...more,
  };
}

/** An hour of a node, as a bill has it; its owner is the team platform. */
export const charge = (hour: number, cost: string, more: Cells = {}): Cells =>
  row(hour * HOUR, (hour + 1) * HOUR, cost, {
    ResourceId: node(1),
    PricingQuantity: "1",
    PricingUnit: "Hours",
    ConsumedQuantity: "1",
    ConsumedUnit: "Hours",
    Tags: `{"team":"platform"}`,
    ...more,
  });

/** What a workload used of a node in an hour; of its namespace's team. */
export const used = (hour: number, workload: string, weight: string, more: Cells = {}): Cells =>
  row(hour * HOUR, (hour + 1) * HOUR, weight, {
    ResourceId: node(1),
    AllocatedResourceId: `prod/${workload}/Deployment/${workload}`,
    AllocatedResourceName: workload,
    AllocatedTags: JSON.stringify({ team: workload }),
    ...more,
  });

/** What nobody used of a node in an hour. */
export const unused = (hour: number, weight: string, more: Cells = {}): Cells =>
  row(hour * HOUR, (hour + 1) * HOUR, weight, { ResourceId: node(1), x_IdleKind: "unallocated", ...more });
