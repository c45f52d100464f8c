import type { KpiChange } from "./compare-kpis.ts";
import type { Guard } from "./judge-guardrails.ts";

/** Cost and volume of one period, at the 18th decimal; undefined where not known. */
export interface UsePeriod {
  readonly cost: bigint | undefined;
  readonly volume: bigint | undefined;
}

export interface SavingQuestion {
  /** Of every cost. */
  readonly currency: string;
  /** Periods before the change, each as long as the one reported on. */
  readonly baseline: readonly UsePeriod[];
  readonly reporting: UsePeriod;
  /** How quality, latency or success per request changed. */
  readonly guardrails: readonly KpiChange[];
  /** How many baseline periods it takes; 6 by default, never below 3. */
  readonly minimumPeriods?: number;
  /** The probability that ranges are for, above 0 and below 1; 0.8 by default. */
  readonly rangeProbability?: number;
}

/** An amount and the range in which it probably lies, at the 18th decimal. */
export interface Estimate {
  readonly cost: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

/** An amount between two bounds, with nothing to say where. */
export interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * What could make the judgement wrong. rates-and-mix: prices and the mix of models are within efficiency; a bridge tells them apart.
 * season-and-other-drivers: what else moves cost beside volume. outside-baseline: the volume is beyond any that the line was drawn from.
 * explains-little: the line explains less than three quarters of the baseline's variance. negative-fixed-cost: the line crosses zero cost
 * above zero volume, so it is no straight line there. unknown-periods: baseline periods without cost or volume were left out.
 */
export type NotModelled =
  | "rates-and-mix"
  | "season-and-other-drivers"
  | "outside-baseline"
  | "explains-little"
  | "negative-fixed-cost"
  | "unknown-periods";

/** A judgement of why a period cost what it did; `baselineMeanCost − reportingCost` is the sum of the two estimates, exactly. */
export interface MeasuredSaving {
  readonly kind: "measured";
  readonly currency: string;
  /**
   * efficiency: cheaper than the baseline would be at this volume. less-use: only the volume is lower. both. neither: it costs more than
   * the baseline would. unclear: the ranges don't tell.
   */
  readonly verdict: "efficiency" | "less-use" | "both" | "neither" | "unclear";
  readonly efficiency: "better" | "worse" | "unclear";
  readonly use: "less" | "more" | "unclear";
  readonly baselineMeanCost: bigint;
  /** What the baseline would have cost at the volume reported on. */
  readonly adjustedBaselineCost: bigint;
  readonly reportingCost: bigint;
  /** Adjusted baseline − reporting cost; below zero where more was spent. */
  readonly fromEfficiency: Estimate;
  /** Mean of the baseline − adjusted baseline; below zero where use grew. */
  readonly fromLessUse: Estimate;
  readonly rangeProbability: number;
  /**
   * How surely efficiency is not zero: 1 − p of a two-sided t-test, and what to call it: high from 0.95, medium from 0.8, one less outside
   * the baseline.
   */
  readonly confidence: { readonly ratio: number; readonly level: "high" | "medium" | "low" };
  readonly line: {
    readonly periods: number;
    /** What is spent at no volume. */
    readonly fixedCost: bigint;
    readonly costPerVolume: bigint;
    /** The part of the baseline's variance that volume explains; undefined if its cost never varied. */
    readonly explainedRatio: number | undefined;
  };
  readonly notModelled: readonly NotModelled[];
  readonly guard: Guard;
}

/** No line could be drawn. The bounds are those of a cost that is wholly fixed and one that is wholly proportional to volume. */
export interface BoundedSaving {
  /** not-explained: there are periods enough, but their volume is always the same, or cost does not rise with it. */
  readonly kind: "not-enough-data" | "not-explained";
  readonly currency: string;
  readonly have: number;
  readonly need: number;
  readonly why: "too-few-periods" | "volume-constant" | "cost-does-not-rise";
  /** Undefined if no baseline period is known, or none has volume. */
  readonly fromEfficiency: Bounds | undefined;
  readonly fromLessUse: Bounds | undefined;
  readonly guard: Guard;
}

export interface UnknownSaving {
  readonly kind: "unknown";
  readonly why: "cost-unknown" | "volume-unknown";
}

export type Saving = MeasuredSaving | BoundedSaving | UnknownSaving;
