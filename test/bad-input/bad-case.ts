import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { ImportRequest } from "#flows/import/import-request.ts";
import type { Place } from "#units/problems.ts";
import type { ProblemCode } from "#units/problem-codes.ts";

/** A delivery that must be refused. */
export interface BadCase {
  readonly name: string;
  /** Writes the delivery into an empty folder and answers with what is imported. */
  readonly make: (folder: string) => Promise<string | string[]>;
  readonly options?: Partial<ImportRequest>;
  readonly code: ProblemCode;
  /** What the problem must say of its place; `file` is the name's end. */
  readonly at?: Place;
  /** What the message must say. */
  readonly says?: RegExp;
  /** How many more problems are listed. */
  readonly others?: number;
}

/** Writes one file and imports it. */
export const file =
  (name: string, content: string | Buffer): BadCase["make"] =>
  async (folder) => {
    const full = path.join(folder, name);
    await writeFile(full, content);
    return full;
  };

/** Writes several files and imports their folder. */
export const files =
  (contents: Readonly<Record<string, string | Buffer>>): BadCase["make"] =>
  async (folder) => {
    for (const [name, content] of Object.entries(contents)) await writeFile(path.join(folder, name), content);
    return folder;
  };
