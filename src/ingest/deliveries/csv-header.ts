import { Problem } from "#units/problems.ts";

/**
 * The column names in the first record of a CSV text (RFC 4180, comma), which may be cut off anywhere after that record.
 * @throws Problem "csv-malformed" for another delimiter, an open quote or a header that never ends, "column-duplicate"
 */
export function csvHeader(text: string, file: string): string[] {
  const columns: string[] = [];
  let cell = "";
  let quoted = false;
  let ended = false;
  for (let index = 0; index < text.length && !ended; index++) {
    const char = text[index];
    if (quoted) {
      if (char === '"' && text[index + 1] === '"') {
        cell += '"';
        index++;
      } else if (char === '"') quoted = false;
      else cell += char;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === ",") {
      columns.push(cell);
      cell = "";
    } else if (char === "\n" || char === "\r") ended = true;
    else cell += char;
  }
  columns.push(cell);
  if (quoted)
    throw new Problem("csv-malformed", `${file}: a quote in the first line is never closed.`, {
      at: { file, line: 1 },
    });
  refuseOtherDelimiters(columns, file);
  refuseDuplicates(columns, file);
  return columns;
}

function refuseOtherDelimiters(columns: readonly string[], file: string): void {
  const [only] = columns;
  if (columns.length > 1 || only === undefined) return;
  const names = { ";": "semicolons", "\t": "tabs", "|": "bars" } as const;
  for (const [delimiter, name] of Object.entries(names)) {
    if (only.split(delimiter).length > 3) {
      throw new Problem("csv-malformed", `${file}: columns are separated by ${name}, not by commas.`, {
        at: { file, line: 1, value: only.slice(0, 80) },
        hint: "Export the file again with commas; amounts in such files often have decimal commas too, so it is not guessed at.",
      });
    }
  }
}

function refuseDuplicates(columns: readonly string[], file: string): void {
  // The engine's names are blind to case, so `Id` and `ID` would be one column.
  const seen = new Set<string>();
  for (const column of columns) {
    const name = column.toLowerCase();
    if (seen.has(name)) {
      throw new Problem("column-duplicate", `${file}: the column ${column} occurs twice.`, {
        at: { file, line: 1, column },
      });
    }
    seen.add(name);
  }
}
