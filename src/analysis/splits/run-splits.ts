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
  /** Like `bearers`: the splits that brought it there, in their order; none where it stayed. */
  readonly ways: ReadonlyMap<string, ReadonlyMap<string, readonly Split[]>>;
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
  const own: Share = { part: WHOLE, by: [] };
  const held: Held = new Map(values.map((value) => [value, new Map([[value, own]])]));
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
    targets.forEach((target, at) => give(held, target, { given, by: split }, weights[at] ?? 0n, sum));
  });
  const shares = byOrigin(held);
  // Several ways may lead to one bearer.
  const inOrder = ({ by }: Share): Split[] => splits.filter((split) => by.includes(split));
  return { bearers: ofEach(shares, ({ part }) => part), ways: ofEach(shares, inOrder), notSplit };
}

function weight(split: Split, target: string, weightOf: (value: string, split: Split) => bigint): bigint {
  if (split.method === "even") return 1n;
  return split.method === "fixed" ? shareOf(split, target) : weightOf(target, split);
}

/** A share that the split itself names: a team may be called as a property that every object has. */
const shareOf = ({ shares = {} }: Split, target: string): bigint =>
  Object.hasOwn(shares, target) ? (shares[target] ?? 0n) : 0n;

const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);

/** A part of an origin's cost, and the splits that brought it. */
interface Share {
  readonly part: Fraction;
  readonly by: readonly Split[];
}
/** Value to origin to the share of the origin's cost that it holds. */
type Held = Map<string, Map<string, Share>>;

function give(
  held: Held,
  target: string,
  { given, by }: { readonly given: ReadonlyMap<string, Share>; readonly by: Split },
  weight: bigint,
  sum: bigint,
): void {
  if (weight === 0n) return;
  const own = held.get(target) ?? new Map<string, Share>();
  for (const [origin, share] of given) {
    const part = partOf(share.part, weight, sum);
    const before = own.get(origin);
    own.set(origin, {
      part: before === undefined ? part : plus(before.part, part),
      by: [...(before?.by ?? []), ...share.by, by],
    });
  }
  held.set(target, own);
}

function byOrigin(held: Held): Held {
  const bearers: Held = new Map();
  for (const [bearer, origins] of held) {
    for (const [origin, share] of origins) {
      const its = bearers.get(origin) ?? new Map<string, Share>();
      its.set(bearer, share);
      bearers.set(origin, its);
    }
  }
  return bearers;
}

const ofEach = <T>(held: Held, of: (share: Share) => T): Map<string, Map<string, T>> =>
  new Map(
    [...held].map(([origin, its]) => [
      origin,
      new Map([...its].map(([bearer, share]) => [bearer, of(share)])),
    ]),
  );
