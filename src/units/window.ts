import { Temporal } from "temporal-polyfill";
import { formatInstant, type Instant } from "./instant.ts";
import { Problem } from "./problems.ts";

/** Half open: start ≤ t < end. */
export interface Window {
  readonly start: Instant;
  readonly end: Instant;
}

export const granularities = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type Granularity = (typeof granularities)[number];

/** @throws Problem "window-invalid" if the end is not after the start */
export function window(start: Instant, end: Instant): Window {
  if (!(end > start)) {
    throw new Problem(
      "window-invalid",
      `The end ${formatInstant(end)} is not after the start ${formatInstant(start)}.`,
    );
  }
  return { start, end };
}

export function contains(outer: Window, time: Instant): boolean {
  return outer.start <= time && time < outer.end;
}

/** Milliseconds that two windows share; 0 if they only touch. */
export function overlap(a: Window, b: Window): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}

/**
 * The start of the hour, day, ISO week (Monday), month, quarter or year that holds `time`, in a named zone.
 * Days of 23 and 25 hours come out right, since the zone's own rules are used.
 */
export function startOf(granularity: Granularity, time: Instant, zone = "UTC"): Instant {
  const at = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
  // An hour is counted on the instant: in a repeated hour of autumn the wall clock can't tell the two apart.
  if (granularity === "hour")
    return at.round({ smallestUnit: "hour", roundingMode: "floor" }).epochMilliseconds;
  const date = at.toPlainDate();
  return dayOf(granularity, date).toZonedDateTime(zone).epochMilliseconds;
}

/** The start of the bucket `count` buckets after the one that holds `time`; negative counts go back. */
export function shift(granularity: Granularity, time: Instant, count: number, zone = "UTC"): Instant {
  const start = startOf(granularity, time, zone);
  if (granularity === "hour") return start + count * 3_600_000;
  const date = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).toPlainDate();
  const step = granularity === "quarter" ? { months: 3 * count } : { [`${granularity}s`]: count };
  return date.add(step).toZonedDateTime(zone).epochMilliseconds;
}

/** The buckets that touch a window, in order; the first and the last may reach beyond it. */
export function buckets(granularity: Granularity, within: Window, zone = "UTC"): Window[] {
  const all: Window[] = [];
  for (let start = startOf(granularity, within.start, zone); start < within.end;) {
    const end = shift(granularity, start, 1, zone);
    all.push({ start, end });
    start = end;
  }
  return all;
}

/** The whole bucket that holds a time: `periodOf("month", t)` is its calendar month. */
export function periodOf(granularity: Granularity, time: Instant, zone = "UTC"): Window {
  return { start: startOf(granularity, time, zone), end: shift(granularity, time, 1, zone) };
}

function dayOf(granularity: Exclude<Granularity, "hour">, date: Temporal.PlainDate): Temporal.PlainDate {
  switch (granularity) {
    case "day":
      return date;
    case "week":
      return date.subtract({ days: date.dayOfWeek - 1 });
    case "month":
      return date.with({ day: 1 });
    case "quarter":
      return date.with({ month: date.month - ((date.month - 1) % 3), day: 1 });
    case "year":
      return date.with({ month: 1, day: 1 });
  }
}
