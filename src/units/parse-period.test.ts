import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant, instant } from "./instant.ts";
import { parseComparison, parsePeriod } from "./parse-period.ts";
import { type Window, window } from "./window.ts";

/** A Wednesday. */
const now = instant("2026-07-15T10:30:00Z");
const shown = ({ start, end }: Window): string =>
  `${formatInstant(start)} ${formatInstant(end)}`.replaceAll("T00:00:00Z", "");

describe("periods by name", () => {
  test.each([
    ["2026", "2026-01-01 2027-01-01"],
    ["2026-Q3", "2026-07-01 2026-10-01"],
    ["2026-q1", "2026-01-01 2026-04-01"],
    ["2024-02", "2024-02-01 2024-03-01"],
    ["2026-07-14", "2026-07-14 2026-07-15"],
    ["today", "2026-07-15 2026-07-16"],
    ["yesterday", "2026-07-14 2026-07-15"],
    ["this-week", "2026-07-13 2026-07-20"],
    ["last-week", "2026-07-06 2026-07-13"],
    ["this-month", "2026-07-01 2026-08-01"],
    ["last-month", "2026-06-01 2026-07-01"],
    ["last-quarter", "2026-04-01 2026-07-01"],
    ["last-year", "2025-01-01 2026-01-01"],
    ["last-7-days", "2026-07-08 2026-07-15"],
    ["last-1-day", "2026-07-14 2026-07-15"],
    ["last-2-weeks", "2026-06-29 2026-07-13"],
    ["last-12-months", "2025-07-01 2026-07-01"],
    ["last-3-hours", "2026-07-15T07:00:00Z 2026-07-15T10:00:00Z"],
  ])("%s is %s", (text, expected) => expect(shown(parsePeriod(text, now))).toBe(expected));

  test("a month of Budapest begins at Budapest's midnight", () =>
    expect(shown(parsePeriod("2026-07", now, "Europe/Budapest"))).toBe(
      "2026-06-30T22:00:00Z 2026-07-31T22:00:00Z",
    ));

  test("seven days across the change of clocks are seven days of the calendar", () => {
    const { start, end } = parsePeriod("last-7-days", instant("2026-03-31T12:00:00Z"), "Europe/Budapest");
    expect((end - start) / 3_600_000).toBe(7 * 24 - 1);
  });

  test("the day before Apia's missing day is yesterday", () =>
    expect(shown(parsePeriod("yesterday", instant("2011-12-30T20:00:00Z"), "Pacific/Apia"))).toBe(
      "2011-12-29T10:00:00Z 2011-12-30T10:00:00Z",
    ));

  test.each([
    "",
    "2026-13",
    "2026-Q5",
    "2026-02-30",
    "last-0-days",
    "last-99999-days",
    "next-month",
    "LAST-MONTH",
    "7-days",
    "26-07",
  ])("%j is refused", (text) =>
    expect(() => parsePeriod(text, now)).toThrow(expect.objectContaining({ code: "window-invalid" })),
  );

  test("a named period is never empty, whenever it is asked for", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(
          "today",
          "yesterday",
          "this-hour",
          "last-hour",
          "last-week",
          "last-7-days",
          "last-3-months",
          "last-year",
        ),
        fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2035, 0, 1) }),
        fc.constantFrom("UTC", "Europe/Budapest", "Pacific/Apia", "Australia/Lord_Howe"),
        (text, time, zone) => {
          const { start, end } = parsePeriod(text, time, zone);
          expect(end).toBeGreaterThan(start);
          if (text.startsWith("last")) expect(end).toBeLessThanOrEqual(time);
        },
      ),
    ));
});

describe("comparisons", () => {
  const days = (from: string, to: string): Window => window(instant(from), instant(to));

  test.each([
    ["previous", days("2026-07-01", "2026-08-01"), "2026-06-01 2026-07-01"],
    ["previous", days("2026-03-01", "2026-04-01"), "2026-02-01 2026-03-01"],
    ["previous", days("2026-04-01", "2026-07-01"), "2026-01-01 2026-04-01"],
    ["previous", days("2026-07-10", "2026-07-15"), "2026-07-05 2026-07-10"],
    ["same-weekdays", days("2026-07-10", "2026-07-15"), "2026-07-03 2026-07-08"],
    ["same-weekdays", days("2026-07-01", "2026-08-01"), "2026-05-27 2026-06-27"],
    ["year-ago", days("2024-02-01", "2024-03-01"), "2023-02-01 2023-03-01"],
    // 52 weeks, so that Mondays meet Mondays.
    ["year-ago", days("2026-07-13", "2026-07-20"), "2025-07-14 2025-07-21"],
    ["2026-01-01..2026-01-08", days("2026-07-13", "2026-07-20"), "2026-01-01 2026-01-08"],
  ])("%s", (text, current, expected) => expect(shown(parseComparison(text, current))).toBe(expected));

  test.each([
    "",
    "..",
    "2026-01-01",
    "2026-01-01..",
    "2026-01-02..2026-01-01",
    "a..b",
    "2026-01-01..2026-01-02..2026-01-03",
  ])("%j is refused", (text) =>
    expect(() => parseComparison(text, days("2026-07-01", "2026-08-01"))).toThrow(
      expect.objectContaining({ code: "window-invalid" }),
    ),
  );

  const windows = fc
    .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 800 }))
    .map(([start, length]) => window(start * 86_400_000, (start + length) * 86_400_000));

  test("the previous window ends where the current one starts", () =>
    fc.assert(
      fc.property(windows, (current) => {
        const previous = parseComparison("previous", current);
        expect(previous.end).toBe(current.start);
        expect(previous.start).toBeLessThan(previous.end);
      }),
    ));

  test("the same weekdays are whole weeks earlier, as long, and do not overlap", () =>
    fc.assert(
      fc.property(windows, (current) => {
        const before = parseComparison("same-weekdays", current);
        expect((current.start - before.start) % (7 * 86_400_000)).toBe(0);
        expect(before.end - before.start).toBe(current.end - current.start);
        expect(before.end).toBeLessThanOrEqual(current.start);
      }),
    ));
});
