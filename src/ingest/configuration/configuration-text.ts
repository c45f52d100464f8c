import { readFile } from "node:fs/promises";
import { Problem } from "#units/problems.ts";

/**
 * The text of a `plimsoll.yaml`.
 * @throws Problem "source-not-found" if it can't be read
 */
export const configurationText = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "is not there" : `can't be read: ${cause.message}`;
    throw new Problem("source-not-found", `${file} ${why}.`, {
      at: { file },
      cause,
      hint: "Write plimsoll.yaml here or in the data folder (docs/attribution.md and docs/statements.md show how), or name the file with --config.",
    });
  });
