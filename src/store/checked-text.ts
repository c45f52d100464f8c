import { Problem } from "#units/problems.ts";

/** The most characters of an identifier or a name, of a reason or a note, and of what is kept whole (rules, a statement). */
const LONGEST_NAME = 500;
export const LONGEST_NOTE = 4_000;
export const LONGEST_CONTENT = 16_000_000;

/**
 * A text that both databases can hold: no zero character, no half of a surrogate pair, not too long.
 * @param what it is, for the message
 * @throws Problem "record-invalid"
 */
export function checkedText(what: string, text: string, longest: number): string {
  if (text.length > longest)
    throw new Problem("record-invalid", `${what} has ${text.length} characters; the most is ${longest}.`);
  if (text.includes("\0") || /\p{Surrogate}/u.test(text))
    throw new Problem("record-invalid", `${what} holds a character that is no text.`, {
      at: { value: text },
    });
  return text;
}

/**
 * A text that says something, such as an identifier.
 * @throws Problem "record-invalid" if it is empty, or nothing but spaces
 */
export function checkedName(what: string, text: string): string {
  if (text.trim() === "") throw new Problem("record-invalid", `${what} is empty.`);
  return checkedText(what, text, LONGEST_NAME);
}
