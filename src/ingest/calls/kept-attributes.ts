import { keyKind } from "./content-keys.ts";

/** Of one call. */
export const MOST_ATTRIBUTES = 64;
/** Names of owners, workloads and models are shorter; what is longer is a text. */
export const MOST_LETTERS = 256;

/** Collects what is told of a call beside its own columns; texts and secrets never get in. */
export class KeptAttributes {
  readonly values: Record<string, string> = {};
  /** How many were not kept: too many, too long, of several lines, or named as a text or secret. */
  leftOut = 0;
  #count = 0;

  /** Keeps one as it was delivered, unless it is empty; the first of a name counts. */
  add(key: string, value: unknown, isJudged = false): void {
    const text = typeof value === "string" ? value : textOf(value);
    if (text === "" || Object.hasOwn(this.values, key)) return;
    const isText = text.length > MOST_LETTERS || key.length > MOST_LETTERS || /[\n\r]/.test(text);
    if (isText || this.#count >= MOST_ATTRIBUTES || (!isJudged && keyKind(key) !== "plain")) {
      this.leftOut++;
      return;
    }
    this.#count++;
    // A key such as __proto__ must become a member like any other.
    Object.defineProperty(this.values, key, {
      value: text,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  // Lists of names, such as tags, keep their form.
  return Array.isArray(value) ? (value.length === 0 ? "" : JSON.stringify(value)) : JSON.stringify(value);
}
