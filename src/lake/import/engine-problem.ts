import { Problem } from "#units/problems.ts";

const at = (file: string, line: string | undefined): { file: string; line?: number } =>
  line === undefined ? { file } : { file, line: Number(line) };

/** Says in our words and codes what the engine or the system said in its own; anything else is passed on as it is. */
export function engineProblem(cause: unknown, file: string): unknown {
  if (cause instanceof Problem) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const shortage = shortageProblem(cause, text, file);
  if (shortage !== undefined) return shortage;
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const where = line === undefined ? file : `${file}, line ${line}`;
  if (/Maximum line size|maximum_object_size/i.test(text)) {
    return new Problem("input-too-large", `${where}: a line is longer than 4 MiB.`, {
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
  if (line !== undefined || /CSV Parser/i.test(text)) {
    return new Problem("csv-malformed", `${where}: the line is not well-formed CSV.`, {
      at: at(file, line),
      cause,
    });
  }
  if (/Overflow in HUGEINT|DECIMAL.*out of range/i.test(text))
    return new Problem("amount-out-of-range", `${file}: a sum needs more than 20 digits before the point.`, {
      at: { file },
      cause,
    });
  if (/JSON/i.test(text) && /Invalid Input/i.test(text)) return jsonProblem(cause, text, file);
  return cause;
}

/** The same for a Parquet file: whatever the engine says of one that it can't read, the file is damaged. */
export function parquetProblem(cause: unknown, file: string): Problem {
  const known = engineProblem(cause, file);
  if (known instanceof Problem && isShortage(known)) return known;
  return new Problem("source-unreadable", `${file} is a damaged or incomplete Parquet file.`, {
    at: { file },
    hint: "Copy the file again, and compare its size with the original.",
    cause,
  });
}

/** True if the machine, not the delivery, is what was short. */
export const isShortage = (cause: unknown): boolean =>
  cause instanceof Problem && ["disk-full", "memory-full", "data-unwritable"].includes(cause.code);

function shortageProblem(cause: unknown, text: string, file: string): Problem | undefined {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (
    ["ENOSPC", "EDQUOT", "EFBIG"].includes(code ?? "") ||
    /No space left|disk full|quota exceeded|File too large|failed to offload|Could not write|max_temp_directory_size/i.test(
      text,
    )
  ) {
    return new Problem("disk-full", `The disk is full while ${file} is imported.`, { cause });
  }
  if (/Out of Memory/i.test(text))
    return new Problem("memory-full", `${file} needs more memory than the engine may use.`, { cause });
  if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code ?? "")) {
    const { path: folder = "" } = cause as NodeJS.ErrnoException;
    return new Problem("data-unwritable", `${folder} can't be written: ${code}.`, {
      at: { file: folder },
      cause,
    });
  }
  return undefined;
}

function jsonProblem(cause: unknown, text: string, file: string): Problem {
  const line = /in line (\d+)/.exec(text)?.[1];
  const where = line === undefined ? file : `${file}, line ${line}`;
  return new Problem("json-invalid", `${where}: the JSON is damaged or cut off.`, {
    at: at(file, line),
    hint: "Copy or export the file again.",
    cause,
  });
}
