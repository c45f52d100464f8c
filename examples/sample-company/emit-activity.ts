import { activityHours } from "./activity.ts";
import { isoTime } from "./clock.ts";
import { emitAllocation } from "./emit-allocation.ts";
import type { Emission } from "./emit-focus.ts";
import { type CallTotals, emitModelCalls } from "./emit-model-calls.ts";
import { emitOutcomes, type OutcomeTotals } from "./emit-outcomes.ts";
import { emitSignals, type SignalTotals } from "./emit-signals.ts";

/** What the company's workloads did, for `truth.json`: sums that were counted while writing. */
export interface ActivityTruth {
  /** Calls, signals, the allocation and completed tasks are of this time; resolved tickets of all of it. */
  readonly from: string;
  readonly until: string;
  readonly calls: readonly CallTotals[];
  readonly signals: readonly SignalTotals[];
  readonly outcomes: readonly OutcomeTotals[];
}

/** Writes calls, signals, outcomes and an allocation, all from the states that the bills are made of. */
export async function emitActivity(emission: Emission): Promise<ActivityTruth> {
  const { from, until } = activityHours(emission.world);
  await emitAllocation(emission);
  return {
    from: isoTime(from),
    until: isoTime(until),
    calls: await emitModelCalls(emission),
    signals: await emitSignals(emission),
    outcomes: await emitOutcomes(emission),
  };
}
