import { stat } from "node:fs/promises";
import { unreadable } from "#ingest/deliveries/find-files.ts";
import { Problem } from "#units/problems.ts";
import type { CollectedFile } from "./collect-files.ts";

/** @throws Problem "source-changed" if a file is not what it was when it was first looked at, "source-unreadable" if it is gone */
export async function refuseChangedFiles(files: readonly CollectedFile[]): Promise<void> {
  for (const { path: file, bytes, modified } of files) {
    const now = await stat(file).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
    if (now.size !== bytes || now.mtimeMs !== modified)
      throw new Problem("source-changed", `${file} changed while it was read.`, { at: { file } });
  }
}
