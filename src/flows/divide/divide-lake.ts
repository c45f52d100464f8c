import { engineProblem } from "#lake/import/engine-problem.ts";
import { publishVersion, readLake } from "#lake/snapshot.ts";
import type { Patience } from "#lake/while-busy.ts";
import { openWriter } from "#lake/writer.ts";
import type { Instant } from "#units/instant.ts";
import { type DividedPeriod, dividePeriods } from "./divide-periods.ts";

/**
 * Brings the division of every open billing period up to date with the allocations that the lake holds: once after several of them were
 * imported without it, since each would divide the whole month.
 * @returns the periods that were divided anew; nothing is published if there are none
 * @throws Problem "lake-busy", "totals-differ", "memory-full", "disk-full"
 */
export async function divideLake(
  data: string,
  now: Instant,
  onPeriod: (done: number, total: number) => void,
  onWait: Patience["onWait"],
): Promise<readonly DividedPeriod[]> {
  const writer = await openWriter(data, [], now, onWait).catch((cause: unknown) => {
    throw engineProblem(cause, data);
  });
  try {
    const lake = await readLake(data);
    const version = lake.version + 1;
    const { periods, anew } = await dividePeriods(writer, lake.periods, lake.periods, version, onPeriod);
    if (anew.length > 0) await publishVersion(data, { ...lake, version, at: now, periods: [...periods] });
    return anew;
  } catch (cause) {
    throw engineProblem(cause, data);
  } finally {
    await writer.close();
  }
}
