import { z } from "zod";

/** Live files per table, relative to the lake. */
export const filesSchema = z.object({
  charges: z.array(z.string()),
  charges_hour: z.array(z.string()),
  charges_day: z.array(z.string()),
});

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

/** Money is EffectiveCost; null where no charge has one. */
const outcomeSchema = z.object({
  /** Delivered charges that were divided, per currency. */
  divided: z.array(
    z.object({ currency: z.string(), charges: z.number(), effectiveCost: z.string().nullable() }),
  ),
  /** Which of it is idle: borne by the node's owner where it is unallocated, else by who holds it. */
  idle: z.array(z.object({ kind: z.string(), currency: z.string(), effectiveCost: z.string().nullable() })),
  undivided: z.array(
    z.object({
      reason: z.enum(undividedReasons),
      currency: z.string(),
      charges: z.number(),
      effectiveCost: z.string().nullable(),
    }),
  ),
  /** Allocations that spoke of the same charges as the one that was taken. */
  passedOver: z.array(z.object({ source: z.string(), taken: z.string(), charges: z.number() })),
});

/** A billing period's node charges, divided by who used the nodes. */
export const divisionSchema = z.object({
  /** What it was made of; where this is no longer what the lake holds, it is made anew. */
  of: z.object({
    /** Imports of the period itself. */
    charges: z.array(z.string()),
    /** Imports of role allocation that speak of its time. */
    allocations: z.array(z.string()),
  }),
  files: filesSchema,
  /** Rows given and received. They are no charges: a period's `rows` leaves them out. */
  rows: z.number(),
  outcome: outcomeSchema,
});

/** A billing period's node charges, divided by who used the nodes. */
export type Division = z.infer<typeof divisionSchema>;
/** What a division came to, in money. */
export type DivisionOutcome = z.infer<typeof outcomeSchema>;
