import { logarithmicMean, logRatio } from "#methods/logarithmic-mean.ts";
import type { Quotient } from "#methods/quotient.ts";
import { settleParts } from "#methods/settle-parts.ts";
import { shapleyOfProduct } from "#methods/shapley-of-product.ts";
import { type Factor, noParts, type Parts } from "./bridge.ts";
import type { Both, Factors } from "./item-factors.ts";

/** Floats become whole numbers of this part of a unit: a power of two, so that nothing is rounded. */
const FINE = 2n ** 64n;

/** Exact amounts of a continuing item, and what they are a product of. */
export interface Division {
  readonly amounts: Both<Quotient>;
  readonly factors: Both<Factors>;
  /** An amount is the product of its factors times this. */
  readonly scale: bigint;
  /** The factors to divide by. */
  readonly names: readonly Factor[];
}

/**
 * Divides an item's change among the factors of its cost, exactly.
 * @param change what the parts add up to, to the last unit
 */
export function divideChange(division: Division, change: bigint, method: "lmdi" | "shapley"): Parts {
  const { parts, under } = method === "lmdi" ? byLogarithms(division) : byOrders(division);
  // All factors are the same, and yet the amounts were rounded apart by a unit.
  if (parts.every((part) => part === 0n)) return { ...noParts, undivided: change };
  const settled = settleParts(parts, under, change);
  return { ...noParts, ...Object.fromEntries(division.names.map((name, at) => [name, settled[at] ?? 0n])) };
}

/** LMDI-I: L(after, before) · ln(factor after ÷ factor before). */
function byLogarithms({ amounts, factors, names }: Division): { parts: bigint[]; under: bigint } {
  const mean = meanOf(amounts.after, amounts.before);
  const parts = names.map((name) => {
    const [was, is] = [factors.before[name], factors.after[name]] as [Quotient, Quotient];
    // One logarithm of whole numbers instead of four of floats: a factor that did not change gives exactly nothing.
    const log = logRatio(is.over * was.under, was.over * is.under);
    return BigInt(Math.trunc(mean * log * Number(FINE)));
  });
  return { parts, under: FINE };
}

/** The logarithmic mean of two quotients. */
const meanOf = (a: Quotient, b: Quotient): number =>
  logarithmicMean(a.over * b.under, b.over * a.under) / Number(a.under * b.under);

/** Shapley's values, in exact numbers throughout. */
function byOrders({ factors, names, scale }: Division): { parts: readonly bigint[]; under: bigint } {
  const listOf = (of: Factors): Quotient[] => names.map((name) => of[name] as Quotient);
  const { parts, under } = shapleyOfProduct(listOf(factors.before), listOf(factors.after));
  return { parts: parts.map((part) => part * scale), under };
}
