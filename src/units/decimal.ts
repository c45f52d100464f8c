import { Problem } from "./problems.ts";

/** Every exact number is a bigint that counts units of the 18th decimal. */
export const SCALE = 18;
/** 1 in units of the 18th decimal. */
export const ONE = 10n ** 18n;

/** The largest magnitude a DECIMAL(38,18) holds: 20 digits before the point. */
export const MAX_UNITS = 10n ** 38n - 1n;

/** Where a part below the last unit goes: down is to zero, up is from zero. */
export type Rounding = "half-even" | "half-up" | "down" | "up" | "floor" | "ceiling";

/** A decimal as it may be delivered: no plus sign, no separators, E notation allowed, digits on at least one side of the point. */
const DECIMAL = /^(-?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

export interface ParsedDecimal {
  readonly units: bigint;
  /** True when digits beyond the 18th decimal were rounded away, half to even. */
  readonly rounded: boolean;
}

/**
 * Reads a decimal text exactly; digits beyond the 18th decimal are rounded half to even and reported.
 * @returns undefined if the text is not a decimal
 * @throws Problem "amount-out-of-range" if it needs more than 20 digits before the point
 * @see FOCUS NumericFormat attribute
 */
export function parseDecimal(text: string): ParsedDecimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponentText] = match;
  const exponent = exponentText === undefined ? 0 : Number(exponentText);
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return { units: 0n, rounded: false };
  const shift = SCALE + exponent - fraction.length;
  if (shift > 60) throw outOfRange(text);
  const scaled =
    shift >= 0 ? digits * 10n ** BigInt(shift) : divideRounded(digits, 10n ** BigInt(-shift), "half-even");
  const rounded = shift < 0 && digits % 10n ** BigInt(-shift) !== 0n;
  if (scaled > MAX_UNITS) throw outOfRange(text);
  return { units: sign === "-" ? -scaled : scaled, rounded };
}

/**
 * Like `parseDecimal`, for text that must be a decimal.
 * @throws Problem "not-a-number"
 */
export function decimal(text: string): bigint {
  const parsed = parseDecimal(text);
  if (parsed === undefined) throw new Problem("not-a-number", `"${text}" is not a decimal.`);
  return parsed.units;
}

/** The shortest exact text: no exponent, no trailing zeros, no negative zero. */
export function formatDecimal(units: bigint): string {
  const magnitude = units < 0n ? -units : units;
  const fraction = (magnitude % ONE).toString().padStart(SCALE, "0").replace(/0+$/, "");
  const whole = (magnitude / ONE).toString();
  return (units < 0n ? "-" : "") + (fraction === "" ? whole : `${whole}.${fraction}`);
}

/** Rounds to `decimals` places, 0 to 18, and says how in its name for rounding. */
export function roundTo(units: bigint, decimals: number, rounding: Rounding): bigint {
  const step = 10n ** BigInt(SCALE - decimals);
  return divideRounded(units, step, rounding) * step;
}

/** units × factor, both at scale 18. */
export function multiply(units: bigint, factor: bigint, rounding: Rounding): bigint {
  return divideRounded(units * factor, ONE, rounding);
}

/**
 * dividend ÷ divisor of two numbers at scale 18, at scale 18.
 * @throws Problem "not-a-number" if the divisor is zero
 */
export function divide(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  return divideRounded(dividend * ONE, divisor, rounding);
}

/**
 * Integer division with named rounding.
 * @throws Problem "not-a-number" if the divisor is zero
 */
export function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (divisor === 0n) throw new Problem("not-a-number", "Division by zero.");
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  if (remainder === 0n) return quotient;
  const negative = dividend < 0n !== divisor < 0n;
  const away = negative ? quotient - 1n : quotient + 1n;
  switch (rounding) {
    case "down":
      return quotient;
    case "up":
      return away;
    case "floor":
      return negative ? away : quotient;
    case "ceiling":
      return negative ? quotient : away;
    default: {
      const twice = absolute(remainder) * 2n;
      const size = absolute(divisor);
      if (twice !== size) return twice > size ? away : quotient;
      return rounding === "half-up" || quotient % 2n !== 0n ? away : quotient;
    }
  }
}

/** The size of a number without its sign. */
export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The sum of what is known; undefined if neither is: unknown is not zero. */
export const addKnown = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined ? b : b === undefined ? a : a + b;

function outOfRange(text: string): Problem {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new Problem("amount-out-of-range", `${shown} needs more than 20 digits before the point.`, {
    at: { value: shown },
  });
}
