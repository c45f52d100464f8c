import { absolute, decimal, formatDecimal, roundTo } from "#units/decimal.ts";

/** A whole number with separators: 1,234,567. */
export const count = (value: number): string => value.toLocaleString("en-US");

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
  const cents = roundTo(units, 2, "half-even");
  if (absolute(units) < decimal("0.01")) {
    const digits = absolute(units).toString().length;
    return formatDecimal(roundTo(units, Math.min(18, 18 - digits + 3), "half-even"));
  }
  const [whole = "0", fraction = ""] = formatDecimal(cents).split(".");
  return `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${fraction.padEnd(2, "0")}`;
}

/** A ratio as a percentage with its sign: +8.4 %; none where nothing is left of it. */
export function percent(ratio: number): string {
  const shown = Math.abs(ratio) >= 10 ? (ratio * 100).toFixed(0) : (ratio * 100).toFixed(1);
  if (/^-?0\.0$/.test(shown)) return "0.0 %";
  return `${ratio > 0 ? "+" : ""}${shown} %`;
}
