import { engineProblem } from "#lake/import/engine-problem.ts";
import { type LakePeriod, publishVersion, readLake } from "#lake/snapshot.ts";
import { openWriter } from "#lake/writer.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { type DividedPeriod, dividePeriods } from "./divide/divide-periods.ts";

/** Which periods are to be closed, or opened again. */
export interface ClosePeriodsRequest {
  readonly data: string;
  readonly source: string;
  /** Billing periods, YYYY-MM. */
  readonly billingPeriods: readonly string[];
  /** False to open them again. */
  readonly closed: boolean;
  readonly now: Instant;
}

/** What became of the periods that were asked for. */
export interface ClosedPeriods {
  /** As they are now. */
  readonly periods: readonly LakePeriod[];
  /** Those that were not so before, YYYY-MM. */
  readonly changed: readonly string[];
  /** Opened again, and divided by allocations that came while they were closed. */
  readonly divided: readonly DividedPeriod[];
}

/**
 * Closes billing periods of a source, so that no import changes them unless it is forced to, or opens them again: all of them or none. What is opened
 * is divided by the allocations that came meanwhile.
 * @param onWait told of the seconds that another writer is waited for
 * @throws Problem "period-unknown" if the source has no such period, "lake-empty", "lake-busy", "totals-differ", "memory-full", "disk-full"
 */
export async function closePeriods(
  request: ClosePeriodsRequest,
  onWait: (waited: number, seconds: number) => void = () => {},
): Promise<ClosedPeriods> {
  const { data, source, closed, now } = request;
  // A lake that holds nothing is not to be made by asking.
  periodsAsked(await livePeriods(data), request);
  const writer = await openWriter(data, [], now, onWait).catch((cause: unknown) => {
    throw engineProblem(cause, data);
  });
  try {
    const lake = await readLake(data);
    const asked = periodsAsked(lake.periods, request);
    const changing = asked.filter((period) => period.closed !== closed);
    const version = lake.version + 1;
    const marked = lake.periods.map((period) => (changing.includes(period) ? { ...period, closed } : period));
    const { periods, anew } = closed
      ? { periods: marked, anew: [] }
      : await dividePeriods(writer, lake.periods, marked, version, () => {});
    if (changing.length > 0) await publishVersion(data, { ...lake, version, at: now, periods: [...periods] });
    return {
      periods: periodsAsked(periods, request),
      changed: changing.map(({ billingPeriod }) => billingPeriod),
      divided: changing.length > 0 ? anew : [],
    };
  } catch (cause) {
    throw engineProblem(cause, `${source} in ${data}`);
  } finally {
    await writer.close();
  }
}

/**
 * The live billing periods, by source and month.
 * @throws Problem "lake-empty"
 */
export async function livePeriods(data: string): Promise<readonly LakePeriod[]> {
  const { periods } = await readLake(data);
  if (periods.length === 0)
    throw new Problem("lake-empty", `There is nothing in ${data} yet.`, { at: { file: data } });
  return periods;
}

function periodsAsked(
  periods: readonly LakePeriod[],
  { source, billingPeriods }: ClosePeriodsRequest,
): LakePeriod[] {
  const theirs = periods.filter((period) => period.source === source);
  if (theirs.length === 0) {
    const sources = [...new Set(periods.map((period) => period.source))].join(", ");
    throw new Problem("period-unknown", `There is no source ${source}. Sources: ${sources}.`);
  }
  return billingPeriods.map((billingPeriod) => {
    const found = theirs.find((period) => period.billingPeriod === billingPeriod);
    if (found !== undefined) return found;
    const months = theirs.map((period) => period.billingPeriod).join(", ");
    throw new Problem(
      "period-unknown",
      `Source ${source} has no billing period ${billingPeriod}. It has ${months}.`,
    );
  });
}
