import path from "node:path";
import type { Attribution } from "#facts/attribution.ts";
import { readRules } from "#lake/period-rules.ts";
import { lakeFolder, type LakePeriod, readLake } from "#lake/snapshot.ts";

/** The rules in force, and the billing periods that keep others. */
export interface RulesInForce {
  /** The name that the rules are kept by; undefined where none were published. */
  readonly rules?: string;
  readonly attribution: Attribution;
  /** Closed periods, which keep what they were closed with. */
  readonly others: readonly LakePeriod[];
}

/** @throws Problem "lake-corrupt" if the rules are damaged */
export async function rulesInForce(data: string): Promise<RulesInForce> {
  const { periods, rules } = await readLake(data);
  const attribution = await readRules(path.resolve(lakeFolder(data)), rules);
  const others = periods.filter((period) => period.rules !== rules);
  return { ...(rules === undefined ? {} : { rules }), attribution, others };
}
