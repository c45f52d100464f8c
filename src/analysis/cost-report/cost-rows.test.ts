import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CostRow, LakeRow } from "#facts/cost-row.ts";
import { instant } from "#units/instant.ts";
import { buckets, granularities, startOf, type Window, window } from "#units/window.ts";
import { addUp, othersOf, settleRows } from "./cost-rows.ts";

const row = (key: string | null, sum: bigint, more: Partial<LakeRow> = {}): LakeRow => ({
  keys: [key],
  currency: "USD",
  sums: [sum],
  known: [1],
  charges: 1,
  ...more,
});
const days = (from: string, to: string): Window => window(instant(from), instant(to));
const july = days("2026-07-01", "2026-08-01");

describe("settling rows", () => {
  test("rows without a period are added as they are", () =>
    expect(settleRows([row("a", 1n), row("b", 2n), row("a", 3n)], july, undefined)).toEqual([
      { keys: ["a"], currency: "USD", sums: [4n], known: [2], charges: 2 },
      { keys: ["b"], currency: "USD", sums: [2n], known: [1], charges: 1 },
    ]));

  test("a yearly fee shows a month's part in its month", () => {
    const fee = row("fee", 365n, { period: days("2026-01-01", "2027-01-01") });
    expect(settleRows([fee], july, undefined).map(({ sums }) => sums)).toEqual([[31n]]);
    const weeks = settleRows([fee], july, "week");
    // The first week of July starts in June: only July's days are in the question.
    expect(weeks.map(({ bucket, sums }) => [bucket, sums[0]])).toEqual([
      [instant("2026-06-29"), 5n],
      [instant("2026-07-06"), 7n],
      [instant("2026-07-13"), 7n],
      [instant("2026-07-20"), 7n],
      [instant("2026-07-27"), 5n],
    ]);
  });

  test("a charge outside the window is not in the answer", () =>
    expect(settleRows([row("a", 5n, { period: days("2026-08-01", "2026-09-01") })], july, "day")).toEqual(
      [],
    ));

  test("an absent key is a group of its own, not the text null", () =>
    expect(addUp([row(null, 1n), row("null", 2n), row("", 4n)]).map(({ sums }) => sums[0])).toEqual([
      1n,
      2n,
      4n,
    ]));

  test("currencies and buckets are never added together", () =>
    expect(
      addUp([
        row("a", 1n),
        row("a", 1n, { currency: "EUR" }),
        row("a", 1n, { bucket: 0 }),
        row("a", 1n, { bucket: 1 }),
      ]),
    ).toHaveLength(4));

  const hour = 3_600_000;
  const periods = fc
    .tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 1, max: 3000 }))
    .map(([start, length]) => window(july.start + start * hour, july.start + (start + length) * hour));
  const rows = fc.array(
    fc
      .record({
        key: fc.constantFrom("a", "b", null),
        currency: fc.constantFrom("USD", "EUR"),
        sum: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        period: periods,
      })
      .map(({ key, currency, sum, period }) => row(key, sum, { currency, period })),
    { maxLength: 8 },
  );

  test("buckets of any size add up to the whole window, to the last unit", () =>
    fc.assert(
      fc.property(rows, fc.constantFrom(...granularities), (all, granularity) => {
        const whole = settleRows(all, july, undefined);
        const split = settleRows(all, july, granularity).map(
          ({ keys, currency, sums, known, charges }): CostRow => ({ keys, currency, sums, known, charges }),
        );
        expect(sumsOf(addUp(split))).toEqual(sumsOf(whole));
      }),
      { numRuns: 20 },
    ));

  test("windows side by side add up to the window around them", () =>
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 31 * 24 - 1 }), (all, cut) => {
        const middle = july.start + cut * hour;
        const parts = [window(july.start, middle), window(middle, july.end)].flatMap((part) =>
          settleRows(all, part, undefined),
        );
        expect(sumsOf(addUp(parts))).toEqual(sumsOf(settleRows(all, july, undefined)));
      }),
    ));

  test("each bucket is one the window touches", () =>
    fc.assert(
      fc.property(rows, (all) => {
        const allowed = new Set(buckets("week", july).map(({ start }) => start));
        for (const { bucket } of settleRows(all, july, "week")) {
          expect(allowed.has(bucket ?? Number.NaN)).toBe(true);
          expect(startOf("week", bucket ?? 0)).toBe(bucket);
        }
      }),
    ));
});

describe("the others", () => {
  test("what the top rows leave of the totals", () => {
    const totals = [row(null, 10n, { keys: [], charges: 4, known: [3] })];
    const top = [row("a", 6n), row("b", 3n)];
    expect(othersOf(totals, top)).toEqual([
      { keys: [], currency: "USD", sums: [1n], known: [1], charges: 2 },
    ]);
  });

  test("there are none where every charge is shown", () =>
    expect(othersOf([row(null, 9n, { keys: [], charges: 2 })], [row("a", 6n), row("b", 3n)])).toEqual([]));

  test("charges that cancel out are still others", () => {
    const totals = [row(null, 6n, { keys: [], charges: 3 })];
    expect(othersOf(totals, [row("a", 6n)])).toMatchObject([{ sums: [0n], charges: 2 }]);
  });

  const any = fc
    .record({
      key: fc.constantFrom("a", "b", "c", "d", null),
      currency: fc.constantFrom("USD", "EUR"),
      bucket: fc.constantFrom(undefined, 0, 1),
      sums: fc.tuple(fc.bigInt(), fc.bigInt()),
      known: fc.tuple(fc.nat(5), fc.nat(5)),
      charges: fc.integer({ min: 1, max: 5 }),
    })
    .map(({ key, bucket, ...rest }): CostRow => ({
      keys: [key],
      ...rest,
      ...(bucket === undefined ? {} : { bucket }),
    }));

  test("rows shown and others are the totals, in every currency and bucket", () =>
    fc.assert(
      fc.property(fc.array(any), fc.nat(5), (all, top) => {
        const withoutKeys = (rows: readonly CostRow[]): CostRow[] =>
          addUp(rows.map((each) => ({ ...each, keys: [] })));
        const grouped = addUp(all);
        const shown = grouped.slice(0, top);
        const totals = withoutKeys(all);
        const back = withoutKeys([...shown, ...othersOf(totals, shown)]);
        expect(byId(back)).toEqual(byId(totals));
      }),
    ));
});

const id = ({ keys, currency, bucket }: CostRow): string => JSON.stringify([keys, currency, bucket]);
const byId = (rows: readonly CostRow[]): CostRow[] => rows.toSorted((a, b) => (id(a) < id(b) ? -1 : 1));
const sumsOf = (rows: readonly CostRow[]): Record<string, bigint | undefined> =>
  Object.fromEntries(byId(rows).map((each) => [id(each), each.sums[0]]));
