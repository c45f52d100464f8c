import { decimal } from "#units/decimal.ts";
import type { Meter, Resource } from "./model.ts";
import { TOTAL_HOURS } from "./clock.ts";
import { WHOLE } from "./estate.ts";
import { planRates } from "./prices.ts";
import { sku } from "./sku.ts";

/** An EC2 Instance Savings Plan for the m6i family: so much a month, used or not. */
export interface SavingsPlan {
  readonly id: string;
  readonly name: string;
  /** Commitment per hour in millionths of a dollar. */
  readonly microPerHour: number;
  /** Stands for the plan itself on purchase and unused rows. */
  readonly meter: Meter;
}

const UNUSED_SHARE = 0.2;

/** Dollars per hour, at scale 18, that a covered hour of this meter takes from the plan; undefined if it isn't covered. */
export function planRate(meter: Meter): bigint | undefined {
  if (meter.planEligible !== true) return undefined;
  const type = String(meter.sku.details.InstanceType);
  const rate = planRates[type as keyof typeof planRates] as string | undefined;
  return rate === undefined ? undefined : decimal(rate);
}

/**
 * The plan that someone bought for these meters in spring: more than the machines that always run, to the cent where 20 % is unused.
 * Only whole hours of whole machines are covered, so that the books balance without a rounding.
 */
export function boughtPlan(meters: readonly Meter[], resource: Resource): SavingsPlan {
  const demand = hourlyDemand(meters);
  const always = Math.min(...demand.map((rates) => rates.reduce((a, b) => a + b, 0)));
  let cents = Math.ceil(always / 10_000);
  while (cents < 100_000 && unusedShare(demand, cents * 10_000) < UNUSED_SHARE) cents++;
  const text = {
    service: "Savings Plans for AWS Compute usage",
    category: "Compute",
    subcategory: "Virtual Machines",
    meter: "ComputeSP:1yrNoUpfront",
    unit: "USD",
    description: "1 year No Upfront EC2 Instance Savings Plan, m6i",
  } as const;
  const meter: Meter = {
    resource,
    sku: sku(resource.account.source, text, "1"),
    cadence: "hour",
    from: 0,
    until: TOTAL_HOURS,
    micro: () => 0,
  };
  return { id: resource.id, name: resource.name, microPerHour: cents * 10_000, meter };
}

/** For each hour the plan rates, in micro-dollars, of the machines that could use the plan. */
function hourlyDemand(meters: readonly Meter[]): number[][] {
  const demand: number[][] = Array.from({ length: TOTAL_HOURS }, () => []);
  for (const meter of meters) {
    const rate = planRate(meter);
    if (rate === undefined) continue;
    const micro = Number(rate / 10n ** 12n);
    for (let hour = meter.from; hour < meter.until; hour++) {
      if (meter.micro(hour) === WHOLE) demand[hour]?.push(micro);
    }
  }
  return demand;
}

function unusedShare(demand: readonly (readonly number[])[], commitment: number): number {
  let unused = 0;
  for (const rates of demand) {
    let left = commitment;
    for (const rate of rates) if (rate <= left) left -= rate;
    unused += left;
  }
  return unused / (commitment * demand.length);
}
