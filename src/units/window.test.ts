import * as fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { formatInstant, type Instant, instant } from "./instant.ts";
import {
  buckets,
  contains,
  type Granularity,
  granularities,
  overlap,
  periodOf,
  shift,
  startOf,
  window,
} from "./window.ts";

/** Zones that break naive arithmetic: summer time, half hours, a skipped day, summer time of half an hour, a moved standard. */
const zones = [
  "UTC",
  "Europe/Budapest",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Australia/Lord_Howe",
  "America/Caracas",
];
const anyZone = fc.constantFrom(...zones);
const anyGranularity = fc.constantFrom(...granularities);
const anyTime = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });
/** Minutes around the clock changes that the zones above are listed for. */
const oddTimes = fc
  .tuple(
    fc.constantFrom(
      "2026-03-29T01:00:00Z",
      "2026-10-25T01:00:00Z",
      "2026-03-08T07:00:00Z",
      "2026-11-01T06:00:00Z",
      "2011-12-30T10:00:00Z",
      "2026-04-04T15:00:00Z",
      "2026-10-03T15:30:00Z",
      "2007-12-09T07:00:00Z",
      "2016-05-01T07:00:00Z",
    ),
    fc.integer({ min: -2 * 86_400_000, max: 2 * 86_400_000 }),
  )
  .map(([time, off]) => instant(time) + off);
const times = fc.oneof(anyTime, oddTimes);

