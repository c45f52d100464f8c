import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { Outcome } from "#facts/outcome.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import { type OutcomeFault, outcomeOf, type OutcomeRow } from "./outcome-of.ts";

/** More wrong rows than this are one mistake made often. */
const MOST_PROBLEMS = 20;
const MOST_COLUMNS = 60;
const LONGEST_LINE = 1 << 20;

/**
 * Reads a CSV of outcomes row by row, with the memory of one row. Columns: id, time, kind, and if there are any count, success, value,
 * currency; every other column is a label.
 * @param each called with every outcome, as long as no row is wrong
 * @returns how many outcomes there are
 * @throws Problem "outcomes-invalid" with file, line, column and value of the first twenty rows that are wrong, "source-unreadable"
 */
export async function readOutcomesCsv(
  file: string,
  source: string,
  each: (outcome: Outcome) => void | Promise<void>,
): Promise<number> {
  const problems: ProblemReport[] = [];
  const parser = parse({ bom: true, info: true, max_record_size: LONGEST_LINE, skip_empty_lines: true });
  let header: readonly string[] | undefined;
  let rows = 0;
  const take = async ({ record, info }: Parsed): Promise<void> => {
    if (header === undefined) {
      header = headerOf(record, file);
      return;
    }
    rows++;
    const row: OutcomeRow = Object.fromEntries(header.map((name, index) => [name, record[index]]));
    const read = outcomeOf(row, source);
    if ("id" in read) {
      if (problems.length === 0) await each(read);
    } else if (problems.length < MOST_PROBLEMS)
      problems.push(...read.map((fault) => problemAt(file, info.lines, fault, row)));
  };
  try {
    await pipeline(createReadStream(file), parser, async (records: AsyncIterable<Parsed>) => {
      for await (const record of records) await take(record);
    });
  } catch (cause) {
    throw faultOf(cause, file);
  }
  const [first, ...others] = problems;
  if (first !== undefined)
    throw new Problem("outcomes-invalid", first.message, { at: first.at ?? { file }, others });
  if (header === undefined) throw new Problem("source-empty", `${file} is empty.`, { at: { file } });
  return rows;
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function headerOf(record: readonly string[], file: string): string[] {
  const names = record.map((name) => name.trim());
  const invalid = (what: string): Problem =>
    new Problem("outcomes-invalid", `${file}, line 1: ${what}.`, { at: { file, line: 1 } });
  for (const needed of ["id", "time", "kind"])
    if (!names.includes(needed)) throw invalid(`there is no column ${needed}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw invalid(`the column ${twice === "" ? "without a name" : twice} occurs twice`);
  if (names.includes("")) throw invalid("a column has no name");
  if (names.includes("__proto__")) throw invalid("__proto__ can't be a column");
  if (names.length > MOST_COLUMNS) throw invalid(`${names.length} columns, and ${MOST_COLUMNS} are the most`);
  return names;
}

function problemAt(
  file: string,
  line: number,
  { field, what }: OutcomeFault,
  row: OutcomeRow,
): ProblemReport {
  const value = row[field] ?? "";
  const shown = value === "" ? "the cell" : `"${value.slice(0, 80)}"`;
  return {
    code: "outcomes-invalid",
    message: `${file}, line ${line}, column ${field}: ${shown} ${what}${/[.?]$/.test(what) ? "" : "."}`,
    at: { file, line, column: field, value: value.slice(0, 200) },
  };
}

function faultOf(cause: unknown, file: string): unknown {
  if (cause instanceof Problem) return cause;
  if (cause instanceof CsvError) {
    const line = typeof cause["lines"] === "number" ? cause["lines"] : undefined;
    return new Problem(
      "outcomes-invalid",
      `${file}${line === undefined ? "" : `, line ${line}`}: ${cause.message.replace(/\.$/, "")}.`,
      { at: { file, ...(line === undefined ? {} : { line }) }, cause },
    );
  }
  return new Problem("source-unreadable", `${file} can't be read.`, { at: { file }, cause });
}
