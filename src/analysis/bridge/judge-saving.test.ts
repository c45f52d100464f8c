import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, formatDecimal, ONE } from "#units/decimal.ts";
import { compareKpis } from "./compare-kpis.ts";
import { judgeSaving } from "./judge-saving.ts";
import type { MeasuredSaving, Saving, SavingQuestion, UsePeriod } from "./saving.ts";

const use = (volume: number, cost: number): UsePeriod => ({
  volume: BigInt(volume) * ONE,
  cost: decimal(String(cost)),
});
/** A fixed 100 and 2 for each of the volume, give or take. */
const baseline = [use(10, 121), use(20, 139), use(30, 161), use(40, 179), use(50, 201), use(60, 219)];
const judge = (reporting: UsePeriod, more: Partial<SavingQuestion> = {}): Saving =>
  judgeSaving({ currency: "USD", baseline, reporting, guardrails: [], ...more });
const measured = (saving: Saving): MeasuredSaving =>
  saving.kind === "measured" ? saving : expect.unreachable();

describe("why a period cost less", () => {
  test.each([
    ["less-use", use(15, 130), "unclear", "less"],
    ["efficiency", use(45, 100), "better", "more"],
    ["both", use(15, 60), "better", "less"],
    ["less-use", use(15, 160), "worse", "less"],
    ["neither", use(45, 230), "worse", "more"],
    ["unclear", use(35, 170), "unclear", "unclear"],
    ["unclear", use(50, 200), "unclear", "more"],
  ])("%s", (verdict, reporting, efficiency, less) => {
    const saving = measured(judge(reporting));
    expect([saving.verdict, saving.efficiency, saving.use]).toEqual([verdict, efficiency, less]);
  });

  test("keeps the fixed part: half the volume is not half the cost", () => {
    const { line, adjustedBaselineCost, fromLessUse } = measured(judge(use(20, 100)));
    // Means 35 and 170; Σ(x−x̄)(y−ȳ) ÷ Σ(x−x̄)² = 3470 ÷ 1750.
    expect(
      [line.fixedCost, line.costPerVolume, adjustedBaselineCost, fromLessUse.cost].map(formatDecimal),
    ).toEqual(["100.6", "1.982857142857142857", "140.257142857142857143", "29.742857142857142857"]);
  });

  test("says what it did not model", () => {
    const always = ["rates-and-mix", "season-and-other-drivers"];
    expect(measured(judge(use(20, 100))).notModelled).toEqual(always);
    expect(measured(judge(use(5, 100))).notModelled).toEqual([...always, "outside-baseline"]);
    expect(measured(judge(use(5, 60))).confidence.level).toBe("medium");
    expect(measured(judge(use(20, 60))).confidence.level).toBe("high");
    const scattered = [
      use(1, 5),
      use(2, 0),
      use(3, 9),
      use(4, 1),
      use(5, 4),
      use(6, 8),
      { volume: 1n, cost: undefined },
    ];
    expect(measured(judge(use(2, 1), { baseline: scattered })).notModelled).toEqual([
      ...always,
      "explains-little",
      "unknown-periods",
    ]);
    const steep = baseline.map(({ volume, cost }) => ({ volume, cost: cost && cost - 110n * ONE }));
    expect(measured(judge(use(20, 1), { baseline: steep })).notModelled).toContain("negative-fixed-cost");
  });

  test("carries its guardrails", () => {
    const quality = (value: string) => ({
      id: "quality",
      unit: { of: "quantity", what: "score" } as const,
      better: "higher" as const,
      value: decimal(value),
    });
    const guardrails = compareKpis([quality("0.8")], [quality("0.9")]);
    expect(measured(judge(use(45, 100), { guardrails })).guard.label).toBe("may-hurt-product");
    expect(measured(judge(use(45, 100))).guard.label).toBe("none");
  });
});

