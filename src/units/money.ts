import { absolute, decimal, divideRounded, formatDecimal, ONE, type Rounding, SCALE } from "./decimal.ts";
import { Problem } from "./problems.ts";

/** An exact amount and its currency: an ISO 4217 code or the name of a virtual currency. `units` counts 10⁻¹⁸. */
export interface Money {
  readonly units: bigint;
  readonly currency: string;
}

/**
 * @param text a plain decimal, such as "-12.5" or "1.2E-7"
 * @throws Problem "not-a-number", "amount-out-of-range"
 */
export function money(text: string, currency: string): Money {
  return { units: decimal(text), currency };
}

export const usd = (text: string): Money => money(text, "USD");

/** @throws Problem "currencies-mixed": amounts of different currencies are never added */
export function add(a: Money, b: Money): Money {
  return { units: a.units + sameCurrency(a, b).units, currency: a.currency };
}

/** @throws Problem "currencies-mixed" */
export function subtract(a: Money, b: Money): Money {
  return { units: a.units - sameCurrency(a, b).units, currency: a.currency };
}

/** Sums per currency, in order of the currencies' names. */
export function sumByCurrency(amounts: Iterable<Money>): Money[] {
  const totals = new Map<string, bigint>();
  for (const { currency, units } of amounts) totals.set(currency, (totals.get(currency) ?? 0n) + units);
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, units]) => ({ currency, units }));
}

/**
 * An amount divided by a whole number, at the 18th decimal.
 * @throws Problem "not-a-number" if the divisor is zero
 */
export function divide(amount: Money, divisor: bigint, rounding: Rounding): Money {
  return { units: divideRounded(amount.units, divisor, rounding), currency: amount.currency };
}

/**
 * Splits an amount by weights so that the parts add up to the whole, to the last unit: the largest-remainder method, ties to
 * the earlier part. Every part is less than one step away from its exact share. Parts carry `decimals` decimals; what the
 * amount has beyond them goes to one part, the next in line.
 * @param weights not negative, not all zero
 * @param decimals of a part, 0 to 18; 2 by default
 * @throws Problem "not-positive" if a weight is negative or all are zero
 * @see Hamilton's method of apportionment
 */
export function allocate(amount: Money, weights: readonly bigint[], decimals = 2): Money[] {
  const step = 10n ** BigInt(SCALE - decimals);
  return allocateUnits(amount.units, weights, step).map((units) => ({ units, currency: amount.currency }));
}

/**
 * Largest-remainder split of a whole number; the parts add up to it exactly.
 * @param step what parts are counted in, 1 by default
 * @throws Problem "not-positive" if a weight is negative or all are zero
 */
export function allocateUnits(total: bigint, weights: readonly bigint[], step = 1n): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum <= 0n || weights.some((weight) => weight < 0n)) {
    throw new Problem("not-positive", "Weights must not be negative, and one must be above zero.");
  }
  const size = absolute(total);
  const parts = weights.map((weight) => ((size * weight) / (sum * step)) * step);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (size * weight) % (sum * step) }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  let left = size - parts.reduce((a, b) => a + b, 0n);
  for (const { index } of byRemainder) {
    const given = left < step ? left : step;
    parts[index] = (parts[index] ?? 0n) + given;
    left -= given;
  }
  return total < 0n ? parts.map((part) => -part) : parts;
}

/** The exact text of an amount with its currency, such as "12.5 USD". */
export function formatMoney(amount: Money): string {
  return `${formatDecimal(amount.units)} ${amount.currency}`;
}

/** amount ÷ base as a plain ratio for display; undefined when the base is zero, since a share of nothing is unknown. */
export function ratio(amount: Money, base: Money): number | undefined {
  if (sameCurrency(amount, base).units === 0n) return undefined;
  return Number((amount.units * ONE) / base.units) / 1e18;
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) {
    throw new Problem("currencies-mixed", `Amounts in ${a.currency} and ${b.currency} can't be combined.`);
  }
  return b;
}
