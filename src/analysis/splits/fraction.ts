/** An exact fraction with a denominator above zero, in lowest terms. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export const WHOLE: Fraction = { over: 1n, under: 1n };

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

function lowest(over: bigint, under: bigint): Fraction {
  const common = gcd(over, under);
  return { over: over / common, under: under / common };
}

/** A part of a fraction: `weight` of `sum`. */
export const partOf = ({ over, under }: Fraction, weight: bigint, sum: bigint): Fraction =>
  lowest(over * weight, under * sum);

/** Two fractions together. */
export const plus = (a: Fraction, b: Fraction): Fraction =>
  lowest(a.over * b.under + b.over * a.under, a.under * b.under);

/** Whole weights in the ratio of fractions. */
export function weightsOf(fractions: readonly Fraction[]): bigint[] {
  const under = fractions.reduce((all, each) => (all / gcd(all, each.under)) * each.under, 1n);
  return fractions.map((each) => each.over * (under / each.under));
}
