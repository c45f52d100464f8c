import { costOf } from "./cells.ts";
import type { Meter, Price } from "./model.ts";
import { dayIndex, TOTAL_HOURS } from "./clock.ts";
import type { World } from "./world.ts";
import { priceAt } from "./charges.ts";

/** The part of the bills that has one cause: a waste or an incident. */
export interface Effect {
  /** The whole window by default. */
  readonly from?: number;
  readonly until?: number;
  readonly touches: (meter: Meter) => boolean;
  /** Of the charge that starts at this hour, the millionths of the pricing unit that the cause added; all of them by default. */
  readonly micro?: (meter: Meter, hour: number) => number;
  /** What is too much in the price of a unit; all of it by default. Below zero where the cause made it cheaper. */
  readonly excess?: (price: Price, hour: number, meter: Meter) => bigint;
}

/** What an effect comes to. */
export interface EffectCost {
  readonly currency: string;
  readonly from: number;
  readonly until: number;
  readonly resources: readonly string[];
  /** The workloads of those resources. */
  readonly workloads: readonly string[];
  /** Effective cost of the charges it touches, and the part of it that is the cause's doing; at scale 18. */
  readonly touched: bigint;
  readonly caused: bigint;
}

/**
 * Adds an effect up over the world's window from meters and prices, charge by charge, exactly.
 * @returns undefined if it does not happen in the window
 * @throws RangeError if it touches what a savings plan may cover, whose effective price this does not know, or two currencies
 */
export function effectCost(world: World, effect: Effect, copies: number): EffectCost | undefined {
  const from = effect.from ?? 0;
  const until = Math.min(effect.until ?? TOTAL_HOURS, world.hours);
  const meters = world.estate.meters.filter(
    (meter) => meter.from < until && meter.until > from && effect.touches(meter),
  );
  const [first] = meters;
  if (first === undefined || from >= until) return undefined;
  const { source } = first.resource.account;
  let touched = 0n;
  let caused = 0n;
  for (const meter of meters) {
    if (meter.planEligible === true) throw new RangeError(`${meter.resource.name} may be covered by a plan`);
    if ((meter.resource.account.source === "azure") !== (source === "azure"))
      throw new RangeError(`${meter.resource.name} is billed in another currency`);
    for (const hour of chargeStarts(meter, from, until)) {
      const all = meter.micro(hour);
      const part = effect.micro?.(meter, hour) ?? all;
      if (all === 0 && part === 0) continue;
      const price = priceAt(meter, hour);
      touched += costOf(price.contracted, all);
      caused += costOf(effect.excess?.(price, hour, meter) ?? price.contracted, part);
    }
  }
  const times = isCopied(meters[0]) ? BigInt(copies) : 1n;
  return {
    currency: source === "azure" ? "EUR" : "USD",
    from: Math.max(
      from,
      meters.reduce((least, meter) => Math.min(least, meter.from), until),
    ),
    until: Math.min(
      until,
      meters.reduce((most, meter) => Math.max(most, meter.until), from),
    ),
    resources: [...new Set(meters.map(({ resource }) => resource.id))],
    workloads: [...new Set(meters.map(({ resource }) => resource.workload))].sort(),
    touched: touched * times,
    caused: caused * times,
  };
}

/** Only FOCUS bills repeat their resources for benchmarks. */
export const isCopied = (meter: Meter | undefined): boolean =>
  ["aws", "azure", "gpucloud"].includes(meter?.resource.account.source ?? "");

/** Hours at which a charge of the meter starts that overlaps [from, until). */
function* chargeStarts(meter: Meter, from: number, until: number): Generator<number> {
  const step = meter.cadence === "hour" ? 1 : 24;
  if (meter.cadence === "month") throw new RangeError(`${meter.resource.name} is billed by the month`);
  const first = Math.max(meter.from, from);
  const start = step === 1 ? first : dayIndex(first) * 24;
  for (let hour = start; hour < Math.min(meter.until, until); hour += step) yield hour;
}

export const labelled =
  (waste: string) =>
  ({ resource }: Meter): boolean =>
    resource.labels.waste === waste;

export const ofWorkload =
  (workload: string, skuMeter = "") =>
  ({ resource, sku }: Meter): boolean =>
    resource.workload === workload && sku.meter.includes(skuMeter);

/** Part of a charge, in whole millionths of its unit. */
export const share =
  (part: (hour: number) => number) =>
  (meter: Meter, hour: number): number =>
    Math.round(meter.micro(hour) * part(hour));

/** The sum of hourly values over the day that starts at this hour, of the hours in [from, until). */
export function daySum(
  values: ArrayLike<number> | undefined,
  day: number,
  from = 0,
  until = TOTAL_HOURS,
): number {
  let sum = 0;
  for (let hour = Math.max(day, from); hour < Math.min(day + 24, until); hour++) sum += values?.[hour] ?? 0;
  return sum;
}
