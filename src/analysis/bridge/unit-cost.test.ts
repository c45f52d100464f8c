import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absolute, decimal, formatDecimal, ONE } from "#units/decimal.ts";
import { outcomeCost, type Work } from "./outcome-cost.ts";
import { type UnitCost, unitCost } from "./unit-cost.ts";

const told = (cost: UnitCost): string =>
  cost.kind === "unknown"
    ? cost.why
    : `${cost.kind} ${formatDecimal(cost.cost)}${cost.rounded ? " rounded" : ""}`;

describe("cost per unit", () => {
  const cost = decimal("12614.40");
  const volume = decimal("1200000");

  test("per one, per thousand, per million", () =>
    expect([1n, 1000n, 1_000_000n].map((per) => told(unitCost({ cost, volume, per })))).toEqual([
      "known 0.010512",
      "known 10.512",
      "known 10512",
    ]));

  test("rounds the 18th decimal half to even, and says so", () =>
    expect(told(unitCost({ cost: decimal("2"), volume: decimal("3"), per: 1n }))).toBe(
      "known 0.666666666666666667 rounded",
    ));

  test("is not known where cost or volume is not, and never zero by default", () => {
    const of = (cost: bigint | undefined, volume: bigint | undefined): string =>
      told(unitCost({ cost, volume, per: 1n }));
    expect([of(undefined, volume), of(cost, undefined), of(cost, 0n), of(cost, -1n), of(0n, volume)]).toEqual(
      ["cost-unknown", "volume-unknown", "volume-zero", "volume-negative", "known 0"],
    );
  });

  test("is at least what is known where something has no price", () =>
    expect(told(unitCost({ cost, incomplete: true, volume, per: 1n }))).toBe("at-least 0.010512"));

  test("lies within half a last unit of the exact quotient", () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }),
        fc.bigInt({ min: 1n, max: 10n ** 38n }),
        fc.constantFrom(1n, 1000n, 1_000_000n),
        (cost, volume, per) => {
          const found = unitCost({ cost, volume, per });
          if (found.kind !== "known") expect.unreachable();
          const off = found.cost * volume - cost * per * ONE;
          expect(2n * absolute(off) <= volume).toBe(true);
          expect(found.rounded).toBe(off !== 0n);
        },
      ),
    ));
});

describe("cost per successful outcome", () => {
  const work = (more: Partial<Work> = {}): Work => ({
    cost: decimal("100"),
    failedCost: decimal("15"),
    retriedCost: decimal("5"),
    successes: decimal("40"),
    ...more,
  });

  test("carries failed and retried work, which has its own share", () => {
    const { perSuccess, perSuccessAlone, shares } = outcomeCost(work(), 1n);
    expect([told(perSuccess), told(perSuccessAlone)]).toEqual(["known 2.5", "known 2"]);
    if (shares.kind !== "known") expect.unreachable();
    expect(Object.values(shares.costs).map(formatDecimal)).toEqual(["80", "15", "5"]);
    expect(Object.values(shares.ratios).map(formatDecimal)).toEqual(["0.8", "0.15", "0.05"]);
  });

  test("is known where the parts are not; nothing is known of no success", () => {
    const { perSuccess, perSuccessAlone, shares } = outcomeCost(work({ retriedCost: undefined }), 1n);
    expect([told(perSuccess), told(perSuccessAlone)]).toEqual(["known 2.5", "cost-unknown"]);
    expect(shares).toEqual({ kind: "unknown", why: "parts-unknown" });
    expect(told(outcomeCost(work({ successes: 0n }), 1n).perSuccess)).toBe("volume-zero");
  });

  test.each([
    ["cost-unknown", { cost: undefined }],
    ["cost-not-positive", { cost: 0n }],
    ["parts-negative", { failedCost: -1n }],
    ["parts-exceed-cost", { failedCost: decimal("96") }],
  ])("no shares of work: %s", (why, more) =>
    expect(outcomeCost(work(more), 1n).shares).toEqual({ kind: "unknown", why }),
  );

  test("shares add up to the cost and to one", () =>
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 37n }), { minLength: 3, maxLength: 3 }),
        (parts) => {
          const cost = parts.reduce((sum, part) => sum + part, 0n);
          fc.pre(cost > 0n);
          const { shares } = outcomeCost(work({ cost, failedCost: parts[1], retriedCost: parts[2] }), 1n);
          if (shares.kind !== "known") expect.unreachable();
          const sum = (of: Readonly<Record<string, bigint>>): bigint =>
            Object.values(of).reduce((a, b) => a + b, 0n);
          expect([sum(shares.costs), sum(shares.ratios)]).toEqual([cost, ONE]);
          expect(shares.costs.succeeded).toBe(parts[0]);
        },
      ),
    ));
});
