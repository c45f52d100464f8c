import { readFile } from "node:fs/promises";
import type { Split } from "#facts/split.ts";
import { readSplits } from "#ingest/configuration/read-splits.ts";
import { Problem } from "#units/problems.ts";

/**
 * The splits of a `plimsoll.yaml`.
 * @throws Problem "config-invalid", "source-not-found"
 */
export async function loadSplits(file: string): Promise<Split[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Problem("source-not-found", `${file} can't be read: ${(cause as Error).message}.`, {
      at: { file },
      cause,
    });
  });
  return readSplits(text, file);
}
