import { widthOf } from "./printable.ts";

/**
 * Breaks a text into lines of at most `width` characters: at blanks, after signs that join words (- / : . , _), between the words of
 * a name such as EffectiveCost, and only then anywhere. Nothing is left out.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words(text).flatMap((each) => pieces(each, width))) {
    if (widthOf(line + word.trimEnd()) > width && line !== "") {
      lines.push(line.trimEnd());
      line = "";
    }
    line += line === "" ? word.trimStart() : word;
  }
  return [...lines, line.trimEnd()];
}

/** The longest part of a text that is not broken without need. */
export const longestWord = (text: string): number =>
  Math.max(0, ...words(text).map((word) => widthOf(word.trimEnd())));

const words = (text: string): string[] => text.split(/(?<=[\s\-/:.,_|])|(?<=[\p{Ll}\d])(?=\p{Lu})/u);

/** A word in parts that fit; one letter at least, though it be wider than the line. */
function pieces(word: string, width: number): string[] {
  if (widthOf(word.trimEnd()) <= width) return [word];
  const parts = [""];
  for (const letter of word) {
    const last = parts.at(-1) ?? "";
    if (last !== "" && widthOf(last + letter) > width) parts.push(letter);
    else parts[parts.length - 1] = last + letter;
  }
  return parts;
}
