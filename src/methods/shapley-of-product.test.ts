import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shapleyOfProduct } from "./shapley-of-product.ts";

const whole = (value: bigint) => ({ over: value, under: 1n });
const divided = ({ parts, under }: ReturnType<typeof shapleyOfProduct>): number[] =>
  parts.map((part) => Number(part) / Number(under));

describe("Shapley's values of a product", () => {
  test("2 · 3 becoming 4 · 5: 8 by the first, 6 by the second", () =>
    // First then second: 6 and 8; second then first: 10 and 4.
    expect(divided(shapleyOfProduct([whole(2n), whole(3n)], [whole(4n), whole(5n)]))).toEqual([8, 6]));

  test("divide what appears from nothing", () =>
    expect(divided(shapleyOfProduct([whole(2n), whole(0n)], [whole(4n), whole(5n)]))).toEqual([5, 15]));

  const quotient = fc.record({
    over: fc.bigInt({ min: -1000n, max: 1000n }),
    under: fc.bigInt({ min: 1n, max: 1000n }),
  });
  const change = fc.array(fc.tuple(quotient, quotient), { minLength: 1, maxLength: 5 });

  test("are the mean over all orders, add up exactly, and change sign with time", () =>
    fc.assert(
      fc.property(change, (pairs) => {
        const [before, after] = [pairs.map(([was]) => was), pairs.map(([, is]) => is)];
        const { parts, under } = shapleyOfProduct(before, after);
        const product = (of: typeof before) =>
          of.reduce(
            (all, each) => ({ over: all.over * each.over, under: all.under * each.under }),
            whole(1n),
          );
        const [was, is] = [product(before), product(after)];
        const sum = parts.reduce((all, part) => all + part, 0n);
        expect(sum * was.under * is.under).toBe((is.over * was.under - was.over * is.under) * under);
        expect(shapleyOfProduct(after, before).parts.map((part) => -part)).toEqual(parts);
        byOrders(pairs).forEach((mean, at) => {
          const exact = Number(parts[at]) / Number(under);
          expect(Math.abs(mean - exact)).toBeLessThanOrEqual(1e-9 * scaleOf(pairs));
        });
      }),
    ));

  type Pairs = readonly (readonly [{ over: bigint; under: bigint }, { over: bigint; under: bigint }])[];
  const float = ({ over, under }: { over: bigint; under: bigint }): number => Number(over) / Number(under);
  const scaleOf = (pairs: Pairs): number =>
    1 + pairs.reduce((all, [was, is]) => all * Math.max(Math.abs(float(was)), Math.abs(float(is))), 1);

  /** The definition itself, in floats. */
  function byOrders(pairs: Pairs): number[] {
    const orders = permutations(pairs.map((_, at) => at));
    const sums = pairs.map(() => 0);
    for (const order of orders) {
      const values = pairs.map(([was]) => float(was));
      for (const at of order) {
        const before = values.reduce((all, value) => all * value, 1);
        const [, is] = pairs[at] ?? expect.unreachable();
        values[at] = float(is);
        sums[at] = (sums[at] ?? 0) + values.reduce((all, value) => all * value, 1) - before;
      }
    }
    return sums.map((sum) => sum / orders.length);
  }
  const permutations = (list: readonly number[]): number[][] =>
    list.length === 0
      ? [[]]
      : list.flatMap((first) =>
          permutations(list.filter((each) => each !== first)).map((rest) => [first, ...rest]),
        );
});
