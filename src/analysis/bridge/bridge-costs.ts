import type { Quotient } from "#methods/quotient.ts";
import { settleParts } from "#methods/settle-parts.ts";
import { absolute, divideRounded, ONE } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import {
  type Bridge,
  type BridgeItem,
  type BridgeQuestion,
  type BridgeRow,
  type Factor,
  noParts,
  type Parts,
} from "./bridge.ts";
import { divideChange } from "./divide-change.ts";
import { type Both, factorsOf, type Totals, totalsOf } from "./item-factors.ts";
import { type Place, placeItem } from "./place-item.ts";
import { changeOf, sumRows } from "./sum-rows.ts";

/**
 * Why cost changed: the change of each item's cost, divided into volume, mix, units per volume and price per unit. Every row adds up to
 * its item's change and the effects are the sums of the rows, to the last unit; with the periods exchanged every part has the other sign,
 * and new items are retired ones.
 * @throws Problem "internal" if two items have one key
 * @see Ang 2015, "LMDI decomposition approach: a guide for implementation" (LMDI-I, additive)
 */
export const bridgeCosts = (question: BridgeQuestion): Bridge =>
  bridge(question, factorsOf(question.volume), undefined);

/**
 * Why the cost per so many of the volume changed: as `bridgeCosts`, without the volume itself.
 * @param per how many of the volume, such as 1n or 1000n
 * @returns undefined if the volume of a period is unknown or not above zero: then there is no cost per volume
 * @throws Problem "internal" if two items have one key
 */
export function bridgeUnitCosts(question: BridgeQuestion, per: bigint): Bridge | undefined {
  const factors = factorsOf(question.volume).filter((factor) => factor !== "volume");
  const { before, after } = totalsOf(question.items.filter(isKnown), question.volume);
  return isPositive(before.volume) && isPositive(after.volume) ? bridge(question, factors, per) : undefined;
}

const isPositive = (value: bigint | undefined): boolean => value !== undefined && value > 0n;

function bridge(question: BridgeQuestion, factors: readonly Factor[], per: bigint | undefined): Bridge {
  const { currency, volume, method = "lmdi" } = question;
  const items = inOrder(question.items);
  const known = items.filter(isKnown);
  // What is in no sum is in no volume either: work of unknown cost would make the rest seem cheaper.
  const totals = totalsOf(known, volume);
  const scale = per === undefined ? 1n : per * ONE;
  const amountsOf = (when: "before" | "after"): Quotient[] =>
    known.map((item) => ({
      over: (item[when]?.cost ?? 0n) * scale,
      under: per === undefined ? 1n : (totals[when].volume ?? 1n),
    }));
  const amounts = { before: amountsOf("before"), after: amountsOf("after") };
  const whole = { before: settled(amounts.before), after: settled(amounts.after) };
  const rows = known.map((item, at): BridgeRow => {
    const ends = { before: whole.before[at] ?? 0n, after: whole.after[at] ?? 0n };
    const place = placeItem(item, totals, volume, method);
    const own = { before: amounts.before[at] as Quotient, after: amounts.after[at] as Quotient };
    const why = place.kind === "undivided" ? { why: place.why } : {};
    const parts = partsOf(place, ends.after - ends.before, { own, factors, scale, method });
    return { key: item.key, kind: place.kind, ...why, ...ends, parts };
  });
  return {
    currency,
    ...(per === undefined ? {} : { per }),
    method,
    factors,
    volume: volumesOf(totals),
    sum: sumRows(rows),
    rows: rows.sort((a, b) => bySize(changeOf(a.parts), changeOf(b.parts))),
    unknown: items.filter((item) => !isKnown(item)).map(unknownItem),
  };
}

function partsOf(
  place: Place,
  change: bigint,
  by: {
    own: Both<Quotient>;
    factors: readonly Factor[];
    scale: bigint;
    method: "lmdi" | "shapley";
  },
): Parts {
  if (place.kind === "credits" || place.kind === "undivided") return { ...noParts, [place.kind]: change };
  if (place.factors === undefined) return { ...noParts, mix: change };
  const { own, factors: names, scale, method } = by;
  return divideChange({ amounts: own, factors: place.factors, names, scale }, change, method);
}

/** Amounts of one divisor rounded so that they add up to their rounded sum. */
function settled(amounts: readonly Quotient[]): bigint[] {
  const under = amounts[0]?.under ?? 1n;
  const sum = amounts.reduce((all, { over }) => all + over, 0n);
  return settleParts(
    amounts.map(({ over }) => over),
    under,
    divideRounded(sum, under, "half-even"),
  );
}

/** By key, so that the order in which items come decides nothing. */
function inOrder(items: readonly BridgeItem[]): BridgeItem[] {
  const ordered = items.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const twice = ordered.find((item, at) => item.key === ordered[at + 1]?.key);
  if (twice !== undefined) throw new Problem("internal", `A bridge has the item "${twice.key}" twice.`);
  return ordered;
}

const isKnown = ({ before, after }: BridgeItem): boolean =>
  [before, after].every((period) => period === undefined || period.cost !== undefined);

const unknownItem = ({ key, before, after }: BridgeItem): Bridge["unknown"][number] => ({
  key,
  before: before === undefined ? 0n : before.cost,
  after: after === undefined ? 0n : after.cost,
});

const volumesOf = ({ before, after }: Both<Totals>): Bridge["volume"] => ({
  before: before.volume,
  after: after.volume,
});

/** The larger change first, of equals the former. */
function bySize(a: bigint, b: bigint): number {
  const [left, right] = [absolute(a), absolute(b)];
  return left === right ? 0 : left > right ? -1 : 1;
}