describe("where it can't be told", () => {
  test("too few periods: between a cost that is all fixed and one that is all proportional", () => {
    const saving = judge(use(20, 100), { baseline: [use(30, 150), use(50, 170)] });
    expect(saving).toEqual({
      kind: "not-enough-data",
      currency: "USD",
      have: 2,
      need: 6,
      why: "too-few-periods",
      // Mean 160 at a volume of 40: at 20 it is 160 if fixed and 80 if proportional.
      fromEfficiency: { low: decimal("-20"), high: decimal("60") },
      fromLessUse: { low: 0n, high: decimal("80") },
      guard: { label: "none", worse: [], unknown: [] },
    });
  });

  test("no period at all, or none with volume: no bounds either", () => {
    expect(judge(use(20, 100), { baseline: [] })).toMatchObject({ have: 0, fromEfficiency: undefined });
    expect(judge(use(20, 100), { baseline: [use(0, 9)] })).toMatchObject({ have: 1, fromLessUse: undefined });
  });

  test("three periods are the fewest, whatever is asked for", () => {
    const few = { minimumPeriods: 1, baseline: baseline.slice(0, 2) };
    expect(judge(use(20, 100), few)).toMatchObject({ kind: "not-enough-data", need: 3 });
    expect(judge(use(20, 100), { minimumPeriods: 3, baseline: baseline.slice(0, 3) }).kind).toBe("measured");
  });

  test("a volume that never changed, a cost that does not rise with it", () => {
    const constant = baseline.map(({ cost }) => ({ cost, volume: ONE }));
    expect(judge(use(1, 100), { baseline: constant })).toMatchObject({
      kind: "not-explained",
      why: "volume-constant",
    });
    const falling = baseline.map(({ volume, cost }) => ({ volume, cost: cost && 500n * ONE - cost }));
    expect(judge(use(1, 100), { baseline: falling })).toMatchObject({
      kind: "not-explained",
      why: "cost-does-not-rise",
    });
  });

  test("a cost that has nothing to do with the volume is told as such, not as fixed", () => {
    const flat = { minimumPeriods: 3, baseline: [use(1, 5), use(2, 8), use(3, 5)] };
    expect(judge(use(2, 5), flat)).toMatchObject({ kind: "not-explained", why: "cost-does-not-rise" });
  });

  test("an unknown cost or volume of the period itself", () => {
    expect(judge({ cost: undefined, volume: ONE })).toEqual({ kind: "unknown", why: "cost-unknown" });
    expect(judge({ cost: ONE, volume: undefined })).toEqual({ kind: "unknown", why: "volume-unknown" });
  });
});

test("whatever the periods, the two savings add up to the drop, ranges hold what they are about, and nothing overflows", () => {
  const number = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: 10n ** 38n }));
  const period = fc.record({ cost: number, volume: number });
  fc.assert(
    fc.property(fc.array(period, { maxLength: 12 }), period, (baseline, reporting) => {
      const saving = judgeSaving({ currency: "USD", baseline, reporting, guardrails: [], minimumPeriods: 3 });
      if (saving.kind !== "measured") return;
      const { fromEfficiency, fromLessUse, baselineMeanCost, confidence, line } = saving;
      expect(fromEfficiency.cost + fromLessUse.cost).toBe(baselineMeanCost - reporting.cost);
      for (const { low, cost, high } of [fromEfficiency, fromLessUse])
        expect(low <= cost && cost <= high).toBe(true);
      expect(confidence.ratio).toBeGreaterThanOrEqual(0);
      expect(confidence.ratio).toBeLessThanOrEqual(1);
      expect(line.explainedRatio ?? 1).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test("80 % ranges hold the truth of four in five periods", () => {
  // Lehmer's generator: the same numbers on every run.
  let state = 12345;
  const chance = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const noise = (): number => Array.from({ length: 12 }, chance).reduce((sum, each) => sum + each, -6) * 10;
  const period = (): UsePeriod => {
    const volume = 50 + Math.floor(chance() * 100);
    return use(volume, Math.round((200 + 3 * volume + noise()) * 1e6) / 1e6);
  };
  const runs = 2000;
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    const { low, high } = measured(
      judge(period(), { baseline: Array.from({ length: 8 }, period) }),
    ).fromEfficiency;
    // Nothing was saved.
    if (low <= 0n && high >= 0n) held += 1;
  }
  expect(Math.abs(held / runs - 0.8)).toBeLessThan(0.03);
});
