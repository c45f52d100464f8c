import { Problem } from "#units/problems.ts";

/** Objects of real clusters and states stay below 30. */
export const MAX_DEPTH = 100;

/**
 * The values of a text that holds one JSON value after another, as `kubectl` and `jq` write them, each as its own text. It is looked
 * at letter by letter, so that a text nested too deep is refused before a parser walks down it.
 * @throws Problem "json-invalid" for brackets that don't match, "input-too-large" for more than 100 levels
 */
export function jsonTexts(text: string, file: string): string[] {
  const values: string[] = [];
  let depth = 0;
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') at = endOfString(text, at, file);
    else if (letter === "{" || letter === "[") {
      if (depth++ === 0) start = at;
      if (depth > MAX_DEPTH) throw tooDeep(file);
    } else if (letter === "}" || letter === "]") {
      if (--depth < 0) throw broken(file, "a bracket closes that was never opened");
      if (depth === 0) values.push(text.slice(start, at + 1));
    } else if (depth === 0 && !SEPARATOR.test(letter ?? "")) {
      throw broken(file, `${JSON.stringify(text.slice(at, at + 20))} stands outside of any object`);
    }
  }
  if (depth > 0) throw broken(file, "it ends before its last bracket closes");
  return values;
}

const SEPARATOR = /[\s,]/;

function endOfString(text: string, start: number, file: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  throw broken(file, "it ends inside a text");
}

export const tooDeep = (file: string): Problem =>
  new Problem("input-too-large", `${file} is nested more than ${MAX_DEPTH} levels deep.`, { at: { file } });

const broken = (file: string, what: string): Problem =>
  new Problem("json-invalid", `${file} is no JSON: ${what}.`, {
    at: { file },
    hint: "The file may have been cut off, or hold more than the command's output; write it again.",
  });

/** @throws Problem "json-invalid" */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw broken(file, cause instanceof Error ? cause.message : "it can't be read");
  }
}
