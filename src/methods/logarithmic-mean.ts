/**
 * ln(a ÷ b), exactly antisymmetric and without loss where a and b are nearly equal.
 * @param a above zero, below 10³⁰⁰
 * @param b above zero, below 10³⁰⁰
 * @throws RangeError if either is not above zero
 */
export function logRatio(a: bigint, b: bigint): number {
  if (a <= 0n || b <= 0n) throw new RangeError("A logarithm needs numbers above zero.");
  if (a === b) return 0;
  if (a < b) return -logRatio(b, a);
  // The difference is taken before anything is rounded: as doubles, 10²² and 10²² + 1 would be the same number.
  const excess = Number(a - b) / Number(b);
  return excess < 1 ? Math.log1p(excess) : Math.log(Number(a) / Number(b));
}

/**
 * The logarithmic mean L(a, b) = (a − b) ÷ (ln a − ln b), with L(a, a) = a; exactly symmetric.
 * @param a above zero, below 10³⁰⁰
 * @param b above zero, below 10³⁰⁰
 * @throws RangeError if either is not above zero
 */
export function logarithmicMean(a: bigint, b: bigint): number {
  const log = logRatio(a, b);
  return log === 0 ? Number(a) : Number(a - b) / log;
}
