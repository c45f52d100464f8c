import type { ComputeEvents } from "#lake/events/compute-sql.ts";
import type { Instant } from "#units/instant.ts";
import { callPrices } from "./call-prices.ts";

/** Bills come by the day and contracts by the month: reading a month of charges every few seconds would tell nothing new. */
const KEPT_MILLISECONDS = 15 * 60_000;

/**
 * Prices of calls for a process that needs them again and again: read anew every quarter of an hour.
 * @returns a function of the time; it throws what `callPrices` does
 */
export function recentPrices(data: string): (now: Instant) => Promise<ComputeEvents> {
  let kept: { readonly compute: ComputeEvents; readonly at: Instant } | undefined;
  return async (now) => {
    if (kept === undefined || now - kept.at > KEPT_MILLISECONDS || now < kept.at)
      kept = { compute: await callPrices(data, now), at: now };
    return kept.compute;
  };
}
