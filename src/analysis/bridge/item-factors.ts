import type { Quotient } from "#methods/quotient.ts";
import type { BridgeItem, Factor, ItemPeriod, Volume, WhyUndivided } from "./bridge.ts";

/** Volume and units of all items in a period, of those known in both; undefined where the volume of the whole is not known. */
export interface Totals {
  readonly volume: bigint | undefined;
  readonly units: bigint;
}

/** Both periods of something. */
export interface Both<T> {
  readonly before: T;
  readonly after: T;
}

/** Factors of an item's cost in a period; each an exact quotient whose divisor is above zero. */
export type Factors = Readonly<Partial<Record<Factor, Quotient>>>;

/** The factors that a kind of volume tells apart. */
export const factorsOf = (volume: Volume): readonly Factor[] =>
  volume.of === "units" ? ["volume", "mix", "price"] : ["volume", "mix", "efficiency", "price"];

/** Totals of both periods. An item counts if its number is known in both, since else it would seem to come or go. */
export function totalsOf(items: readonly BridgeItem[], volume: Volume): Both<Totals> {
  const units = totalOf(items, (period) => period.units);
  const own = totalOf(items, (period) => period.volume);
  const at = (when: "before" | "after"): Totals => ({
    units: units[when],
    volume: volume.of === "whole" ? volume[when] : volume.of === "units" ? units[when] : own[when],
  });
  return { before: at("before"), after: at("after") };
}

function totalOf(
  items: readonly BridgeItem[],
  numberOf: (period: ItemPeriod) => bigint | undefined,
): Both<bigint> {
  const total = { before: 0n, after: 0n };
  for (const item of items) {
    const before = item.before === undefined ? 0n : numberOf(item.before);
    const after = item.after === undefined ? 0n : numberOf(item.after);
    if (before === undefined || after === undefined || before < 0n || after < 0n) continue;
    total.before += before;
    total.after += after;
  }
  return total;
}

/** The factors of an item's cost in one period, or why they can't be told. */
export function itemFactors(period: ItemPeriod, totals: Totals, volume: Volume): Factors | WhyUndivided {
  const { cost = 0n, units } = period;
  if (units === undefined) return "units-unknown";
  if (units <= 0n) return "units-not-positive";
  const price = { over: cost, under: units };
  const whole = totals.volume;
  const own = volume.of === "items" ? period.volume : whole;
  if (own === undefined || whole === undefined) return "volume-unknown";
  if (own <= 0n || whole <= 0n) return "volume-not-positive";
  const all = { over: whole, under: 1n };
  if (volume.of === "items")
    return { volume: all, mix: { over: own, under: whole }, efficiency: { over: units, under: own }, price };
  const mix = { over: units, under: totals.units };
  if (volume.of === "units") return { volume: all, mix, price };
  return { volume: all, mix, efficiency: { over: totals.units, under: whole }, price };
}
