import { Problem } from "#units/problems.ts";

/** The value of an option that takes one; undefined if it was not given. */
export const optionalText = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** The values of an option that takes several. */
export const textList = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];

/** Names separated by commas; one with a backslash before it belongs to the name. */
export const nameList = (value: unknown): string[] =>
  (optionalText(value) ?? "")
    .split(/(?<!\\),/)
    .map((name) => name.replaceAll("\\,", ",").trim())
    .filter((name) => name !== "");

/** @throws Problem "option-invalid" if the value is none of those */
export function choice<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    throw new Problem("option-invalid", `${option} ${String(value)} is not one of ${allowed.join(", ")}.`);
  }
  return found;
}

/** @throws Problem "option-invalid" unless a whole number above zero */
export function positiveInteger(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new Problem("option-invalid", `${option} ${value} is not a whole number above zero.`);
  return Number(value);
}
