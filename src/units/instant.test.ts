import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatInstant, instant } from "./instant.ts";

test.each([
  ["2026-07-01", "UTC", "2026-07-01T00:00:00Z"],
  ["2026-07-01", "Europe/Budapest", "2026-06-30T22:00:00Z"],
  ["2026-07-01T00:00Z", "UTC", "2026-07-01T00:00:00Z"],
  ["2026-07-01T02:30:00+02:00", "UTC", "2026-07-01T00:30:00Z"],
  // A time that carries its zone is what it says, wherever the question is asked.
  ["2026-07-01T00:00:00Z", "Asia/Kolkata", "2026-07-01T00:00:00Z"],
  ["2026-07-01T00:00:00.25Z", "UTC", "2026-07-01T00:00:00.250Z"],
  ["2024-02-29", "UTC", "2024-02-29T00:00:00Z"],
])("%s in %s is %s", (text, zone, expected) => expect(formatInstant(instant(text, zone))).toBe(expected));

test.each([
  "",
  "4/1/25",
  "2026-7-1",
  "2026-02-30",
  "2025-02-29",
  "2026-07-01T00:00:00",
  "2026-07-01 00:00:00Z",
  "2026-07-01T24:00:00Z",
  "2026-07-01T23:59:60Z",
  "2026-07-01T12:00:00Z ",
  "20260701",
  "tomorrow",
])("%j is refused", (text) =>
  expect(() => instant(text)).toThrow(expect.objectContaining({ code: "window-invalid" })),
);

test("what is written is read back as it was", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2100, 0, 1) }),
      (time) => instant(formatInstant(time)) === time,
    ),
  ));
