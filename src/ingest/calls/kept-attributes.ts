import { keyKind } from "./content-keys.ts";

/** Of one call. */
export const MOST_ATTRIBUTES = 64;
/** Names of owners, workloads and models are shorter; what is longer is a text. */
export const MOST_LETTERS = 256;

/** Collects what is told of a call beside its own columns; texts and secrets never get in. */
export class KeptAttributes {
  readonly values: Record<string, string> = Object.create(null) as Record<string, string>;
  /** How many were not kept: too many, too long, of several lines, or named as a text or secret. */
  leftOut = 0;
  #count = 0;

  /**
   * Keeps one as it was delivered, unless it is empty; the first of a name counts.
   * @param isJudged its name has been judged already
   */
  add(key: string, value: unknown, isJudged = false): void {
    const text = typeof value === "string" ? value : textOf(value);
    if (text === "" || this.values[key] !== undefined) return;
    if (
      text === null ||
      this.#count >= MOST_ATTRIBUTES ||
      key === "__proto__" ||
      !isShort(text) ||
      !isShort(key)
    )
      this.leftOut++;
    else if (!isJudged && keyKind(key) !== "plain") this.leftOut++;
    else {
      this.#count++;
      this.values[key] = text;
    }
  }
}

/** On one line, too: what has several is a text. */
const isShort = (text: string): boolean =>
  text.length <= MOST_LETTERS && !text.includes("\n") && !text.includes("\r");

/** Null for what is no name or list of names: whole objects are messages, documents and the like. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  if (!Array.isArray(value) || value.some((each) => typeof each === "object")) return null;
  // Lists of names, such as tags, keep their form.
  return value.length === 0 ? "" : JSON.stringify(value);
}
