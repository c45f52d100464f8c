import { decimal, divideRounded, ONE, type Rounding } from "#units/decimal.ts";

/** A number of devices: 8 whole ones, or 1/6 of a shared one, kept as two whole numbers since a sixth is no decimal. */
export interface Fraction {
  readonly part: bigint;
  /** Above zero. */
  readonly whole: bigint;
}

/**
 * Reads "8", "1/6" or "0.5".
 * @returns undefined for anything else, zero among it: a machine with a shared device has more than none
 */
export function parseFraction(text: string): Fraction | undefined {
  const match = /^(\d{1,6})(?:\/(\d{1,6})|(\.\d{1,6}))?$/.exec(text);
  if (match === null) return undefined;
  const [, part = "", whole, decimals] = match;
  const read =
    decimals === undefined
      ? { part: BigInt(part), whole: BigInt(whole ?? "1") }
      : { part: decimal(part + decimals), whole: ONE };
  if (read.part === 0n || read.whole === 0n) return undefined;
  const shared = divisor(read.part, read.whole);
  return { part: read.part / shared, whole: read.whole / shared };
}

/** "8" or "1/6". */
export const formatFraction = ({ part, whole }: Fraction): string =>
  whole === 1n ? String(part) : `${part}/${whole}`;

/** The fraction as a decimal in units of the 18th place. */
export const fractionUnits = ({ part, whole }: Fraction, rounding: Rounding): bigint =>
  divideRounded(part * ONE, whole, rounding);

/** What one whole device costs where `fraction` of it costs `units`: 0.202 for an eighth is 1.616. */
export const perOne = (units: bigint, { part, whole }: Fraction, rounding: Rounding): bigint =>
  divideRounded(units * whole, part, rounding);

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b));
