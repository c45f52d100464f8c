import { divideRounded, ONE } from "#units/decimal.ts";

/** Cost per so many of something, or why it can't be told. Amounts at the 18th decimal, rounded half to even. */
export type UnitCost =
  | {
      readonly kind: "known";
      readonly per: bigint;
      readonly cost: bigint;
      /** True if the 18th decimal is rounded. */
      readonly rounded: boolean;
    }
  /** Some cost is unknown: the cost is this or more. */
  | { readonly kind: "at-least"; readonly per: bigint; readonly cost: bigint; readonly rounded: boolean }
  | { readonly kind: "unknown"; readonly per: bigint; readonly why: WhyNoUnitCost };

export type WhyNoUnitCost = "cost-unknown" | "volume-unknown" | "volume-zero" | "volume-negative";

/** What is divided by what; both at the 18th decimal, undefined where not known. */
export interface UnitCostQuestion {
  readonly cost: bigint | undefined;
  /** True if `cost` lacks something whose cost is unknown, such as calls to a model without a price. */
  readonly incomplete?: boolean;
  /** Requests, tokens, resolved tickets. */
  readonly volume: bigint | undefined;
  /** How many of the volume the cost is told for: 1n, 1000n or 1000000n. */
  readonly per: bigint;
}

/** cost · per ÷ volume, divided exactly and rounded once. A volume of zero has no unit cost, rather than one of zero. */
export function unitCost({ cost, incomplete = false, volume, per }: UnitCostQuestion): UnitCost {
  const unknown = (why: WhyNoUnitCost): UnitCost => ({ kind: "unknown", per, why });
  if (cost === undefined) return unknown("cost-unknown");
  if (volume === undefined) return unknown("volume-unknown");
  if (volume === 0n) return unknown("volume-zero");
  if (volume < 0n) return unknown("volume-negative");
  const dividend = cost * per * ONE;
  return {
    kind: incomplete ? "at-least" : "known",
    per,
    cost: divideRounded(dividend, volume, "half-even"),
    rounded: dividend % volume !== 0n,
  };
}
