import type { Duckdb } from "./engines/duckdb.ts";
import { engineProblem, isShortage } from "./import/engine-problem.ts";
import { parquetFiles } from "./parquet-files.ts";

/**
 * Reads files of one table to their end, every column of them.
 * @param lake folder of the lake
 * @param files relative to it
 * @returns what the engine says of the first that it can't read; undefined if it can read all
 * @throws Problem "memory-full", "disk-full": where the machine is short, nothing is known about the files
 */
export async function readFault(
  db: Duckdb,
  lake: string,
  files: readonly string[],
): Promise<string | undefined> {
  try {
    await db.run(`select count(columns(*)) from ${parquetFiles(lake, files)}`);
    return undefined;
  } catch (cause) {
    const problem = engineProblem(cause, "the lake");
    if (isShortage(problem)) throw problem;
    return firstLine(cause);
  }
}

/** The part of an engine's error that a person can use. */
export const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? "";