const local = (time: Instant, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toString({ timeZoneName: "never" });
const hours = (text: string, zone: string): number => {
  const day = periodOf("day", instant(text, zone), zone);
  return (day.end - day.start) / 3_600_000;
};

describe("where a bucket starts", () => {
  test.each<[Granularity, string, string, string]>([
    ["month", "2026-07-31T22:30:00Z", "Europe/Budapest", "2026-08-01T00:00:00+02:00"],
    ["month", "2026-07-31T22:30:00Z", "UTC", "2026-07-01T00:00:00+00:00"],
    ["week", "2026-07-05T12:00:00Z", "UTC", "2026-06-29T00:00:00+00:00"],
    ["week", "2026-07-06T00:00:00Z", "UTC", "2026-07-06T00:00:00+00:00"],
    ["quarter", "2026-06-30T23:00:00Z", "Europe/Budapest", "2026-07-01T00:00:00+02:00"],
    ["year", "2026-01-01T04:59:00Z", "America/New_York", "2025-01-01T00:00:00-05:00"],
    ["hour", "2026-07-01T10:10:00Z", "Asia/Kolkata", "2026-07-01T15:00:00+05:30"],
    // The hour from 2 to 3 comes twice on 25 October; its second time is an hour of its own.
    ["hour", "2026-10-25T00:30:00Z", "Europe/Budapest", "2026-10-25T02:00:00+02:00"],
    ["hour", "2026-10-25T01:30:00Z", "Europe/Budapest", "2026-10-25T02:00:00+01:00"],
    // At 02:00 the clock goes back to 01:30; what follows until 02:00 is a bucket of half an hour.
    ["hour", "2026-04-04T15:15:00Z", "Australia/Lord_Howe", "2026-04-05T01:30:00+10:30"],
    ["hour", "2026-04-04T15:30:00Z", "Australia/Lord_Howe", "2026-04-05T02:00:00+10:30"],
    ["day", "2011-12-30T12:00:00Z", "Pacific/Apia", "2011-12-31T00:00:00+14:00"],
  ])("the %s of %s in %s starts at %s", (granularity, time, zone, expected) =>
    expect(local(startOf(granularity, instant(time), zone), zone)).toBe(expected),
  );

  test.each([
    ["2026-03-29", "Europe/Budapest", 23],
    ["2026-10-25", "Europe/Budapest", 25],
    ["2026-03-08", "America/New_York", 23],
    ["2026-11-01", "America/New_York", 25],
    ["2026-04-05", "Australia/Lord_Howe", 24.5],
    ["2026-10-04", "Australia/Lord_Howe", 23.5],
    ["2026-07-01", "Asia/Kolkata", 24],
    ["2011-12-29", "Pacific/Apia", 24],
  ])("%s in %s has %d hours", (date, zone, expected) => expect(hours(date, zone)).toBe(expected));

  test("Apia's calendar has no 30 December 2011, forwards or backwards", () => {
    const zone = "Pacific/Apia";
    const [before, after] = [instant("2011-12-29", zone), instant("2011-12-31", zone)];
    expect(shift("day", before, 1, zone)).toBe(after);
    expect(shift("day", after, -1, zone)).toBe(before);
  });

  test("a month back from the 31st is the month before", () =>
    expect(formatInstant(shift("month", instant("2026-03-31"), -1))).toBe("2026-02-01T00:00:00Z"));
});

describe("laws of buckets", () => {
  test("a time is in its own bucket, and the bucket is the same for every time in it", () =>
    fc.assert(
      fc.property(
        anyGranularity,
        times,
        anyZone,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (granularity, time, zone, share) => {
          const bucket = periodOf(granularity, time, zone);
          expect(contains(bucket, time)).toBe(true);
          const inside = bucket.start + Math.floor(share * (bucket.end - 1 - bucket.start));
          expect(periodOf(granularity, inside, zone)).toEqual(bucket);
        },
      ),
      { numRuns: 600 },
    ));

  test("buckets tile the window without a gap or an overlap", () =>
    fc.assert(
      fc.property(
        anyGranularity,
        times,
        fc.integer({ min: 1, max: 60 * 24 * 12 }),
        anyZone,
        (granularity, start, minutes, zone) => {
          const within = window(start, start + minutes * 60_000);
          const all = buckets(granularity, within, zone);
          expect(contains(all[0] ?? within, within.start)).toBe(true);
          expect(contains(all.at(-1) ?? within, within.end - 1)).toBe(true);
          all.slice(1).forEach((bucket, index) => expect(bucket.start).toBe(all[index]?.end));
          expect(all.every((bucket) => overlap(bucket, within) > 0)).toBe(true);
          expect(all.reduce((sum, bucket) => sum + overlap(bucket, within), 0)).toBe(
            within.end - within.start,
          );
        },
      ),
      { numRuns: 400 },
    ));

  test("a step forward and a step back from a bucket's start is where one was", () =>
    fc.assert(
      fc.property(
        anyGranularity.filter((granularity) => granularity !== "hour"),
        times,
        anyZone,
        (granularity, time, zone) => {
          const start = startOf(granularity, time, zone);
          expect(shift(granularity, shift(granularity, start, 1, zone), -1, zone)).toBe(start);
          expect(shift(granularity, start, -1, zone)).toBeLessThan(start);
        },
      ),
    ));

  test("days of any zone start when its calendar says so", () =>
    fc.assert(
      fc.property(times, anyZone, (time, zone) => {
        const { start, end } = periodOf("day", time, zone);
        expect(local(start, zone).slice(0, 10)).toBe(local(time, zone).slice(0, 10));
        expect(local(end - 1, zone).slice(0, 10)).toBe(local(time, zone).slice(0, 10));
        expect(local(start - 1, zone).slice(0, 10)).not.toBe(local(time, zone).slice(0, 10));
      }),
    ));
});

describe("half-open windows", () => {
  test("the end does not belong to a window", () => {
    const july = periodOf("month", instant("2026-07-14"));
    expect(contains(july, instant("2026-07-01"))).toBe(true);
    expect(contains(july, instant("2026-08-01"))).toBe(false);
    expect(overlap(july, periodOf("month", instant("2026-08-01")))).toBe(0);
  });

  test("a window that ends where it starts, or before, is refused", () => {
    for (const end of [0, -1])
      expect(() => window(0, end)).toThrow(expect.objectContaining({ code: "window-invalid" }));
  });
});
