import type { Granularity, Window } from "#units/window.ts";

const HOUR = 3_600_000;

/** The coarsest buckets of time that tell of a window, in buckets of a granularity if one is asked for; undefined if only the events themselves do. */
export function rollupBucket({
  window,
  granularity,
}: {
  readonly window: Window;
  readonly granularity?: Granularity;
}): "hour" | "day" | "month" | undefined {
  const isWhole = (step: number): boolean => window.start % step === 0 && window.end % step === 0;
  if (!isWhole(HOUR)) return undefined;
  if (!isWhole(24 * HOUR) || granularity === "hour") return "hour";
  return granularity === "day" || granularity === "week" ? "day" : "month";
}
