import { Temporal } from "temporal-polyfill";
import { formatInstant, type Instant } from "./instant.ts";
import { Problem } from "./problems.ts";

/** Half open: start ≤ t < end. */
export interface Window {
  readonly start: Instant;
  readonly end: Instant;
}

/** The units that time is cut into, the smallest first. */
export const granularities = ["hour", "day", "week", "month", "quarter", "year"] as const;
/** A unit of time that a window is cut into. */
export type Granularity = (typeof granularities)[number];

const HOUR = 3_600_000;

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

/** True from the start on, and before the end. */
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
  if (granularity === "hour") return startOfHour(at);
  const date = at.toPlainDate();
  return dayOf(granularity, date).toZonedDateTime(zone).epochMilliseconds;
}

/** The start of the bucket that is `count` hours, days, weeks, … after the one that holds `time`; negative counts go back. */
export function shift(granularity: Granularity, time: Instant, count: number, zone = "UTC"): Instant {
  const start = startOf(granularity, time, zone);
  if (granularity === "hour") return startOf("hour", start + count * HOUR, zone);
  const date = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).toPlainDate();
  const step = granularity === "quarter" ? { months: 3 * count } : { [`${granularity}s`]: count };
  const target = date.add(step);
  const moved = target.toZonedDateTime(zone);
  // Apia had no 30 December 2011. The day after that one begins the next day; the day before it is the 29th.
  const skipped = count < 0 && !moved.toPlainDate().equals(target);
  return (skipped ? target.subtract({ days: 1 }).toZonedDateTime(zone) : moved).epochMilliseconds;
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

/**
 * An hour is counted on the instant, since in a repeated hour of autumn the wall clock can't tell the two apart. It starts where
 * the zone's clock shows a full hour, or where the clock was just moved by less than an hour, as on Lord Howe Island.
 */
function startOfHour(at: Temporal.ZonedDateTime): Instant {
  const offset = at.offsetNanoseconds / 1e6;
  const full = Math.floor((at.epochMilliseconds + offset) / HOUR) * HOUR - offset;
  const before = Temporal.Instant.fromEpochMilliseconds(full).toZonedDateTimeISO(at.timeZoneId);
  if (before.offsetNanoseconds === at.offsetNanoseconds) return full;
  return before.getTimeZoneTransition("next")?.epochMilliseconds ?? full;
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
