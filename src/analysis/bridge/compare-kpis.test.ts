import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { compareKpis, type Kpi, type KpiUnit } from "./compare-kpis.ts";
import { judgeGuardrails } from "./judge-guardrails.ts";

const cost: KpiUnit = { of: "cost", currency: "USD" };
const perThousand: KpiUnit = { of: "unit-cost", currency: "USD", per: 1000n, what: "requests" };
const quantity = (what: string): KpiUnit => ({ of: "quantity", what });
const kpi = (id: string, unit: KpiUnit, better: Kpi["better"], value?: string, volume?: string): Kpi => ({
  id,
  unit,
  better,
  value: value === undefined ? undefined : decimal(value),
  volume: volume === undefined ? undefined : decimal(volume),
});

describe("which KPIs moved", () => {
  const former = [
    kpi("effective cost", cost, "lower", "12614.40"),
    kpi("cost per 1,000 requests", perThousand, "lower", "10.512"),
    kpi("success", quantity("ratio"), "higher", "0.98"),
    kpi("p95 latency", quantity("seconds"), "lower", "1.2"),
    kpi("requests", quantity("requests"), "neither", "1200000"),
    kpi("GPU use", quantity("ratio"), "higher"),
    kpi("tickets", quantity("tickets"), "neither", "7"),
  ];
  const now = [
    kpi("p95 latency", quantity("seconds"), "lower", "1.2"),
    kpi("success", quantity("ratio"), "higher", "0.931"),
    kpi("requests", quantity("requests"), "neither", "1500000"),
    kpi("GPU use", quantity("ratio"), "higher", "0.4"),
    kpi("cost per 1,000 requests", perThousand, "lower", "5.37", "1500000"),
    kpi("effective cost", cost, "lower", "8055.00"),
    kpi("cost in euro", { of: "cost", currency: "EUR" }, "lower", "1"),
  ];

  test("by money, one currency after the other, then the worse ones", () =>
    expect(
      compareKpis(now, former).map(({ id, outcome, change, costEffect }) => [
        id,
        outcome,
        change === undefined ? "" : formatDecimal(change),
        costEffect === undefined ? "" : formatDecimal(costEffect),
      ]),
    ).toEqual([
      ["cost in euro", "new", "", "1"],
      ["cost per 1,000 requests", "better", "-5.142", "-7713"],
      ["effective cost", "better", "-4559.4", "-4559.4"],
      ["success", "worse", "-0.049", ""],
      ["requests", "moved", "300000", ""],
      ["GPU use", "unknown", "", ""],
      ["tickets", "gone", "", ""],
      ["p95 latency", "same", "0", ""],
    ]));

  test("by how much, as a part of what it was", () => {
    const ratio = (was: string, is: string): number | undefined =>
      compareKpis([kpi("a", cost, "lower", is)], [kpi("a", cost, "lower", was)])[0]?.changeRatio;
    expect([ratio("4", "5"), ratio("-4", "-5"), ratio("0", "5")]).toEqual([0.25, -0.25, undefined]);
  });

  test("other units can't be compared, and another currency is another KPI", () => {
    const others = (unit: KpiUnit) =>
      compareKpis([kpi("a", unit, "lower", "1")], [kpi("a", cost, "lower", "2")]).map(
        ({ outcome, change }) => [outcome, change !== undefined],
      );
    expect(others(perThousand)).toEqual([["not-comparable", false]]);
    expect(others({ of: "cost", currency: "EUR" })).toEqual([
      ["new", false],
      ["gone", false],
    ]);
    expect(others(cost)).toEqual([["better", true]]);
  });

  test("a change within the tolerance is none, but from zero every change is one", () => {
    const outcome = (was: string, is: string) =>
      compareKpis([kpi("a", cost, "lower", is)], [kpi("a", cost, "lower", was)], 0.02)[0]?.outcome;
    expect([outcome("100", "102"), outcome("100", "102.1"), outcome("0", "0.1")]).toEqual([
      "same",
      "worse",
      "worse",
    ]);
  });

  test("better and worse change places with the periods", () => {
    const rows = fc.array(
      fc.record({
        value: fc.option(fc.bigInt(), { nil: undefined }),
        better: fc.constantFrom<Kpi["better"][]>("lower", "higher", "neither"),
      }),
    );
    const mirrored: Readonly<Record<string, string>> = {
      better: "worse",
      worse: "better",
      new: "gone",
      gone: "new",
    };
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const kpis = (list: typeof a): Kpi[] =>
          list.map(({ value }, at) => ({
            id: String(at),
            unit: cost,
            better: (a[at] ?? b[at] ?? expect.unreachable()).better,
            value,
          }));
        const forth = compareKpis(kpis(a), kpis(b));
        const back = new Map(compareKpis(kpis(b), kpis(a)).map((each) => [each.id, each]));
        expect(forth.length).toBe(Math.max(a.length, b.length));
        for (const { id, outcome, change } of forth) {
          expect(back.get(id)?.outcome).toBe(mirrored[outcome] ?? outcome);
          expect(back.get(id)?.change).toBe(change === undefined ? undefined : -change);
        }
      }),
    );
  });
});

describe("guardrails", () => {
  const latency = (was: string | undefined, is: string) =>
    compareKpis(
      [kpi("p95", quantity("seconds"), "lower", is)],
      [kpi("p95", quantity("seconds"), "lower", was)],
    );

  test("one that is worse says that the saving may hurt the product", () =>
    expect(judgeGuardrails([...latency("1", "1.5"), ...latency(undefined, "1")])).toEqual({
      label: "may-hurt-product",
      worse: ["p95"],
      unknown: ["p95"],
    }));

  test("an unknown one is not a good one, and none is not one that held", () => {
    expect(judgeGuardrails(latency(undefined, "1")).label).toBe("unknown");
    expect(judgeGuardrails([]).label).toBe("none");
    expect(judgeGuardrails(latency("1", "0.9")).label).toBe("held");
  });
});
