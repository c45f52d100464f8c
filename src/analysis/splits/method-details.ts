import type { Measure } from "#facts/cost-question.ts";
import type { Split } from "#facts/split.ts";
import { formatDecimal } from "#units/decimal.ts";

/** What a bearer gets of an origin's cost. */
export interface Allocated {
  readonly origin: string;
  readonly currency: string;
  readonly bearer: string;
  /** Part of the whole in units of the 18th decimal; those of all bearers add up to one. */
  readonly ratio: bigint;
  /** The splits that brought it, in their order. */
  readonly way: readonly Split[];
  /** What the bearer has of its own of the measure that a split goes by, in units of the 18th decimal. */
  readonly weighed: (split: Split) => bigint;
}

/** FOCUS's AllocatedMethodId: the splits in their order, such as `network>platform`. */
export const allocatedMethodId = (way: readonly Split[]): string => way.map(({ id }) => id).join(">");

/**
 * FOCUS's AllocatedMethodDetails: one element with the ratio and, where a single proportional split gave it, what the split measured;
 * beside it the value that gave the cost away and each split.
 * @see FOCUS 1.3 and 1.4, Allocated Method Details Object
 */
export function allocatedMethodDetails({
  origin,
  currency,
  ratio,
  way,
  weighed,
}: Omit<Allocated, "bearer">): string {
  const [split, more] = way;
  const measured =
    split?.method !== "proportional" || more !== undefined
      ? ""
      : `,"UsageUnit":${JSON.stringify(units[split.by] ?? currency)},"UsageQuantity":${formatDecimal(weighed(split))}`;
  const splits = way.map(({ id, key, method, by }) => ({
    Id: id,
    Key: key,
    Method: method,
    ...(method === "proportional" ? { By: by } : {}),
  }));
  // Ratios have more digits than a number of JavaScript holds.
  return `{"Elements":[{"AllocatedRatio":${formatDecimal(ratio)}${measured}}],"x_From":${JSON.stringify(origin)},"x_Splits":${JSON.stringify(splits)}}`;
}

/** What is not money is counted in units of its own. */
const units: Partial<Record<Measure, string>> = {
  x_Tokens: "Tokens",
  x_GpuHours: "GPU-Hours",
  x_Charges: "Charges",
};
