import { isoCurrencies } from "#facts/iso-currencies.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { instant, type Instant } from "#units/instant.ts";
import type { Place, ProblemReport } from "#units/problems.ts";
import type { TableLine } from "./read-table.ts";

/** The cells of one line, read strictly: what is wrong with one becomes a problem with its file, line, column and value. */
export interface Cells<Column extends string> {
  /** Without blanks at its ends; empty if absent, which only optional columns may be. */
  readonly text: (column: Column) => string;
  /** Midnight in UTC of a day; undefined for an empty cell. */
  readonly day: (column: Column) => Instant | undefined;
  /** One of some words, whose nearest is told for another one. */
  readonly oneOf: <Word extends string>(column: Column, words: readonly Word[]) => Word | undefined;
  /** An ISO 4217 code. */
  readonly currency: (column: Column) => string;
  readonly wrong: (column: Column, what: string) => void;
}

/** @param problems takes what is wrong */
export function readCells<Column extends string>(
  line: TableLine<Column>,
  file: string,
  optional: readonly Column[],
  problems: ProblemReport[],
): Cells<Column> {
  const wrong = (column: Column, what: string): void => {
    const at = { file, line: line.lines?.[column] ?? line.line, column, value: line.cells[column] ?? "" };
    problems.push(problemAt(at, what));
  };
  const text = (column: Column): string => {
    const value = line.cells[column]?.trim() ?? "";
    if (value === "" && !optional.includes(column)) wrong(column, "is empty");
    return value;
  };
  return {
    text,
    wrong,
    day: (column) => {
      const value = text(column);
      if (value === "") return undefined;
      if (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) && real(value))
        return instant(value);
      wrong(column, "is not a day such as 2026-07-01");
    },
    oneOf: (column, words) => {
      const value = text(column);
      const found = words.find((each) => each === value);
      if (value !== "" && found === undefined)
        wrong(column, `is none of ${words.join(", ")}.${didYouMean(value, words)}`);
      return found;
    },
    currency: (column) => {
      const value = text(column);
      if (value !== "" && !isoCurrencies.includes(value)) wrong(column, "is no ISO 4217 code such as USD");
      return value;
    },
  };
}

/** True for a day of the calendar: 30 February is read by `Date.parse` as 2 March. */
const real = (day: string): boolean => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);

/** A cell that is wrong, as a problem. */
export const problemAt = (at: Required<Place>, what: string): ProblemReport => ({
  code: "price-file-invalid",
  message: `${at.file}, line ${at.line}, column ${at.column}: ${at.value === "" ? "the cell" : `"${at.value.slice(0, 80)}"`} ${what}${/[.?]$/.test(what) ? "" : "."}`,
  at,
});

/** What holds from one instant until before another one; without an end, for ever. */
export interface Validity {
  readonly validFrom?: Instant;
  readonly validTo?: Instant;
}

/** True where two prices hold at the same time. */
export const overlap = (a: Validity, b: Validity): boolean =>
  (a.validTo === undefined || b.validFrom === undefined || b.validFrom < a.validTo) &&
  (b.validTo === undefined || a.validFrom === undefined || a.validFrom < b.validTo);
