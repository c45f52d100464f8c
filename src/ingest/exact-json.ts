/**
 * SQL that turns every number of a JSON text into a string of the same digits. The engine reads JSON numbers as doubles, and a
 * bill may have more digits than those hold; as strings they come out as they were written. Strings are stepped over, so digits
 * inside them stay: the marks put around what was found are control characters, which JSON can't contain.
 */
export function exactJson(sql: string): string {
  const tokens = `("(?:[^"\\\\]|\\\\.)*")|(-?[0-9][-+.0-9eE]*)`;
  const marked = `regexp_replace(${sql}, '${tokens}', '\\1' || chr(1) || '\\2' || chr(1), 'g')`;
  return `replace(replace(${marked}, chr(1) || chr(1), ''), chr(1), '"')`;
}
