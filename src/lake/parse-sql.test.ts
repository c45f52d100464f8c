import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TimeStyle } from "#facts/source-mapping.ts";
import { decimal, parseDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { type Duckdb, openDuckdb } from "./engines/duckdb.ts";
import { losesDigits, parseMacros, parsePlain, parseTime, plainText, textUnits } from "./parse-sql.ts";
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
      units: amount === null ? null : decimal(String(amount)),
      control: control === null ? null : BigInt(String(control)),
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

const digit = fc.constantFrom(..."0123456789");
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
  fc.string({ unit: fc.constantFrom(..."-+.eE0123456789_ ,"), maxLength: 8 }),
  fc
    .string({ unit: "binary", maxLength: 6 })
    .filter((text) => text.isWellFormed() && !text.includes("\u0000")),
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

describe("times", () => {
  async function read(texts: readonly string[], style: TimeStyle, zone?: string): Promise<(string | null)[]> {
    const rows = await db.query(sql`
      with given as (select unnest(from_json(${JSON.stringify(texts)}, '["VARCHAR"]')) as x),
      numbered as (select row_number() over () as n, x from given)
      select strftime(${raw(parseTime("x", style, zone))}, '%Y-%m-%dT%H:%M:%S.%gZ') as at from numbered order by n`);
    return rows.map(({ at }) => (at === null ? null : String(at).replace(".000Z", "Z")));
  }

  test.each<[TimeStyle, string | undefined, string, string]>([
    ["iso", undefined, "2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"],
    ["iso", undefined, "2026-07-01 00:00:00Z", "2026-07-01T00:00:00Z"],
    ["iso", undefined, "2026-07-01T02:30:00+02:00", "2026-07-01T00:30:00Z"],
    ["iso", undefined, "2026-07-01T05:30:00+0530", "2026-07-01T00:00:00Z"],
    ["iso", undefined, "2026-07-01T00:00:00.250Z", "2026-07-01T00:00:00.250Z"],
    ["iso", undefined, "2026-07-01T00:00Z", "2026-07-01T00:00:00Z"],
    ["iso", undefined, "2026-07-01 00:00:00 UTC", "2026-07-01T00:00:00Z"],
    ["iso", undefined, "2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"],
    ["iso", "Europe/Budapest", "2026-07-01T00:00:00", "2026-06-30T22:00:00Z"],
    ["iso", "Europe/Budapest", "2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"],
    ["iso", "Europe/Budapest", "2026-07-01", "2026-06-30T22:00:00Z"],
    ["utc", undefined, "2026-07-01 00:00:00", "2026-07-01T00:00:00Z"],
    ["utc", undefined, "2026-07-01", "2026-07-01T00:00:00Z"],
    ["us-date", undefined, "7/1/2026", "2026-07-01T00:00:00Z"],
    ["us-date", undefined, "12/31/2026", "2026-12-31T00:00:00Z"],
    ["month", undefined, "202607", "2026-07-01T00:00:00Z"],
    ["unix", undefined, "1782864000", "2026-07-01T00:00:00Z"],
  ])("%s in %s: %s is %s", async (style, zone, text, at) =>
    expect(await read([text], style, zone)).toEqual([at]),
  );

  test.each<[TimeStyle, string | undefined, string[]]>([
    [
      "iso",
      undefined,
      [
        "",
        "4/1/25",
        "2026-07-01",
        "2026-07-01T00:00:00",
        "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-07-01T24:00:00Z",
        "2026-07-01T23:60:00Z",
        "2026-07-01T23:59:60Z",
        "2026-07-01T24:00:00+00:00",
        "2026-07-01T00:00:00z",
        "2026-07-01T00:00:00Zx",
        " 2026-07-01T00:00:00Z",
        "2026-7-1T00:00:00Z",
        "2026-07-01T00:00:00 CET",
        "+026-07-01T00:00:00Z",
        "2026-07-01T+1:00:00Z",
        "20260701T000000Z",
        "infinity",
        "epoch",
      ],
    ],
    ["iso", "Europe/Budapest", ["4/1/25", "2026-02-30", "2026-07-01T24:00:00", "07/01/2026", ""]],
    ["utc", undefined, ["4/1/25", "2026-02-30", "2026-07-01 24:00:00", "2026-07", ""]],
    [
      "us-date",
      undefined,
      ["4/1/25", "13/1/2026", "2/30/2026", "2026-07-01", "7/1/2026 00:00", "", "0/1/2026"],
    ],
    ["month", undefined, ["", "2026", "202613", "20267", "2026-07", "2026071", "202600", " 20260", "-20260"]],
    ["unix", undefined, ["", "x", "1.5", "1_000", "+3", " 3", "1e9", "0x10", "-"]],
  ])("%s in %s refuses what is not that", async (style, zone, texts) => {
    const found = await read(texts, style, zone);
    expect(texts.filter((_, index) => found[index] !== null)).toEqual([]);
  });

  test("any time of any zone is read as JavaScript reads it", async () => {
    const time = fc
      .tuple(
        fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2100, 0, 1) }),
        fc.integer({ min: -12 * 4, max: 14 * 4 }),
        fc.constantFrom("T", " "),
        fc.integer({ min: 0, max: 3 }),
      )
      .map(([at, quarters, between, parts]) => {
        const local = new Date(at + quarters * 900_000)
          .toISOString()
          .slice(0, parts === 0 ? 16 : parts === 1 ? 19 : 23);
        const minutes = Math.abs(quarters * 15);
        const two = (value: number): string => String(value).padStart(2, "0");
        return `${local.replace("T", between)}${quarters < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
      });
    await fc.assert(
      fc.asyncProperty(fc.array(time, { minLength: 300, maxLength: 300 }), async (texts) => {
        const want = texts.map((text) =>
          new Date(text.replace(" ", "T")).toISOString().replace(".000Z", "Z"),
        );
        expect(await read(texts, "iso")).toEqual(want);
      }),
      { numRuns: 5 },
    );
  });

  test("every second that the quick way reads is a second of the calendar", async () => {
    const part = fc.integer({ min: 0, max: 70 }).map((value) => String(value).padStart(2, "0"));
    const text = fc
      .tuple(fc.constantFrom("2024", "2025", "2026"), part, part, part, part, part)
      .map(([y, m, d, h, i, s]) => `${y}-${m}-${d}T${h}:${i}:${s}Z`);
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 400, maxLength: 400 }), async (texts) => {
        const want = texts.map((each) => {
          const at = Date.parse(each);
          // Date.parse turns 30 February into 2 March on some dates; only what is written back the same is a date.
          const back = Number.isNaN(at) ? undefined : new Date(at).toISOString().replace(".000Z", "Z");
          return back === each ? each : null;
        });
        expect(await read(texts, "iso")).toEqual(want);
      }),
      { numRuns: 5 },
    );
  });
});
