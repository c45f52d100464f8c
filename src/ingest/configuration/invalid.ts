import { Problem } from "#units/problems.ts";

/** A fault of a configuration that is right in form, with its line. */
export const invalid = (file: string, line: number | undefined, message: string, hint?: string): Problem =>
  new Problem("config-invalid", `${file}${line === undefined ? "" : `, line ${line}`}: ${message}`, {
    at: { file, ...(line === undefined ? {} : { line }) },
    ...(hint === undefined ? {} : { hint }),
  });
