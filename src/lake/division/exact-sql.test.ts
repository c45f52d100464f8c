import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { exactMacros, weightFactor, withPlace } from "./exact-sql.ts";

let db: Duckdb;
beforeAll(async () => {
  db = await openDuckdb({ folders: [], memoryMiB: 256 });
  for (const macro of exactMacros) await db.run(macro);
});
afterAll(() => db.close());

const ONE = 10n ** 18n;
const upto = (units: bigint, place: bigint): bigint => {
  const [size, sign] = units < 0n ? [-units, -1n] : [units, 1n];
  return place < 0n ? -upto(units, -place) : (sign * size * place) / ONE;
};

/** What the engine gives of an amount between two places. */
async function parts(cases: readonly { units: bigint; low: bigint; high: bigint }[]): Promise<bigint[]> {
  const values = cases.map(
    ({ units, low, high }, index) =>
      `(${index}, '${formatDecimal(units)}'::decimal(38,18), ${low}::bigint, ${high}::bigint)`,
  );
  const rows = await db.run(`select exact_part(exact_whole(d), exact_limb(d, 18), exact_limb(d, 9),
      low // 1000000000, low % 1000000000, high // 1000000000, high % 1000000000, exact_units(high - low))::varchar as part
    from (values ${values.join(", ")}) t(n, d, low, high) order by n`);
  return rows.map(({ part }) => decimal(String(part)));
}

const most = 10n ** 38n - 1n;
const units = fc.oneof(
  fc.bigInt({ min: -most, max: most }),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  fc.constantFrom(0n, 1n, -1n, most, -most, ONE - 1n, 1n - ONE, -ONE),
);
const place = fc.oneof(
  fc.bigInt({ min: 0n, max: ONE }),
  fc.constantFrom(0n, 1n, ONE - 1n, ONE, 10n ** 9n, 10n ** 9n - 1n),
);

test("two thirds of one are cut at the 18th decimal, and the last third gets the rest", async () => {
  const third = ONE / 3n;
  const found = await parts([
    { units: ONE, low: 0n, high: third },
    { units: ONE, low: third, high: 2n * third },
    { units: ONE, low: 2n * third, high: ONE },
    { units: ONE, low: 0n, high: -ONE },
  ]);
  expect(found.map(formatDecimal)).toEqual([
    "0.333333333333333333",
    "0.333333333333333333",
    "0.333333333333333334",
    "-1",
  ]);
});

test("any amount that a bill can hold is divided as whole numbers of any size are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ units, one: place, other: place }), { minLength: 1, maxLength: 50 }),
      async (given) => {
        const cases = given.map(({ units: amount, one, other }) => ({
          units: amount,
          low: one < other ? one : other,
          high: one < other ? other : one,
        }));
        expect(await parts(cases)).toEqual(
          cases.map(({ units: amount, low, high }) => upto(amount, high) - upto(amount, low)),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("what is given and received of an amount adds up to nothing, whatever the places", async () => {
  await fc.assert(
    fc.asyncProperty(units, fc.array(place, { maxLength: 8 }), async (amount, inner) => {
      const places = [0n, ...inner, ONE].sort((a, b) => (a < b ? -1 : 1));
      const received = places
        .slice(1)
        .map((high, index) => ({ units: amount, low: places[index] ?? 0n, high }));
      const found = await parts([{ units: amount, low: 0n, high: -ONE }, ...received]);
      expect(found.reduce((sum, part) => sum + part, 0n)).toBe(0n);
      for (const part of found.slice(1)) expect(part === 0n || part > 0n === amount > 0n).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("places of weights of any size are their parts of the whole, in order, and the last is the whole", async () => {
  const weight = fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 28n }),
    fc.bigInt({ min: 0n, max: 1000n }),
    fc.bigInt({ min: 0n, max: 10n ** 20n }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(weight, { minLength: 1, maxLength: 10 }).filter((all) => all.some((each) => each > 0n)),
      async (weights) => {
        const values = weights.map((each, index) => `(${index}, '${formatDecimal(each)}'::decimal(38,18))`);
        const scaled = `select n, (w * ${weightFactor("t")})::bigint as weight from (select n, w, sum(w) over () as t from (values ${values.join(", ")}) v(n, w))`;
        const summed = `select n, sum(weight) over (order by n)::bigint as upto, sum(weight) over ()::bigint as total from (${scaled})`;
        const rows = await db.run(
          `select place::varchar as place from (${withPlace(summed, "upto", "place")}) order by n`,
        );
        const places = rows.map(({ place: found }) => BigInt(String(found)));
        const total = weights.reduce((sum, each) => sum + each, 0n);
        expect(places.at(-1)).toBe(ONE);
        let sum = 0n;
        for (const [index, each] of weights.entries()) {
          sum += each;
          const exact = (sum * ONE) / total;
          const off = (places[index] ?? 0n) - exact;
          // A weight keeps 14 digits of the total, so ten of them are off by less than 10⁻¹³ of it.
          expect(off < 100_000n && off > -100_000n).toBe(true);
          expect((places[index] ?? 0n) >= (places[index - 1] ?? 0n)).toBe(true);
        }
      },
    ),
    { numRuns: 100 },
  );
});
