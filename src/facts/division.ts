import { decimal, formatDecimal } from "#units/decimal.ts";

/**
 * Why a charge of a node that allocation rows speak of was not divided.
 * - already-allocated: its provider says itself whom it was allocated to
 * - too-long: it lasts longer than a day, and no allocation row's period holds it
 * - no-rows: no allocation row of the node speaks of its time
 * - weights-unknown: an allocation row of its time has no EffectiveCost
 * - weights-zero: they add up to nothing
 * - weights-negative: a target's is below zero
 * - weights-too-large: they add up to 100,000,000,000 or more, which can't be divided exactly
 */
export const undividedReasons = [
  "already-allocated",
  "too-long",
  "no-rows",
  "weights-unknown",
  "weights-zero",
  "weights-negative",
  "weights-too-large",
] as const;
/** Why a charge was not divided. */
export type UndividedReason = (typeof undividedReasons)[number];

/** Charges and their EffectiveCost, an exact decimal; null where none of them has one. */
interface Money {
  readonly currency: string;
  readonly charges: number;
  readonly effectiveCost: string | null;
}

/** What dividing invoices' charges among those who used their nodes came to. */
export interface DivisionOutcome {
  /** Delivered charges that were divided, per currency and the source of the allocation that they were divided by. */
  readonly divided: readonly (Money & { readonly by: string })[];
  /** Which of it is idle, by kind: the node owner's where nobody is named for it, else whose it is named. */
  readonly idle: readonly {
    readonly kind: string;
    readonly currency: string;
    readonly effectiveCost: string | null;
  }[];
  readonly undivided: readonly (Money & { readonly reason: UndividedReason })[];
  /** Allocations that spoke of the same charges as the one that was taken. */
  readonly passedOver: readonly {
    readonly source: string;
    readonly taken: string;
    readonly charges: number;
  }[];
}

/** Outcomes of several stretches of time or billing periods as one. */
export function addOutcomes(all: readonly DivisionOutcome[]): DivisionOutcome {
  return {
    divided: gathered(all.flatMap(({ divided }) => divided)),
    idle: gathered(all.flatMap(({ idle }) => idle)),
    undivided: gathered(all.flatMap(({ undivided }) => undivided)),
    passedOver: gathered(all.flatMap(({ passedOver }) => passedOver)),
  };
}

type Sums = { readonly charges?: number; readonly effectiveCost?: string | null };

/** Entries that differ in their sums alone become one. */
function gathered<T extends Sums>(entries: readonly T[]): T[] {
  const all = new Map<string, T>();
  for (const entry of entries) {
    const { charges, effectiveCost, ...key } = entry;
    const id = JSON.stringify(key);
    const before = all.get(id);
    if (before === undefined) {
      all.set(id, entry);
      continue;
    }
    all.set(id, {
      ...entry,
      ...(charges === undefined ? {} : { charges: charges + (before.charges ?? 0) }),
      ...(effectiveCost === undefined
        ? {}
        : { effectiveCost: sum(effectiveCost, before.effectiveCost ?? null) }),
    });
  }
  return [...all.values()];
}

const sum = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : formatDecimal(decimal(a) + decimal(b));
