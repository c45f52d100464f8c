import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal } from "#units/decimal.ts";
import { type DayOfModel, reconcileDays } from "./reconcile.ts";

const rates = { input: decimal("0.000002"), cached: decimal("0.0000002"), output: decimal("0.000012") };
const half = { input: rates.input / 2n, cached: rates.cached / 2n, output: rates.output / 2n };
const M = 1_000_000n;

/** A day that is billed as it was metered, and what is other about it. */
function day(more: Partial<DayOfModel> = {}, at = "2026-07-13"): DayOfModel {
  const metered = more.metered ?? { input: 10n * M, cached: 4n * M, output: M };
  const cost = (name: "input" | "cached" | "output"): bigint => metered[name] * rates[name];
  return {
    day: at,
    metered,
    billed: {
      input: { tokens: metered.input, cost: cost("input") },
      cached: { tokens: metered.cached, cost: cost("cached") },
      output: { tokens: metered.output, cost: cost("output") },
    },
    credits: 0n,
    meteredCost: cost("input") + cost("cached") + cost("output"),
    rates,
    otherRates: [{ tier: "batch", rates: half }],
    ...more,
  };
}
const bill = (input: bigint, cached: bigint, output: bigint, at = rates): DayOfModel["billed"] => ({
  input: { tokens: input, cost: input * at.input },
  cached: { tokens: cached, cost: cached * at.cached },
  output: { tokens: output, cost: output * at.output },
});
const parts = (...days: DayOfModel[]): unknown =>
  reconcileDays(days).map(({ parts: own }) => own.map(({ cause, amount }) => [cause, amount]));

describe("a difference between a bill and its calls is", () => {
  test("none where they agree", () => expect(parts(day())).toEqual([[]]));

  test("a credit", () =>
    expect(parts(day({ credits: -decimal("5") }))).toEqual([[["credit", -decimal("5")]]]));

  test("traffic that nobody metered, or that nobody billed", () => {
    expect(parts(day({ billed: bill(12n * M, 4n * M, M) }))).toEqual([[["missing-traffic", decimal("4")]]]);
    expect(parts(day({ billed: bill(10n * M, 4n * M, 0n) }))).toEqual([
      [["missing-traffic", -decimal("12")]],
    ]);
  });

  test("a cache class: the same tokens, counted in another one", () =>
    expect(parts(day({ billed: bill(13n * M, M, M) }))).toEqual([[["cache-class", decimal("5.4")]]]));

  test("another way to buy", () =>
    expect(parts(day({ billed: bill(10n * M, 4n * M, M, half) }))).toEqual([
      [
        ["batch", -decimal("10")],
        ["batch", -decimal("0.4")],
        ["batch", -decimal("6")],
      ],
    ]));

  test("a price that is not ours", () => {
    const dearer = { ...rates, input: decimal("0.0000025") };
    const [found] = reconcileDays([day({ billed: bill(10n * M, 4n * M, M, dearer) })]);
    expect(found?.parts).toEqual([
      { cause: "stale-price", amount: decimal("5"), evidence: "input billed at 2.5 a million, ours is 2" },
    ]);
  });

  test("the edge of a day, where the neighbouring one has it the other way round", () =>
    expect(
      parts(
        day({ billed: bill(9n * M, 4n * M, M) }),
        day({ billed: bill(11n * M, 4n * M, M) }, "2026-07-14"),
      ),
    ).toEqual([[["time-zone", -decimal("2")]], [["time-zone", decimal("2")]]]));

  test("no edge, where the days are apart, or a day is missing", () => {
    const [one, other] = [
      day({ billed: bill(9n * M, 4n * M, M) }),
      day({ billed: bill(11n * M, 4n * M, M) }, "2026-07-15"),
    ];
    expect(parts(one, other)).toEqual([
      [["missing-traffic", -decimal("2")]],
      [["missing-traffic", decimal("2")]],
    ]);
    expect(
      parts(day({ billed: bill(0n, 4n * M, M) }), day({ billed: bill(20n * M, 4n * M, M) }, "2026-07-14")),
    ).toEqual([[["missing-traffic", -decimal("20")]], [["missing-traffic", decimal("20")]]]);
  });

  test("rounding below a cent, and steps of calls that were priced otherwise", () => {
    expect(
      parts(day({ billed: { ...bill(10n * M, 4n * M, M), output: { tokens: M, cost: decimal("12.004") } } })),
    ).toEqual([[["rounding", decimal("0.004")]]]);
    expect(parts(day({ meteredCost: decimal("30") }))).toEqual([[["price-steps", decimal("2.8")]]]);
  });

  test("told at our rates where the bill states no tokens", () => {
    const silent = {
      input: { tokens: undefined, cost: decimal("20") },
      output: { tokens: undefined, cost: decimal("24") },
    };
    const [found] = reconcileDays([
      day({ billed: silent, metered: { input: 10n * M, cached: 0n, output: M }, meteredCost: decimal("32") }),
    ]);
    expect(found?.parts).toEqual([
      {
        cause: "missing-traffic",
        amount: decimal("12"),
        evidence: "1000000 output tokens billed and not metered",
      },
    ]);
  });

  test("not named where a call has no price, and unexplained where we have no rate", () => {
    expect(reconcileDays([day({ meteredCost: undefined })])).toMatchObject([
      { difference: undefined, parts: [] },
    ]);
    expect(parts(day({ rates: {}, meteredCost: decimal("30") }))).toEqual([
      [["unexplained", decimal("2.8")]],
    ]);
  });
});

test("whatever differs, the parts add up to the difference, to the last unit", () => {
  const tokens = fc.bigInt({ min: 0n, max: 10n ** 12n });
  const money = fc.bigInt({ min: 0n, max: 10n ** 26n });
  const any = fc.record({
    input: tokens,
    cached: tokens,
    output: tokens,
    billed: fc.tuple(fc.tuple(tokens, money), fc.tuple(tokens, money), fc.tuple(tokens, money)),
    credits: fc.bigInt({ min: -(10n ** 24n), max: 0n }),
    meteredCost: money,
    rate: fc.bigInt({ min: 1n, max: 10n ** 14n }),
    known: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 6 }), (all) => {
      const days = all.map((each, index): DayOfModel => {
        const [input, cached, output] = each.billed.map(([count, cost]) => ({ tokens: count, cost }));
        if (input === undefined || cached === undefined || output === undefined)
          throw new Error("three classes");
        return {
          day: `2026-07-${String(10 + index)}`,
          billed: { input, cached, output },
          credits: each.credits,
          metered: { input: each.input, cached: each.cached, output: each.output },
          meteredCost: each.meteredCost,
          rates: each.known
            ? { input: each.rate, cached: each.rate / 10n, output: each.rate * 6n }
            : { input: each.rate },
          otherRates: [],
        };
      });
      for (const { difference, parts: own } of reconcileDays(days)) {
        expect(own.reduce((sum, { amount }) => sum + amount, 0n)).toBe(difference);
        expect(own.every(({ amount, evidence }) => amount !== 0n && evidence !== "")).toBe(true);
      }
    }),
  );
});
