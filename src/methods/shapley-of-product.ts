import type { Quotient } from "./quotient.ts";

/** Exact quotients over one divisor. */
export interface Parts {
  readonly parts: readonly bigint[];
  /** Above zero. */
  readonly under: bigint;
}

/**
 * What each factor of a product contributes to the product's change: the mean, over all orders in which the factors could change one
 * after the other, of what the product changes by when this one does. Exact; the parts add up to the change; factors may be zero or
 * negative.
 * @param before the factors; a few, since 2ⁿ products are computed
 * @param after as many
 * @see Shapley 1953, "A value for n-person games"
 */
export function shapleyOfProduct(before: readonly Quotient[], after: readonly Quotient[]): Parts {
  const count = before.length;
  const pairs = before.map((was, index) => {
    const is = after[index] ?? was;
    return { was: was.over * is.under, is: is.over * was.under, under: was.under * is.under };
  });
  // A set of factors is a number whose bits say which have changed.
  const productOf = (changed: number): bigint =>
    pairs.reduce((all, { was, is }, index) => all * (changed & (1 << index) ? is : was), 1n);
  const products = Array.from({ length: 1 << count }, (_, changed) => productOf(changed));
  const parts = pairs.map((_, index) =>
    products.reduce((sum, product, changed) => {
      if (changed & (1 << index)) return sum;
      const others = bits(changed);
      const orders = factorial(others) * factorial(count - others - 1);
      return sum + orders * ((products[changed | (1 << index)] ?? 0n) - product);
    }, 0n),
  );
  return { parts, under: pairs.reduce((all, { under }) => all * under, factorial(count)) };
}

const bits = (set: number): number => (set === 0 ? 0 : (set & 1) + bits(set >> 1));

const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1));
