import type { Split } from "#facts/split.ts";
import { type Fraction, partOf, plus, WHOLE } from "./fraction.ts";

/** Why a split gave nothing away. */
export interface NotSplit {
  readonly split: Split;
  /** no-source: nothing costs anything there; no-target: nobody to give it to; no-weight: no target has any of what the split goes by. */
  readonly why: "no-source" | "no-target" | "no-weight";
}

/** Where each value's own cost ends up, and the splits that could not be done: their cost stays where it is. */
export interface SplitShares {
  /** Value that has the cost to those who bear it in the end, and the part of it each bears; the parts add up to one. */
  readonly bearers: ReadonlyMap<string, ReadonlyMap<string, Fraction>>;
  readonly notSplit: readonly NotSplit[];
}

/**
 * Runs splits in their order. Each takes all that its source has at that moment, its own cost and what earlier splits gave it, so that splits
 * chain; nothing is rounded here.
 * @param values that have cost of their own
 * @param weightOf a value's own sum of a measure, in whole units; what is below zero counts as nothing
 */
export function runSplits(
  values: readonly string[],
  splits: readonly Split[],
  weightOf: (value: string, split: Split) => bigint,
): SplitShares {
  const held = new Map(values.map((value) => [value, new Map([[value, WHOLE]])]));
  const notSplit: NotSplit[] = [];
  splits.forEach((split, index) => {
    const given = held.get(split.from);
    if (given === undefined) {
      notSplit.push({ split, why: "no-source" });
      return;
    }
    const emptied = new Set(splits.slice(0, index + 1).map(({ from }) => from));
    const targets = split.to ?? values.filter((value) => !emptied.has(value));
    const weights = targets.map((target) => atLeastZero(weight(split, target, weightOf)));
    const sum = weights.reduce((all, each) => all + each, 0n);
    if (sum === 0n) {
      notSplit.push({ split, why: targets.length === 0 ? "no-target" : "no-weight" });
      return;
    }
    held.delete(split.from);
    targets.forEach((target, at) => give(held, target, given, weights[at] ?? 0n, sum));
  });
  return { bearers: byOrigin(held), notSplit };
}

function weight(split: Split, target: string, weightOf: (value: string, split: Split) => bigint): bigint {
  if (split.method === "even") return 1n;
  return split.method === "fixed" ? shareOf(split, target) : weightOf(target, split);
}

/** A share that the split itself names: a team may be called as a property that every object has. */
const shareOf = ({ shares = {} }: Split, target: string): bigint =>
  Object.hasOwn(shares, target) ? (shares[target] ?? 0n) : 0n;

const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);

type Held = Map<string, Map<string, Fraction>>;

function give(
  held: Held,
  target: string,
  given: ReadonlyMap<string, Fraction>,
  weight: bigint,
  sum: bigint,
): void {
  if (weight === 0n) return;
  const own = held.get(target) ?? new Map<string, Fraction>();
  for (const [origin, fraction] of given) {
    const part = partOf(fraction, weight, sum);
    const before = own.get(origin);
    own.set(origin, before === undefined ? part : plus(before, part));
  }
  held.set(target, own);
}

function byOrigin(held: Held): Held {
  const bearers: Held = new Map();
  for (const [bearer, origins] of held) {
    for (const [origin, fraction] of origins) {
      const its = bearers.get(origin) ?? new Map<string, Fraction>();
      its.set(bearer, fraction);
      bearers.set(origin, its);
    }
  }
  return bearers;
}
