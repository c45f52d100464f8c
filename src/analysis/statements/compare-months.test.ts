import { expect, test } from "vitest";
import { addUp } from "./add-up.ts";
import { compareMonths } from "./compare-months.ts";
import { NOTHING } from "./make-statement.ts";
import type { StatementScope } from "./statement.ts";

const scope = (name: string | null, effective: bigint | undefined, currency = "USD"): StatementScope => {
  const sums = { billed: effective ?? 1n, effective };
  const parts = { commitments: NOTHING, shared: NOTHING, credits: NOTHING, corrections: NOTHING };
  return { scope: name, currency, direct: sums, ...parts, total: sums };
};
const moved = (now: readonly StatementScope[], before: readonly StatementScope[]) =>
  compareMonths({ scopes: now }, { scopes: before }).map((each) => [
    each.scope,
    each.currency,
    each.kind,
    each.moved.effective,
  ]);

test("who is new, who is gone, and who stayed; each currency by itself", () =>
  expect(
    moved(
      [scope("a", 5n), scope(null, 2n), scope("n", 7n)],
      [scope("a", 3n), scope("a", 9n, "EUR"), scope(null, 4n), scope("z", 1n)],
    ),
  ).toEqual([
    ["a", "USD", "both", 2n],
    [null, "USD", "both", -2n],
    ["n", "USD", "new", 7n],
    ["a", "EUR", "gone", -9n],
    ["z", "USD", "gone", -1n],
  ]));

test("the changes add up to what all bear now less what they bore", () => {
  const [now, before] = [
    [scope("a", 5n), scope("n", 7n)],
    [scope("a", 3n), scope("z", 1n)],
  ] as const;
  const sum = (scopes: readonly StatementScope[]): bigint =>
    addUp({ scopes, lines: [], totals: [] })[0]?.borne.effective ?? 0n;
  const all = moved(now, before).reduce((total, [, , , units]) => total + (units as bigint), 0n);
  expect(all).toBe(sum(now) - sum(before));
});

test("one that gave all away the month before is not gone, and what is unknown moved by nothing known", () => {
  const gaveAll = { ...scope("p", 0n), total: { billed: 0n, effective: 0n } };
  expect(moved([], [gaveAll])).toEqual([]);
  expect(moved([scope("a", undefined)], [scope("a", 1n)])).toEqual([["a", "USD", "both", undefined]]);
});
