import { Problem } from "#units/problems.ts";

const at = (file: string, line: string | undefined): { file: string; line?: number } =>
  line === undefined ? { file } : { file, line: Number(line) };

/** Says in our words and codes what the engine said in its own; anything else is passed on as it is. */
export function engineProblem(cause: unknown, file: string): unknown {
  if (cause instanceof Problem) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/No space left|disk full|failed to offload|Could not write/i.test(text)) {
    return new Problem("disk-full", `The disk is full while ${file} is imported.`, { cause });
  }
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  const where = line === undefined ? file : `${file}, line ${line}`;
  if (counts !== null) {
    const message = `${where}: the header has ${counts[1]} columns, this line has ${counts[2]}.`;
    return new Problem("csv-malformed", message, { at: at(file, line), cause });
  }
  if (/unterminated quote/i.test(text)) {
    return new Problem("csv-malformed", `${where}: a quote is opened and never closed.`, {
      at: at(file, line),
      cause,
    });
  }
  if (/unicode|utf-?8/i.test(text)) {
    return new Problem("encoding-unsupported", `${where}: the text is not UTF-8.`, {
      at: at(file, line),
      cause,
    });
  }
  if (/Maximum line size|maximum_object_size/i.test(text)) {
    return new Problem("input-too-large", `${where}: a line is longer than 4 MiB.`, {
      at: at(file, line),
      cause,
    });
  }
  if (line !== undefined) {
    return new Problem("csv-malformed", `${where}: the line is not well-formed CSV.`, {
      at: at(file, line),
      cause,
    });
  }
  if (/Malformed JSON|JSON/i.test(text) && /Invalid Input/i.test(text)) {
    const jsonLine = /in line (\d+)/.exec(text)?.[1];
    return new Problem("json-invalid", `${file}: the JSON is damaged or cut off.`, {
      at: at(file, jsonLine),
      cause,
    });
  }
  if (/parquet|magic bytes|snappy|thrift/i.test(text)) {
    return new Problem("source-unreadable", `${file} is a damaged or incomplete Parquet file.`, {
      at: { file },
      cause,
    });
  }
  return cause;
}
