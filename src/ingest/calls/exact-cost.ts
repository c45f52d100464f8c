import { formatDecimal, parseDecimal } from "#units/decimal.ts";

/** A stated cost as exact decimal text without exponent; null if it is no decimal that money holds, or below zero. */
export function exactCost(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  try {
    const parsed = parseDecimal(text);
    return parsed === undefined || parsed.units < 0n ? null : formatDecimal(parsed.units);
  } catch {
    // More digits than money has: no cost of a call.
    return null;
  }
}
