import { ONE } from "#units/decimal.ts";
import { type BillingPeriod, billingPeriodOf, billingPeriods, hourAt } from "./clock.ts";
import { accounts } from "./accounts.ts";
import { type Estate, WHOLE } from "./estate.ts";
import type { Charge, ChargeCategory, ChargeShape, Meter, Source } from "./model.ts";
import { sku } from "./sku.ts";

/** A line of a bill that no use of a meter makes: tax, credit, refund, or the correction of a closed month. */
export interface Special {
  readonly source: Source;
  readonly id: string;
  readonly charge: Charge;
}

const once = { list: ONE, contracted: ONE, effective: ONE, billed: ONE };

/** All of them, in the billing periods of the whole 13 weeks. */
export function specialCharges(estate: Estate): Special[] {
  const monthly = billingPeriods.flatMap((period) => [
    amount("tax", period, "Tax", "Tax for product code AWSSupport", 384, period.start, period.until),
    amount(
      "credit",
      period,
      "Credit",
      "AWS Migration Acceleration Program credit",
      -1250,
      period.start,
      period.until,
    ),
  ]);
  const june = billingPeriodOf(0);
  const refundAt = hourAt("2026-06-05");
  const refund = amount(
    "refund",
    june,
    "Adjustment",
    "Refund: NAT gateway data processed during a service event",
    -312.4,
    refundAt,
    refundAt + 24,
  );
  return [
    ...monthly,
    refund,
    correction(estate, "correction-logs", "/halyard/prod", "DataProcessing-Bytes", "2026-06-18", -840),
    correction(estate, "correction-nat", "nat-main", "NatGateway-Bytes", "2026-06-25", -2100),
    correction(estate, "correction-azure", "aks-a100-vmss", "NC24ads_A100_v4", "2026-07-15", -14),
  ];
}

/** @param dollars with at most six decimals */
function amount(
  id: string,
  period: BillingPeriod,
  category: ChargeCategory,
  description: string,
  dollars: number,
  start: number,
  until: number,
): Special {
  const text = { service: "AWS Support (Business)", category: "Management and Governance", unit: "USD" };
  const meter: Meter = {
    resource: {
      id: "",
      name: "",
      type: "",
      workload: "fees",
      account: accounts.shared,
      region: "",
      from: start,
      until,
      labels: {},
      tagsWanted: false,
    },
    sku: sku("aws", { ...text, subcategory: "Support", meter: id, description }, "1"),
    cadence: "month",
    from: start,
    until,
    micro: () => 0,
  };
  const shape: ChargeShape = {
    meter,
    period,
    currency: "USD",
    prices: once,
    category,
    correction: false,
    frequency: "One-Time",
    pricing: undefined,
    description,
  };
  return { id, source: "aws", charge: { shape, start, until, micro: Math.round(dollars * WHOLE) } };
}

/** Takes back units of a day in a month already invoiced; the row sits in the next month's bill. */
function correction(
  estate: Estate,
  id: string,
  resourceName: string,
  skuMeter: string,
  day: string,
  units: number,
): Special {
  const meter = estate.meters.find(
    ({ resource, sku }) => resource.name === resourceName && sku.meter === skuMeter,
  );
  if (meter === undefined) throw new RangeError(`no meter ${skuMeter} of ${resourceName}`);
  const start = hourAt(day);
  const next = billingPeriods[billingPeriods.indexOf(billingPeriodOf(start)) + 1];
  if (next === undefined) throw new RangeError(`no billing period after ${day}`);
  const price = meter.sku.prices.findLast(({ from }) => from <= start);
  if (price === undefined) throw new RangeError(`no price of ${skuMeter} on ${day}`);
  const { source } = meter.resource.account;
  const shape: ChargeShape = {
    meter,
    period: next,
    currency: source === "azure" ? "EUR" : "USD",
    prices: {
      list: price.list,
      contracted: price.contracted,
      effective: price.contracted,
      billed: price.contracted,
    },
    category: "Usage",
    correction: true,
    frequency: "Usage-Based",
    pricing: "Standard",
    description: `Correction of ${day.slice(0, 7)}: ${meter.sku.description}`,
  };
  return { id, source, charge: { shape, start, until: start + 24, micro: units * WHOLE } };
}
