import type { Quotient } from "#methods/quotient.ts";
import type { BridgeItem, ItemPeriod, Volume, WhyUndivided } from "./bridge.ts";
import { type Both, type Factors, itemFactors, type Totals } from "./item-factors.ts";

/** Where an item stands in the bridge, with its factors if it is divided by them. */
export type Place =
  | { readonly kind: "credits" }
  | { readonly kind: "undivided"; readonly why: WhyUndivided }
  | { readonly kind: "new" | "retired"; readonly factors: Both<Factors> | undefined }
  | { readonly kind: "continuing"; readonly factors: Both<Factors> };

/** Finds how an item of known cost is to be shown. */
export function placeItem(
  item: BridgeItem,
  totals: Both<Totals>,
  volume: Volume,
  method: "lmdi" | "shapley",
): Place {
  const { before, after } = item;
  const divided = divide(item, totals, volume);
  const coming = (): Both<Factors> | undefined => {
    const pair = comeAndGo(after, totals.after, totals.before, volume);
    return pair && { before: pair.absent, after: pair.present };
  };
  const going = (): Both<Factors> | undefined => {
    const pair = comeAndGo(before, totals.before, totals.after, volume);
    return pair && { before: pair.present, after: pair.absent };
  };
  const costs = [before?.cost ?? 0n, after?.cost ?? 0n];
  const negative = costs.some((cost) => cost < 0n);
  if (negative && (method === "lmdi" || divided.kind !== "continuing")) return { kind: "credits" };
  const [isNew, isGone] = [isAbsent(before, volume), isAbsent(after, volume)];
  // Nobody knows of what has no units whether it was more work, or dearer.
  const why = isNew
    ? uncountable(after, totals.after, volume)
    : isGone
      ? uncountable(before, totals.before, volume)
      : undefined;
  if (why !== undefined) return { kind: "undivided", why };
  if (isNew) return { kind: "new", factors: method === "lmdi" ? undefined : coming() };
  if (isGone) return { kind: "retired", factors: method === "lmdi" ? undefined : going() };
  // A price of zero has no logarithm.
  if (method === "lmdi" && divided.kind === "continuing" && costs.includes(0n))
    return { kind: "undivided", why: "cost-not-positive" };
  return divided;
}

/** Why an item that came or went can't be weighed against others. */
function uncountable(
  period: ItemPeriod | undefined,
  totals: Totals,
  volume: Volume,
): WhyUndivided | undefined {
  if (period === undefined || isAbsent(period, volume)) return undefined;
  const factors = itemFactors(period, totals, volume);
  return typeof factors === "string" ? factors : undefined;
}

function divide(item: BridgeItem, totals: Both<Totals>, volume: Volume): Place {
  if (item.before === undefined || item.after === undefined)
    return { kind: "undivided", why: "units-not-positive" };
  const before = itemFactors(item.before, totals.before, volume);
  const after = itemFactors(item.after, totals.after, volume);
  // Unknown comes first: it can be found out, and both directions of time must give the same reason.
  const reasons = [before, after].filter((each): each is WhyUndivided => typeof each === "string").sort();
  const why = reasons.find((each) => each.endsWith("unknown")) ?? reasons[0];
  if (why !== undefined) return { kind: "undivided", why };
  return { kind: "continuing", factors: { before: before as Factors, after: after as Factors } };
}

/**
 * Factors of an item that is there in one period only: in the other its part of the mix is nothing, and what it would have used and cost
 * is taken to be the same. Logarithms then give all of it to mix; Shapley's orders give a part to volume.
 * @returns undefined if the factors can't be told: then it is all mix
 */
function comeAndGo(
  period: ItemPeriod | undefined,
  there: Totals,
  elsewhere: Totals,
  volume: Volume,
): { present: Factors; absent: Factors } | undefined {
  const present = period === undefined ? "units-unknown" : itemFactors(period, there, volume);
  if (typeof present === "string" || elsewhere.volume === undefined || elsewhere.volume <= 0n)
    return undefined;
  const nothing: Quotient = { over: 0n, under: 1n };
  const absent = { ...present, volume: { over: elsewhere.volume, under: 1n }, mix: nothing };
  if (volume.of !== "whole") return { present, absent };
  // Units per volume are those of all items together, and known in both periods.
  return { present, absent: { ...absent, efficiency: { over: elsewhere.units, under: elsewhere.volume } } };
}

/** An item that is not there, or of which there is nothing. What is unknown may be there. */
function isAbsent(period: ItemPeriod | undefined, volume: Volume): boolean {
  if (period === undefined) return true;
  return period.cost === 0n && period.units === 0n && (volume.of !== "items" || period.volume === 0n);
}
