import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TimeStyle } from "#facts/source-mapping.ts";
import { type Duckdb, openDuckdb } from "./engines/duckdb.ts";
import { parseMacros, parseTime } from "./parse-sql.ts";
import { raw, sql } from "./sql.ts";

let db: Duckdb;
beforeAll(async () => {
  db = await openDuckdb({ folders: [], memoryMiB: 256 });
  for (const macro of parseMacros) await db.run(macro);
});
afterAll(() => db.close());

describe("times", () => {
  async function read(texts: readonly string[], style: TimeStyle, zone?: string): Promise<(string | null)[]> {
    const rows = await db.query(sql`
      with given as (select unnest(from_json(${JSON.stringify(texts)}, '["VARCHAR"]')) as x),
      numbered as (select row_number() over () as n, x from given)
      select strftime(${raw(parseTime("x", style, zone))}, '%Y-%m-%dT%H:%M:%S.%gZ') as at from numbered order by n`);
    return rows.map(({ at }) => (at === null ? null : (at as string).replace(".000Z", "Z")));
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
