import { divideRounded } from "#units/decimal.ts";
import { add, type Money } from "#units/money.ts";
import { perOne } from "./fraction.ts";
import { acceleratorSale, type Machine } from "./machine.ts";
import type { PriceRow } from "./price.ts";

/** Accelerators that a plan attaches to a machine. */
export interface Guest {
  readonly type: string;
  /** Whole devices, above zero. */
  readonly count: bigint;
}

/** A machine's price with what is attached to it, part by part; or what of it has no price. */
export type MachinePrice =
  | { readonly state: "priced"; readonly total: Money; readonly parts: readonly MachinePart[] }
  | { readonly state: "unpriced"; readonly missing: string; readonly why: "no-price" | "not-attachable" };

/** One thing that a machine's price is made of. */
export interface MachinePart {
  readonly what: string;
  readonly price: Money;
  /** True for accelerators that the machine's own price holds already; their price is zero for that reason. */
  readonly bundled: boolean;
}

/**
 * What a machine costs an hour with its guest accelerators. Where they are part of the machine's price they add nothing.
 * @param guestPrice one device of a type beside this machine; undefined if unpriced
 * @throws Problem "currencies-mixed" if machine and guest are priced in different currencies
 * @see Infracost, golden compute_instance_test: it adds an L4 to a g2-standard-4, which holds one already
 */
export function machinePrice(
  machine: PriceRow,
  guests: readonly Guest[],
  guestPrice: (type: string) => PriceRow | undefined,
): MachinePrice {
  const parts: MachinePart[] = [{ what: machine.sku, price: machine.price, bundled: false }];
  const sale = acceleratorSale(machine.provider, machine.sku);
  for (const { type, count } of guests) {
    const what = `${count} × ${type}`;
    if (sale === "none") return { state: "unpriced", missing: what, why: "not-attachable" };
    if (sale === "bundled") {
      parts.push({ what, price: { units: 0n, currency: machine.price.currency }, bundled: true });
      continue;
    }
    const one = guestPrice(type);
    if (one === undefined) return { state: "unpriced", missing: what, why: "no-price" };
    parts.push({ what, price: { ...one.price, units: one.price.units * count }, bundled: false });
  }
  const [first, ...rest] = parts.map(({ price }) => price);
  return { state: "priced", total: rest.reduce(add, first ?? machine.price), parts };
}

/**
 * What one accelerator of a machine costs an hour, at the 18th decimal, half to even: of a shared one what the whole would cost.
 * @returns undefined where the machine has none, several kinds, or an unknown number
 */
export function pricePerAccelerator(price: Money, machine: Machine | undefined): Money | undefined {
  const [only, more] = machine?.accelerators ?? [];
  if (only?.count === undefined || more !== undefined) return undefined;
  return { units: perOne(price.units, only.count, "half-even"), currency: price.currency };
}

/**
 * A term's whole price as a price per hour, half to even at the 18th decimal: a year has 8,760 hours, as providers count it.
 * @param years of the term, above zero
 */
export const perHourOfTerm = (units: bigint, years: bigint): bigint =>
  divideRounded(units, years * 8760n, "half-even");
