import type { Instant } from "#units/instant.ts";

/** Kinds of outcomes that every report knows; others are named by whoever delivers them. */
export const outcomeKinds = [
  "conversation",
  "resolved-ticket",
  "active-user",
  "conversion",
  "completed-task",
] as const;

/** A kind of outcome: one of `outcomeKinds`, or a name of one's own in small letters, digits and hyphens. */
export type OutcomeKind = string;

/** What a workload achieved: the denominator of a unit cost. */
export interface Outcome {
  /** Who delivered it. */
  readonly source: string;
  /** Unique within its source, and the same each time that it is delivered. */
  readonly id: string;
  readonly time: Instant;
  readonly kind: OutcomeKind;
  /** How many, at scale 18: one event is 1, a row of a day's sum its number. Never negative. */
  readonly count: bigint;
  /** Whether it went well; null where nobody says. */
  readonly success: boolean | null;
  /** What it was worth, at scale 18, and the currency; null where nobody says. */
  readonly value: bigint | null;
  readonly currency: string | null;
  /** Labels that join it to workloads: team, workload, model, customer, … as delivered. */
  readonly attributes: Readonly<Record<string, string>>;
}
