import type { Split } from "#facts/split.ts";
import { configurationText } from "#ingest/configuration/configuration-text.ts";
import { readSplits } from "#ingest/configuration/read-splits.ts";

/**
 * The splits of a `plimsoll.yaml`.
 * @throws Problem "config-invalid", "source-not-found"
 */
export const loadSplits = async (file: string): Promise<Split[]> =>
  readSplits(await configurationText(file), file);
