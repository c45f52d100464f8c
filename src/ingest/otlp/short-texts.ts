/** Slots of the table; a text that falls on another's slot takes it. */
const SLOTS = 4096;
/** Longer texts are ids and the like, which seldom come twice. */
const LONGEST = 48;

const texts = Array.from({ length: SLOTS }, () => "");

/**
 * The text of these bytes. Names of attributes and most short values come in every span: they are known again by their bytes, so that
 * the text need not be made anew, nor kept a thousand times.
 */
export function textAt(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST) return buffer.toString("utf8", start, end);
  if (length === 0) return "";
  let hash = length;
  let all = 0;
  for (let at = start; at < end; at++) {
    const byte = buffer[at] as number;
    all |= byte;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  // Only ASCII is compared letter by letter.
  if (all > 127) return buffer.toString("utf8", start, end);
  const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
  const known = texts[slot] as string;
  if (known.length === length && isAt(known, buffer, start)) return known;
  const text = buffer.toString("latin1", start, end);
  texts[slot] = text;
  return text;
}

function isAt(text: string, buffer: Buffer, start: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== buffer[start + at]) return false;
  return true;
}
