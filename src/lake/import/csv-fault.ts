import { Problem } from "#units/problems.ts";
import { type ProblemCode } from "#units/problem-codes.ts";
import { type ScannedRecord, scanCsv } from "./scan-csv.ts";
import type { StageInput } from "./staged-file.ts";

/** The longest line that is read: longer ones are a damaged file, and a column of gigabytes would fill the memory. */
export const MAX_LINE_BYTES = 4 << 20;

/**
 * The first fault of a CSV that the engine refused, with its physical line and what stands there; undefined if the text is sound.
 */
export async function csvFault(input: StageInput, cause: unknown): Promise<Problem | undefined> {
  let found: Problem | undefined;
  let ending: ScannedRecord["ending"] | undefined;
  await scanCsv(
    input.path,
    (record) => {
      ending ??= record.ending;
      const fault = faultOf(record, input.columns.length, ending);
      if (fault !== undefined) found = problem(input, record, fault, cause);
      return fault !== undefined;
    },
    MAX_LINE_BYTES,
  );
  return found;
}

interface Fault {
  readonly code: ProblemCode;
  readonly line: number;
  readonly what: string;
}

function faultOf(record: ScannedRecord, columns: number, ending: ScannedRecord["ending"]): Fault | undefined {
  const { fault, faultLine, line, cells } = record;
  if (record.bytes > MAX_LINE_BYTES)
    return { code: "input-too-large", line, what: `a record is longer than ${MAX_LINE_BYTES >> 20} MiB` };
  switch (fault) {
    case "open-quote":
      return { code: "csv-malformed", line: faultLine, what: "a quote is opened and never closed" };
    case "text-after-quote":
      return {
        code: "csv-malformed",
        line: faultLine,
        what: "there is text between a closing quote and the next comma",
      };
    case "not-utf8":
      return { code: "encoding-unsupported", line: faultLine, what: "the text is not UTF-8" };
    default:
  }
  if (cells !== columns)
    return {
      code: "csv-malformed",
      line,
      what: `the header has ${columns} columns, this line has ${cells}`,
    };
  if (record.ending !== ending && record.ending !== "") {
    const names = { "\n": "LF", "\r\n": "CRLF", "\r": "CR", "": "nothing" };
    return {
      code: "csv-malformed",
      line: record.lastLine,
      what: `the line ends with ${names[record.ending]}, the lines before it with ${names[ending]}`,
    };
  }
  return undefined;
}

function problem(
  { name }: StageInput,
  { start }: ScannedRecord,
  { code, line, what }: Fault,
  cause: unknown,
): Problem {
  return new Problem(code, `${name}, line ${line}: ${what}.`, {
    at: { file: name, line, value: start },
    cause,
    ...(what.includes("ends with") ? { hint: "Write all lines of the file with the same line end." } : {}),
  });
}
