/**
 * Amounts that together exceed a capacity, cut in proportion so that they add up to it: differences of one rounded running total, so
 * each is within one unit of its exact share and none exceeds what it was by more than that rounding.
 * @param amounts whole numbers ≥ 0
 * @param capacity a whole number ≥ 0, below their sum
 */
export function fitToCapacity(amounts: readonly number[], capacity: number): number[] {
  const sum = BigInt(amounts.reduce((a, b) => a + b, 0));
  const room = BigInt(capacity);
  let running = 0n;
  let given = 0n;
  return amounts.map((amount) => {
    running += BigInt(amount);
    const upTo = (room * running) / sum;
    const part = upTo - given;
    given = upTo;
    return Number(part);
  });
}
