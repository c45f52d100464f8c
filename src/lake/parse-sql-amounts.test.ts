import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decimal, parseDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { type Duckdb, openDuckdb } from "./engines/duckdb.ts";
import { losesDigits, parseMacros, parsePlain, plainText, textUnits } from "./parse-sql.ts";
import { raw, sql } from "./sql.ts";

let db: Duckdb;
beforeAll(async () => {
  db = await openDuckdb({ folders: [], memoryMiB: 256 });
  for (const macro of parseMacros) await db.run(macro);
});
afterAll(() => db.close());

/** What the engine makes of texts: exact units, the control's units, and whether digits are rounded away; null if refused. */
interface Read {
  readonly units: bigint | null;
  readonly control: bigint | null;
  readonly rounded: boolean;
}

async function readAll(texts: readonly string[]): Promise<Read[]> {
  const rows = await db.query(sql`
    with given as (select unnest(from_json(${JSON.stringify(texts)}, '["VARCHAR"]')) as x),
    numbered as (select row_number() over () as n, x from given),
    plain as materialized (select n, ${raw(plainText("x"))} as p from numbered)
    select cast(${raw(parsePlain("p"))} as varchar) as amount, typeof(${raw(parsePlain("p"))}) as type,
      cast(${raw(`case when ${parsePlain("p")} is not null then ${textUnits("p")} end`)} as varchar) as control,
      coalesce(${raw(losesDigits("p"))}, false) as rounded
    from plain order by n`);
  return rows.map(({ amount, control, rounded, type }) => {
    expect(type).toBe("DECIMAL(38,18)");
    return {
      units: amount === null ? null : decimal(amount as string),
      control: control === null ? null : BigInt(control as string),
      rounded: rounded === true,
    };
  });
}

/** The same by the product's own arithmetic. FOCUS lets a writer leave out the digits on one side of the point. */
function expected(text: string): Read {
  const complete = text.replace(/^(-?)\.(?=\d)/, "$10.").replace(/^(-?\d+)\.(?=$|[eE])/, "$1");
  try {
    const parsed = parseDecimal(complete);
    if (parsed === undefined) return { units: null, control: null, rounded: false };
    return { units: parsed.units, control: parsed.units, rounded: parsed.rounded };
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "amount-out-of-range")
      return { units: null, control: null, rounded: false };
    throw cause;
  }
}

async function expectSame(texts: readonly string[]): Promise<void> {
  const read = await readAll(texts);
  expect(read.length).toBe(texts.length);
  const differences = texts.flatMap((text, index) => {
    const [got, want] = [read[index], expected(text)];
    // Whether a refused text would have been rounded does not matter.
    const same =
      got !== undefined &&
      got.units === want.units &&
      got.control === want.control &&
      (want.units === null || got.rounded === want.rounded);
    return same ? [] : [{ text, got, want }];
  });
  expect(differences).toEqual([]);
}

const digit = fc.constantFrom(...Array.from("0123456789"));
const digits = (max: number, min = 1): fc.Arbitrary<string> =>
  fc.string({ unit: digit, minLength: min, maxLength: max, size: "max" });
const sign = fc.constantFrom("", "", "-");
const point = fc
  .tuple(
    digits(20),
    fc.oneof(
      fc.constant(""),
      digits(24).map((text) => `.${text}`),
    ),
  )
  .map((parts) => parts.join(""));
const small = fc.tuple(digits(6), digits(12)).map(([whole, fraction]) => `${whole}.${fraction}`);
/** Ties and near-ties at the 19th decimal. */
const tie = fc
  .tuple(digits(20), digits(18, 18), fc.constantFrom("5", "5000", "50000001", "49999", "4", "59"))
  .map(([whole, fraction, rest]) => `${whole}.${fraction}${rest}`);
const mantissa = fc.oneof(
  point,
  small,
  tie,
  digits(38),
  digits(8).map((text) => `.${text}`),
  digits(8).map((text) => `${text}.`),
);
const exponent = fc
  .tuple(fc.constantFrom("e", "E"), fc.constantFrom("", "+", "-"), fc.integer({ min: 0, max: 45 }))
  .map((parts) => parts.join(""));
const decimals = fc
  .tuple(
    sign,
    mantissa,
    fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 2, arbitrary: exponent }),
  )
  .map((parts) => parts.join(""));
const garbage = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from("-+.eE0123456789_ ,")), maxLength: 8 }),
  fc
    .string({ unit: "binary", maxLength: 6 })
    .filter((text) => !/\p{Surrogate}/u.test(text) && !text.includes("\u0000")),
  fc
    .tuple(decimals, fc.constantFrom("_", " ", "+", "e", "E5", "٣", "１", "\n", "\t", "f", "%"))
    .chain(([text, bad]) => fc.nat(text.length).map((at) => text.slice(0, at) + bad + text.slice(at))),
);

describe("amounts", () => {
  test.each([
    ["1234.5", "1234.5"],
    ["-0.5", "-0.5"],
    [".5", "0.5"],
    ["5.", "5"],
    ["007.10", "7.1"],
    ["-0", "0"],
    ["1.81E-8", "0.0000000181"],
    ["12e3", "12000"],
    ["0.1234567890123456785", "0.123456789012345678"],
    ["0.1234567890123456775", "0.123456789012345678"],
    ["99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"],
    ["0000000000000000000000000000000000000001", "1"],
  ])("%s is read as %s", async (text, amount) => {
    expect((await readAll([text]))[0]).toMatchObject({ units: decimal(amount), control: decimal(amount) });
  });

  test("what a cast would forgive is refused", async () => {
    const bad = [
      "1_000",
      "+3",
      " 3",
      "3 ",
      "1e",
      "e3",
      "--1",
      "0x1",
      "１",
      "",
      ".",
      "-",
      "-.",
      "1,5",
      "1,000.5",
      "NaN",
      "inf",
      "Infinity",
      "null",
      "1e5_0",
      "1.2.3",
      "5-",
      "1-2",
      "(3)",
      "$3",
      "1e+",
      "1e1.5",
      "\t3",
      "3\n",
      "true",
    ];
    expect((await readAll(bad)).map(({ units }, index) => ({ text: bad[index], units }))).toEqual(
      bad.map((text) => ({ text, units: null })),
    );
  });

  test("what does not fit is refused, not cut", async () => {
    const large = [
      "100000000000000000000",
      "-1e20",
      "1e400",
      "9".repeat(40),
      "99999999999999999999.9999999999999999995",
      `1${"0".repeat(60)}.5`,
    ];
    expect((await readAll(large)).map(({ units }) => units)).toEqual(large.map(() => null));
  });

  test("the engine reads thousands of decimals exactly as the product's own arithmetic", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(decimals, { minLength: 400, maxLength: 400, size: "max" }), expectSame),
      { numRuns: 25, endOnFailure: true },
    );
  });

  test("both refuse the same garbage", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 400, maxLength: 400, size: "max" }), expectSame),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test("an empty cell is no amount, not zero", async () => {
    const [row] = await db.query(
      sql`select ${raw(parsePlain(`(${plainText("cast(null as varchar)")})`))} as amount`,
    );
    expect(row).toEqual({ amount: null });
  });
});
