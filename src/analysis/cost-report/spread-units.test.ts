import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absolute } from "#units/decimal.ts";
import { instant } from "#units/instant.ts";
import { buckets, granularities, overlap, type Window, window } from "#units/window.ts";
import { spreadUnits } from "./spread-units.ts";

const july = window(instant("2026-07-01"), instant("2026-08-01"));
const amounts = fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n });
const periods = fc
  .tuple(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 1, max: 60_000 }))
  .map(([start, minutes]) => window(start * 60_000, (start + minutes) * 60_000));
/** A period and windows in order that cover it, at arbitrary cuts, starting and ending at or beyond it. */
const covered = fc
  .tuple(
    periods,
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
    fc.integer({ min: 0, max: 10_000_000 }),
    fc.integer({ min: 0, max: 10_000_000 }),
  )
  .map(([period, shares, before, after]) => {
    const cuts = shares.map((share) => period.start + Math.floor(share * (period.end - period.start)));
    const edges = [period.start - before, ...cuts, period.end + after].sort((a, b) => a - b);
    return {
      period,
      slots: edges.slice(1).map((end, index): Window => ({ start: edges[index] ?? end, end })),
    };
  });
const sum = (parts: readonly bigint[]): bigint => parts.reduce((a, b) => a + b, 0n);

describe("spreading a charge over its time", () => {
  test("31 dollars of July are a dollar a day", () => {
    const days = buckets("day", july);
    expect(spreadUnits(31n * 10n ** 18n, july, days)).toEqual(days.map(() => 10n ** 18n));
  });

  test("a unit that can't be divided lands in one bucket", () =>
    expect(spreadUnits(1n, window(0, 3), [window(0, 1), window(1, 2), window(2, 3)])).toEqual([0n, 1n, 0n]));

  test("a bucket outside the period gets nothing", () =>
    expect(
      spreadUnits(100n, july, [window(july.end, july.end + 1), window(july.start - 2, july.start)]),
    ).toEqual([0n, 0n]));

  test("any buckets that cover the period get the whole amount, to the last unit", () =>
    fc.assert(
      fc.property(
        amounts,
        covered,
        (units, { period, slots }) => sum(spreadUnits(units, period, slots)) === units,
      ),
      { numRuns: 500 },
    ));

  test("so do calendar buckets of every size", () =>
    fc.assert(
      fc.property(
        amounts,
        periods,
        fc.constantFrom(...granularities.filter((each) => each !== "hour")),
        fc.constantFrom("UTC", "Europe/Budapest"),
        (units, period, granularity, zone) =>
          sum(spreadUnits(units, period, buckets(granularity, period, zone))) === units,
      ),
    ));

  test("each part is within a unit of the share of time it covers", () =>
    fc.assert(
      fc.property(amounts, covered, (units, { period, slots }) => {
        const length = BigInt(period.end - period.start);
        spreadUnits(units, period, slots).forEach((part, index) => {
          const shared = BigInt(overlap(period, slots[index] ?? period));
          expect(absolute(part * length - units * shared) <= length).toBe(true);
        });
      }),
    ));

  test("a credit is spread as the charge it returns", () =>
    fc.assert(
      fc.property(amounts, covered, (units, { period, slots }) => {
        const parts = spreadUnits(units, period, slots);
        expect(spreadUnits(-units, period, slots)).toEqual(parts.map((part) => -part));
      }),
    ));
});
