import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Split } from "#facts/split.ts";
import { type Fraction, plus, weightsOf } from "./fraction.ts";
import { runSplits } from "./run-splits.ts";

const split = (from: string, more: Partial<Split> = {}): Split => ({
  id: from,
  key: "team",
  from,
  method: "proportional",
  by: "EffectiveCost",
  ...more,
});
const own = (weights: Readonly<Record<string, bigint>>) => (value: string) => weights[value] ?? 0n;
const partsOf = (result: ReturnType<typeof runSplits>, origin: string): Record<string, string> =>
  Object.fromEntries(
    [...(result.bearers.get(origin) ?? [])].map(([bearer, { over, under }]) => [bearer, `${over}/${under}`]),
  );

describe("a split", () => {
  test("gives in proportion to what each target has of its own", () =>
    expect(partsOf(runSplits(["p", "a", "b"], [split("p")], own({ p: 9n, a: 3n, b: 1n })), "p")).toEqual({
      a: "3/4",
      b: "1/4",
    }));

  test("chains: the second gives away what the first gave it", () => {
    const splits = [
      split("p", { to: ["q", "a"], method: "even" }),
      split("q", { to: ["a", "b"], method: "fixed", shares: { a: 1n, b: 2n } }),
    ];
    const result = runSplits(["p", "q", "a", "b"], splits, own({}));
    expect(partsOf(result, "p")).toEqual({ a: "2/3", b: "1/3" });
    expect(partsOf(result, "q")).toEqual({ a: "1/3", b: "2/3" });
  });

  test("gives to all that were not split before where no target is named", () => {
    const result = runSplits(
      ["p", "q", "a"],
      [split("p", { method: "even" }), split("q", { method: "even" })],
      own({}),
    );
    expect(partsOf(result, "p")).toEqual({ a: "1/1" });
    expect(partsOf(result, "q")).toEqual({ a: "1/1" });
  });

  test("gives nothing away by guess where no target has what it goes by, or there is none", () => {
    const splits = [split("p")];
    const unweighed = runSplits(["p", "a"], splits, own({ p: 5n, a: -1n }));
    expect([partsOf(unweighed, "p"), unweighed.notSplit]).toEqual([
      { p: "1/1" },
      [{ split: splits[0], why: "no-weight" }],
    ]);
    expect(runSplits(["p"], splits, own({ p: 5n })).notSplit[0]?.why).toBe("no-target");
  });

  test("may give to one that has no cost of its own", () =>
    expect(partsOf(runSplits(["p"], [split("p", { to: ["new"], method: "even" })], own({})), "p")).toEqual({
      new: "1/1",
    }));
});

test("whatever the splits, the parts of each origin add up to one and none is below zero", () => {
  const names = ["a", "b", "c", "d", "e"];
  const anySplit = fc.record({
    from: fc.constantFrom(...names),
    method: fc.constantFrom("even" as const, "proportional" as const),
    to: fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(anySplit, { maxLength: 6 }),
      fc.dictionary(fc.constantFrom(...names), fc.bigInt({ min: -5n, max: 10n ** 30n })),
      (written, weights) => {
        const splits = written.map(({ to, ...each }) =>
          split(each.from, { ...each, ...(to === undefined ? {} : { to }) }),
        );
        const { bearers } = runSplits(names, splits, own(weights));
        for (const origin of names) {
          const parts = [...(bearers.get(origin)?.values() ?? [])];
          const sum = parts.reduce<Fraction>(plus, { over: 0n, under: 1n });
          expect(sum).toEqual({ over: 1n, under: 1n });
          for (const weight of weightsOf(parts)) expect(weight).toBeGreaterThan(0n);
        }
      },
    ),
  );
});
