/**
 * Whole numbers that add up to `total` and lie as near as can be to the parts given. What the parts lack is first spread in
 * proportion to their size; then each is rounded to the nearest whole number (halves away from zero), and the ones that are still
 * lacking go to the parts that rounding took most from: the largest-remainder method for parts of either sign.
 *
 * A part of zero stays zero. Negating the parts and the total negates the answer exactly.
 * @param parts counted in `under`-ths
 * @param under above zero
 * @param total a whole number
 * @throws RangeError if all parts are zero and the total is not
 * @see Hamilton's method of apportionment
 */
export function settleParts(parts: readonly bigint[], under: bigint, total: bigint): bigint[] {
  const size = parts.reduce((sum, part) => sum + magnitude(part), 0n);
  if (size === 0n && total !== 0n) throw new RangeError("Nothing can be divided among parts of zero.");
  if (size === 0n) return parts.map(() => 0n);
  const lacking = total * under - parts.reduce((sum, part) => sum + part, 0n);
  const spread = parts.map((part) => part + (lacking * magnitude(part)) / size);
  const settled = spread.map((part) => nearest(part, under));
  giveRest(settled, total, (index) =>
    parts[index] === 0n ? undefined : (spread[index] ?? 0n) - (settled[index] ?? 0n) * under,
  );
  return settled;
}

/**
 * Adds what the numbers lack to those with the largest error, one each; the first of equals comes first.
 * @param errorOf how much an exact part lies above its whole number; undefined for those that stay as they are
 */
function giveRest(settled: bigint[], total: bigint, errorOf: (index: number) => bigint | undefined): void {
  const rest = total - settled.reduce((sum, part) => sum + part, 0n);
  if (rest === 0n) return;
  const sign = rest < 0n ? -1n : 1n;
  const order = settled
    .map((_, index) => ({ index, error: errorOf(index) }))
    .flatMap(({ index, error }) => (error === undefined ? [] : [{ index, error: error * sign }]))
    .sort((a, b) => (a.error === b.error ? a.index - b.index : a.error > b.error ? -1 : 1));
  // Each rounding error is at most a half and they add up to the rest, so there are enough takers.
  for (const { index } of order.slice(0, Number(magnitude(rest))))
    settled[index] = (settled[index] ?? 0n) + sign;
}

/** part ÷ under, halves away from zero. */
function nearest(part: bigint, under: bigint): bigint {
  const whole = (2n * magnitude(part) + under) / (2n * under);
  return part < 0n ? -whole : whole;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
