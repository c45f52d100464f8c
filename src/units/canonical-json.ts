import { Problem } from "./problems.ts";

/** What JSON can say. A property that is undefined is left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

const DEEPEST = 100;

/**
 * One text for one value: keys in order of their UTF-16 units, no spaces, numbers and strings as JSON.stringify writes them.
 * @throws Problem "record-invalid" for a number that is not finite, or more than 100 levels
 * @see RFC 8785, JSON Canonicalization Scheme
 */
export function canonicalJson(value: JsonValue, depth = 0): string {
  if (depth > DEEPEST)
    throw new Problem("record-invalid", `JSON of more than ${DEEPEST} levels is not kept.`);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new Problem("record-invalid", `${value} is no number of JSON.`);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map((each) => canonicalJson(each, depth + 1)).join(",")}]`;
  const members = Object.entries(value)
    .filter((member): member is [string, JsonValue] => member[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each, depth + 1)}`);
  return `{${members.join(",")}}`;
}

const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value);
