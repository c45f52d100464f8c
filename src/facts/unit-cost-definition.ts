import type { AttributionKey } from "./attribution-keys.ts";
import type { CallFilter } from "./call-question.ts";
import type { Filter } from "./cost-question.ts";
import type { OutcomeFilter } from "./outcome-question.ts";
import type { SignalName } from "./signal.ts";
import type { SignalFilter } from "./signal-question.ts";

/** What is divided. */
export type UnitCostNumerator =
  | { readonly from: "charges"; readonly where: readonly Filter[]; readonly texts: readonly string[] }
  | { readonly from: "calls"; readonly where: readonly CallFilter[]; readonly texts: readonly string[] }
  /** What one bears of whole months, with its part of shared cost. */
  | { readonly from: "statement"; readonly key: AttributionKey; readonly value: string };

/** What it is divided by. */
export type UnitCostDenominator =
  | {
      readonly of: "outcome";
      readonly kind: string;
      readonly where: readonly OutcomeFilter[];
      readonly texts: readonly string[];
    }
  | {
      readonly of: "signal";
      readonly signal: SignalName;
      readonly where: readonly SignalFilter[];
      readonly texts: readonly string[];
    }
  | {
      readonly of: "calls" | "tokens" | "input-tokens" | "output-tokens";
      readonly where: readonly CallFilter[];
      readonly texts: readonly string[];
    };

/** What one of something costs, as people define it. */
export interface UnitCostDefinition {
  readonly id: string;
  readonly cost: UnitCostNumerator;
  readonly per: UnitCostDenominator;
  /** 1, 1000 or 1000000. */
  readonly unit: bigint;
}

/** How a denominator is called, for people: `resolved-ticket`, `calls`. */
export const denominatorName = (per: UnitCostDenominator): string =>
  per.of === "outcome" ? per.kind : per.of === "signal" ? per.signal : per.of;
