import { readRows } from "#ingest/calls/read-rows.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import type { ProblemCode } from "#units/problem-codes.ts";

/** What is wrong with a row's cell. */
export interface CellFault {
  /** Empty where it is the row itself. */
  readonly column: string;
  readonly value?: unknown;
  readonly what: string;
}

/** How rows are read, and what is said of those that are wrong. */
export interface StrictRows<T> {
  readonly code: ProblemCode;
  readonly hint: string;
  /** Everything that is wrong with a row; nothing is guessed. */
  readonly read: (
    row: Readonly<Record<string, unknown>>,
  ) => { readonly value: T } | { readonly faults: readonly CellFault[] };
}

const BATCH = 5000;
/** More wrong rows than this are one mistake made often. */
const MOST_PROBLEMS = 20;

/**
 * Reads a CSV or JSON file, gzipped or not, batch by batch; a wrong row makes the whole file wrong.
 * @returns how many rows there are
 * @throws Problem of the code given with file, row, column and value of the first rows that are wrong; those of `readRows`
 */
export async function* strictRows<T>(
  file: string,
  { code, hint, read }: StrictRows<T>,
): AsyncGenerator<readonly T[], number> {
  const problems: ProblemReport[] = [];
  let batch: T[] = [];
  let rows = 0;
  for await (const { line, row } of readRows(file)) {
    rows++;
    const told = row === undefined ? { faults: [{ column: "", what: "it is no JSON object" }] } : read(row);
    if ("value" in told) batch.push(told.value);
    else
      for (const fault of told.faults)
        if (problems.length < MOST_PROBLEMS) problems.push(problemAt(code, file, line, fault));
    if (batch.length < BATCH || problems.length > 0) continue;
    yield batch;
    batch = [];
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new Problem(code, first.message, { at: first.at ?? { file }, others, hint });
  if (rows === 0) throw new Problem("source-empty", `${file} holds no row.`, { at: { file } });
  if (batch.length > 0) yield batch;
  return rows;
}

/** A cell as text: what was written, or nothing. */
export const cellText = (value: unknown): string =>
  typeof value === "string"
    ? value.trim()
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : "";

function problemAt(
  code: ProblemCode,
  file: string,
  line: number,
  { column, value, what }: CellFault,
): ProblemReport {
  const shown = cellText(value).slice(0, 80);
  const cell = shown === "" ? "" : ` "${shown}"`;
  return {
    code,
    message: `${file}, row ${line}${column === "" ? "" : `, column ${column}`}:${cell} ${what}${/[.?]$/.test(what) ? "" : "."}`,
    at: { file, line, ...(column === "" ? {} : { column }), ...(shown === "" ? {} : { value: shown }) },
  };
}
