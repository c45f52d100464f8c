import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { CostRow } from "#facts/cost-row.ts";
import { makeStatement } from "./make-statement.ts";

const scopes = ["a", "b", "p", null] as const;
const cost = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const row: fc.Arbitrary<CostRow> = fc
  .record({
    scope: fc.constantFrom(...scopes),
    what: fc.constantFrom("compute", "storage", null),
    category: fc.constantFrom("Usage", "Credit", "Tax", "Adjustment", null),
    currency: fc.constantFrom("USD", "EUR"),
    billed: cost,
    effective: cost,
    unknown: fc.boolean(),
  })
  .map(({ scope, what, category, currency, billed, effective, unknown }) => ({
    keys: [scope, what, category],
    currency,
    sums: [billed, unknown ? 0n : effective],
    known: [1, unknown ? 0 : 1],
    charges: 1,
  }));
const weights = fc.record({
  a: fc.bigInt({ min: 0n, max: 10n ** 20n }),
  b: fc.bigInt({ min: 1n, max: 10n ** 20n }),
});

test("what the scopes bear adds up to what was invoiced, per currency, unit for unit, whatever is split", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), weights, (rows, { a, b }) => {
      const {
        lines,
        scopes: borne,
        totals,
      } = makeStatement(rows, (scope) =>
        scope === "p" ? { bearers: ["a", "b"], weights: [a, b] } : undefined,
      );
      for (const { currency, sums } of totals) {
        const its = borne.filter((each) => each.currency === currency);
        for (const measure of ["billed", "effective"] as const) {
          const index = measure === "billed" ? 0 : 1;
          const delivered = rows.filter((each) => each.currency === currency && each.known[index] === 1);
          const invoiced = delivered.reduce((sum, each) => sum + (each.sums[index] ?? 0n), 0n);
          expect(sums[measure] ?? 0n).toBe(invoiced);
          expect(its.reduce((sum, each) => sum + (each.total[measure] ?? 0n), 0n)).toBe(invoiced);
          expect(sums[measure] === undefined).toBe(delivered.length === 0);
        }
        expect(its.find(({ scope }) => scope === "p")?.total.billed ?? 0n).toBe(0n);
      }
      expect(lines.filter(({ kind }) => kind !== "shared" && kind !== "given")).toHaveLength(rows.length);
    }),
  );
});

test("what nobody owns comes last in its currency, and is never left out", () => {
  const rows: CostRow[] = [
    { keys: [null, "x", "Usage"], currency: "USD", sums: [9n, 9n], known: [1, 1], charges: 1 },
    { keys: ["a", "x", "Usage"], currency: "USD", sums: [1n, 1n], known: [1, 1], charges: 1 },
  ];
  expect(makeStatement(rows, () => undefined).scopes.map(({ scope }) => scope)).toEqual(["a", null]);
});
