import { ONE } from "#units/decimal.ts";
import { type BillingPeriod, billingPeriods } from "./clock.ts";
import { WHOLE } from "./estate.ts";
import type { Charge, ChargeShape, Meter, Price, Source, UnitPrices } from "./model.ts";
import { planRate, type SavingsPlan } from "./savings-plan.ts";
import type { World } from "./world.ts";

/** The billing periods that the world's window touches. */
export const periodsOf = (world: World): BillingPeriod[] =>
  billingPeriods.filter(({ start }) => start < world.hours);

/** Makes shapes and keeps them, so that one shape stands for thousands of lines. */
export type Shapes = Map<
  Meter,
  { period: BillingPeriod; price: Price; covered: boolean; shape: ChargeShape }[]
>;

/** Every line of one bill of one month, in order of time: special lines first, then hour by hour, in order of the estate. */
export function* charges(
  world: World,
  source: Source,
  period: BillingPeriod,
  shapes: Shapes,
): Generator<Charge> {
  const until = Math.min(period.until, world.hours);
  for (const special of world.specials) {
    if (special.source === source && special.charge.shape.period === period) yield special.charge;
  }
  const own = world.estate.meters.filter(({ resource }) => resource.account.source === source);
  const plan = planShapes(world.plans[source], period);
  for (let day = period.start; day < until; day += 24) {
    const active = own.filter((meter) => meter.from < day + 24 && meter.until > day);
    const rates = active.map(planRate);
    for (let hour = day; hour < Math.min(day + 24, until); hour++) {
      yield* hourCharges(active, rates, hour, period, plan, shapes);
    }
  }
}

interface PlanShapes {
  readonly plan: SavingsPlan;
  readonly purchase: ChargeShape;
  readonly unused: ChargeShape;
}

function* hourCharges(
  active: readonly Meter[],
  rates: readonly (bigint | undefined)[],
  hour: number,
  period: BillingPeriod,
  plan: PlanShapes | undefined,
  shapes: Shapes,
): Generator<Charge> {
  let left = plan?.plan.microPerHour ?? 0;
  if (plan !== undefined) yield { shape: plan.purchase, start: hour, until: hour + 1, micro: left };
  for (const [index, meter] of active.entries()) {
    const until = chargeEnd(meter, hour, period);
    if (until === undefined) continue;
    const micro = meter.micro(hour);
    if (micro === 0) continue;
    const rate = rates[index];
    const microRate = rate === undefined ? 0 : Number(rate / 10n ** 12n);
    const covered = plan !== undefined && rate !== undefined && micro === WHOLE && microRate <= left;
    if (covered) left -= microRate;
    const shape = shapeOf(meter, hour, period, covered ? { plan: plan.plan, rate } : undefined, shapes);
    yield { shape, start: hour, until, micro };
  }
  if (plan !== undefined && left > 0) {
    yield { shape: plan.unused, start: hour, until: hour + 1, micro: left };
  }
}

/** When the charge that starts at this hour ends; undefined if the meter's charge doesn't start now. */
function chargeEnd(meter: Meter, hour: number, period: BillingPeriod): number | undefined {
  switch (meter.cadence) {
    case "hour":
      return hour >= meter.from && hour < meter.until ? hour + 1 : undefined;
    case "day":
      return hour % 24 === 0 ? hour + 24 : undefined;
    case "month":
      return hour === period.start ? period.until : undefined;
  }
}

function shapeOf(
  meter: Meter,
  hour: number,
  period: BillingPeriod,
  cover: { plan: SavingsPlan; rate: bigint } | undefined,
  shapes: Shapes,
): ChargeShape {
  const price = priceAt(meter, hour);
  const covered = cover !== undefined;
  const known = shapes.get(meter) ?? [];
  const found = known.find(
    (entry) => entry.period === period && entry.price === price && entry.covered === covered,
  );
  if (found !== undefined) return found.shape;
  const shape = newShape(meter, period, price, cover);
  shapes.set(meter, [...known, { period, price, covered, shape }]);
  return shape;
}

export function priceAt(meter: Meter, hour: number): Price {
  const { prices } = meter.sku;
  let at = prices.length - 1;
  while (at > 0 && (prices[at]?.from ?? 0) > hour) at--;
  const price = prices[at];
  if (price === undefined) throw new RangeError(`${meter.sku.meter} has no price`);
  return price;
}

function newShape(
  meter: Meter,
  period: BillingPeriod,
  { list, contracted }: Price,
  cover: { plan: SavingsPlan; rate: bigint } | undefined,
): ChargeShape {
  const fee = meter.cadence === "month";
  const thirdParty = meter.sku.service === "Experiment Tracker" ? "Tracker Software Inc." : undefined;
  const paid: UnitPrices = { list, contracted, effective: contracted, billed: contracted };
  const prices =
    cover !== undefined
      ? { ...paid, effective: cover.rate, billed: 0n }
      : // What a third party bills is no part of this invoice.
        { ...paid, billed: thirdParty === undefined ? contracted : 0n };
  return {
    meter,
    period,
    currency: meter.resource.account.source === "azure" ? "EUR" : "USD",
    prices,
    category: fee ? "Purchase" : "Usage",
    correction: false,
    frequency: fee ? "Recurring" : "Usage-Based",
    pricing: cover === undefined ? meter.sku.pricing : "Committed",
    description: meter.sku.description,
    ...(cover !== undefined && { commitment: { id: cover.plan.id, status: "Used" as const } }),
    ...(thirdParty !== undefined && { thirdParty }),
  };
}

function planShapes(plan: SavingsPlan | undefined, period: BillingPeriod): PlanShapes | undefined {
  if (plan === undefined) return undefined;
  const { meter } = plan;
  // In a Cost and Usage Report what is unused is only a part of the fee's line, which carries its list and contracted cost.
  const priced = meter.resource.account.source === "aws-cur" ? 0n : ONE;
  const shared = {
    meter,
    period,
    currency: "USD",
    correction: false,
    description: meter.sku.description,
  } as const;
  return {
    plan,
    purchase: {
      ...shared,
      prices: { list: ONE, contracted: ONE, effective: 0n, billed: ONE },
      category: "Purchase",
      frequency: "Recurring",
      pricing: "Standard",
      commitment: { id: plan.id, status: undefined },
    },
    unused: {
      ...shared,
      prices: { list: priced, contracted: priced, effective: ONE, billed: 0n },
      category: "Usage",
      frequency: "Usage-Based",
      pricing: "Committed",
      description: `${meter.sku.description}, unused`,
      commitment: { id: plan.id, status: "Unused" },
    },
  };
}
