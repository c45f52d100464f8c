import { allocateUnits } from "#units/money.ts";

/**
 * Divides amounts that come one after the other so that each is divided whole, and the parts of all add up to what the largest remainder
 * makes of their sum: each amount gets the difference of two successive divisions of the running sum.
 * A part is less than two units away from its exact share, so one of an amount of a few units may be of the other sign.
 * @param weights not negative, not all zero
 * @returns a function from an amount to its parts, in the order of the weights
 * @throws Problem "not-positive" if a weight is negative or all are zero
 */
export function runningSplit(weights: readonly bigint[]): (amount: bigint) => readonly bigint[] {
  let sum = 0n;
  let divided = allocateUnits(0n, weights);
  const nothing = divided;
  return (amount) => {
    if (amount === 0n) return nothing;
    sum += amount;
    const before = divided;
    divided = allocateUnits(sum, weights);
    return divided.map((part, index) => part - (before[index] ?? 0n));
  };
}
