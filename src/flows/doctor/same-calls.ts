import { judgeDays } from "#analysis/same-money/judge-pair.ts";
import type { Confidence } from "#facts/workload.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { type SharedCalls, sharedCalls } from "#lake/health/shared-calls.ts";
import type { LakeVersion } from "#lake/snapshot.ts";

/** Two sources that tell the same calls, so that sums over both count them twice. */
export interface SameCalls extends SharedCalls {
  readonly confidence: Confidence;
  readonly bucket: "hour" | "day";
}

/**
 * Finds sources of calls whose tokens agree model by model, hour by hour, or day by day where one of them knows days only.
 * @param lake folder of the lake
 * @param areWhole false for files of a day of which one can't be read
 */
export async function sameCalls(
  db: Duckdb,
  lake: string,
  version: LakeVersion,
  areWhole: (files: readonly string[]) => boolean,
): Promise<SameCalls[]> {
  const found: SameCalls[] = [];
  for (const bucket of ["hour", "day"] as const)
    for (const pair of await sharedCalls(db, lake, version, bucket, areWhole)) {
      const confidence = judgeDays(pair);
      const isTold = found.some(({ sources }) => sources.join("\n") === pair.sources.join("\n"));
      if (confidence !== undefined && !isTold) found.push({ ...pair, confidence, bucket });
    }
  return found;
}
