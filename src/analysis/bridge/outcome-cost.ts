import { settleParts } from "#methods/settle-parts.ts";
import { ONE } from "#units/decimal.ts";
import { type UnitCost, unitCost } from "./unit-cost.ts";

/** The work done for some outcome; costs and counts at the 18th decimal, undefined where not known. */
export interface Work {
  /** Of all work: what succeeded, what failed and what was done again. */
  readonly cost: bigint | undefined;
  readonly incomplete?: boolean;
  /** Of work that ended without its outcome. */
  readonly failedCost: bigint | undefined;
  /** Of attempts that were done again, whatever came of it in the end. Not in `failedCost` as well. */
  readonly retriedCost: bigint | undefined;
  readonly successes: bigint | undefined;
}

export interface OutcomeCost {
  /** All cost per successful outcome: failed and retried work is paid for, too. */
  readonly perSuccess: UnitCost;
  /** What an outcome would cost without failed and retried work. */
  readonly perSuccessAlone: UnitCost;
  readonly shares: OutcomeShares;
}

/** Parts of the cost, and the same as ratios at the 18th decimal; either add up to their whole, to the last unit. */
export type OutcomeShares =
  | {
      readonly kind: "known";
      readonly costs: Readonly<Record<WorkEnd, bigint>>;
      readonly ratios: Readonly<Record<WorkEnd, bigint>>;
    }
  | {
      readonly kind: "unknown";
      /** parts-exceed-cost: failed and retried work is stated to cost more than all; one is an estimate, or of other work. */
      readonly why:
        | "cost-unknown"
        | "cost-not-positive"
        | "parts-unknown"
        | "parts-negative"
        | "parts-exceed-cost";
    };

/** How work ended. */
export type WorkEnd = "succeeded" | "failed" | "retried";

/**
 * What a successful outcome costs, and what part of it was work that failed or was done again.
 * @param per how many outcomes the cost is told for
 */
export function outcomeCost(work: Work, per: bigint): OutcomeCost {
  const { cost, incomplete = false, successes } = work;
  const shares = outcomeShares(work);
  const alone = shares.kind === "known" ? shares.costs.succeeded : undefined;
  return {
    perSuccess: unitCost({ cost, incomplete, volume: successes, per }),
    perSuccessAlone: unitCost({ cost: alone, incomplete, volume: successes, per }),
    shares,
  };
}

function outcomeShares({ cost, failedCost: failed, retriedCost: retried }: Work): OutcomeShares {
  if (cost === undefined) return { kind: "unknown", why: "cost-unknown" };
  if (cost <= 0n) return { kind: "unknown", why: "cost-not-positive" };
  if (failed === undefined || retried === undefined) return { kind: "unknown", why: "parts-unknown" };
  if (failed < 0n || retried < 0n) return { kind: "unknown", why: "parts-negative" };
  const succeeded = cost - failed - retried;
  if (succeeded < 0n) return { kind: "unknown", why: "parts-exceed-cost" };
  const parts = [succeeded, failed, retried].map((part) => part * ONE);
  const [ofSucceeded = 0n, ofFailed = 0n, ofRetried = 0n] = settleParts(parts, cost, ONE);
  return {
    kind: "known",
    costs: { succeeded, failed, retried },
    ratios: { succeeded: ofSucceeded, failed: ofFailed, retried: ofRetried },
  };
}
