import { type CountClaims, type CountFault, partitionTokens, type TokenCount } from "./token-usage.ts";

/** Looks counts up in what a provider sent, and remembers what is no count. */
export interface CountReader {
  /** The count at a path such as `prompt_tokens_details.cached_tokens`; undefined if absent or null. */
  count(path: string): number | undefined;
  /** The first of several names that is there; a fault if two of them differ. */
  either(...paths: readonly string[]): number | undefined;
  /** A list at a path; empty if absent. */
  list(path: string): readonly unknown[];
  /** The names of the object itself. */
  readonly names: readonly string[];
  fault(fault: CountFault): void;
}

/**
 * Reads a provider's counts by its rule.
 * @param usage what the provider sent: an object; whole numbers, as numbers or as digits in text, which is how protocol buffers write them
 * @param claims the provider's rule; undefined where neither input nor output is told
 */
export function readCounts(
  usage: unknown,
  claims: (reader: CountReader) => CountClaims | undefined,
): TokenCount {
  const faults: CountFault[] = [];
  const root = objectOf(usage) ?? {};
  const count = (path: string): number | undefined => {
    const value = valueAt(root, path);
    if (value === undefined || value === null) return undefined;
    const read = numberOf(value);
    if (read === undefined) faults.push({ code: "not-a-count", field: path, value: shown(value) });
    return read;
  };
  const reader: CountReader = {
    count,
    either: (...paths) => {
      const found = paths.flatMap((path) => {
        const value = count(path);
        return value === undefined ? [] : [{ path, value }];
      });
      const [first] = found;
      const other = found.find(({ value }) => !Object.is(value, first?.value));
      if (first !== undefined && other !== undefined)
        faults.push({
          code: "told-twice",
          field: `${first.path}, ${other.path}`,
          value: `${first.value}, ${other.value}`,
        });
      return first?.value;
    },
    list: (path) => {
      const value = valueAt(root, path);
      return Array.isArray(value) ? value : [];
    },
    names: Object.keys(root),
    fault: (fault) => faults.push(fault),
  };
  const made = claims(reader);
  if (faults.length > 0) return { state: "fault", faults };
  if (made === undefined)
    return {
      state: "fault",
      faults: [{ code: "nothing-counted", field: "usage", value: Object.keys(root).join(", ").slice(0, 80) }],
    };
  return partitionTokens(made);
}

/** Adds what is there; undefined if nothing is. */
export function sumOf(...counts: readonly (number | undefined)[]): number | undefined {
  const found = counts.flatMap((each) => each ?? []);
  return found.length === 0 ? undefined : found.reduce((a, b) => a + b, 0);
}

/** An object's entries that are there, so that what is absent stays absent. */
export const present = <T extends object>(object: {
  [K in keyof T]: T[K] | undefined;
}): Partial<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;

/** A value as text that is short enough for a message. */
export const shown = (value: unknown): string =>
  (typeof value === "object"
    ? JSON.stringify(value)
    : typeof value === "string"
      ? `"${value}"`
      : typeof value
  ).slice(0, 80);

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
}

/** A value by its path; a name that holds points itself, as attributes of OpenTelemetry do, is found whole first. */
function valueAt(root: Json, path: string): unknown {
  if (Object.hasOwn(root, path)) return root[path];
  let value: unknown = root;
  for (const name of path.split(".")) {
    const object = objectOf(value);
    if (object === undefined || !Object.hasOwn(object, name)) return undefined;
    value = object[name];
  }
  return value;
}

type Json = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
