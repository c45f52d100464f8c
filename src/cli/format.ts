import { absolute, decimal, formatDecimal, roundTo } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";

/** A whole number with separators: 1,234,567. */
export const count = (value: number): string => value.toLocaleString("en-US");

/** A whole number and what it counts: 1 charge, 2 charges. */
export const many = (number: number, what: string): string =>
  `${count(number)} ${what}${number === 1 ? "" : "s"}`;

/** A midnight as its date, any other time in full. */
export const day = (time: number): string => formatInstant(time).replace("T00:00:00Z", "");

/** A time to the minute, in UTC. */
export const minute = (time: number): string => formatInstant(time).slice(0, 16).replace("T", " ");

/** An exact cost; one that no charge has a value of is unknown, not zero. */
export const exactCost = (exact: string | null | undefined): string => exact ?? "unknown";

/** An exact decimal with its sign: +12.5, -3, ±0. */
export function signed(exact: string): string {
  if (/^-?0*\.?0*$/.test(exact)) return "±0";
  return exact.startsWith("-") ? exact : `+${exact}`;
}

/**
 * A sum for people: separators and two decimals; three significant digits below a hundredth, so that small money is not shown
 * as nothing. Exact values are in --json and --csv.
 */
export function amount(units: bigint): string {
  if (units === 0n) return "0.00";
  return absolute(units) < decimal("0.01") ? significant(units, 3) : separated(units, 2);
}

/** A rate for people: at least two decimals, and four significant digits, since rates are multiplied. */
export function rate(units: bigint): string {
  if (units === 0n) return "0.00";
  return absolute(units) < decimal("10") ? significant(units, 4) : separated(units, 2);
}

/** A change as a percentage with its sign: +8.4%; none where nothing is left of it. */
export function percent(ratio: number): string {
  const shown = share(ratio);
  return ratio > 0 && shown !== "0.0%" ? `+${shown}` : shown;
}

/** A part of a whole as a percentage: 8.4%. */
export function share(ratio: number): string {
  const shown = Math.abs(ratio) >= 10 ? count(Math.round(ratio * 100)) : (ratio * 100).toFixed(1);
  return `${shown === "-0.0" ? "0.0" : shown}%`;
}

function significant(units: bigint, digits: number): string {
  const length = absolute(units).toString().length;
  const text = formatDecimal(roundTo(units, Math.max(2, Math.min(18, 18 - length + digits)), "half-even"));
  const [whole = "0", fraction = ""] = text.split(".");
  return `${whole}.${fraction.padEnd(2, "0")}`;
}

function separated(units: bigint, decimals: number): string {
  const [whole = "0", fraction = ""] = formatDecimal(roundTo(units, decimals, "half-even")).split(".");
  return `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${fraction.padEnd(decimals, "0")}`;
}
