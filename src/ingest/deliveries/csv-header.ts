import { Problem } from "#units/problems.ts";

/**
 * The column names in the first record of a CSV text (RFC 4180, comma).
 * @param whole false if the text may be cut off at its end
 * @throws Problem "csv-malformed" for another delimiter or an open quote, "input-too-large" for a header that never ends,
 * "column-missing" for a column without a name, "column-duplicate"
 */
export function csvHeader(text: string, file: string, whole: boolean): string[] {
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
    throw new Problem("csv-malformed", `${file}, line 1: a quote in the header is never closed.`, {
      at: { file, line: 1 },
    });
  if (!ended && !whole)
    throw new Problem(
      "input-too-large",
      `${file}, line 1: the header is longer than ${text.length >> 10} KiB.`,
      {
        at: { file, line: 1 },
        hint: "Real bills have up to some hundreds of columns; check that the file has line ends and is a CSV.",
      },
    );
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
      throw new Problem(
        "csv-malformed",
        `${file}, line 1: columns are separated by ${name}, not by commas.`,
        {
          at: { file, line: 1, value: only.slice(0, 80) },
          hint: "Export the file again with commas; amounts in such files often have decimal commas too, so it is not guessed at.",
        },
      );
    }
  }
}

function refuseDuplicates(columns: readonly string[], file: string): void {
  // The engine's names are blind to case, so `Id` and `ID` would be one column.
  const seen = new Set<string>();
  for (const [index, column] of columns.entries()) {
    if (column.trim() === "")
      throw new Problem("column-missing", `${file}, line 1: column ${index + 1} has no name.`, {
        at: { file, line: 1 },
        hint: "Name the column, or remove it.",
      });
    const name = column.toLowerCase();
    if (seen.has(name)) {
      throw new Problem("column-duplicate", `${file}, line 1: the column ${column} occurs twice.`, {
        at: { file, line: 1, column },
      });
    }
    seen.add(name);
  }
}
