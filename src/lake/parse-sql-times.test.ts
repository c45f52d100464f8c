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
    // The hour from 02:00 to 03:00 is left out in spring and occurs twice in autumn; then the second is meant.
    ["iso", "Europe/Budapest", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"],
    ["iso", "Europe/Budapest", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"],
    ["iso", "Europe/Budapest", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z"],
    ["iso", "Europe/Budapest", "2026-10-25T02:00:00", "2026-10-25T01:00:00Z"],
    ["iso", "Europe/Budapest", "2026-10-25T02:30:00", "2026-10-25T01:30:00Z"],
    ["iso", "Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T15:15:00Z"],
    // Clocks are put forward at midnight: the day begins at 01:00.
    ["iso", "America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"],
    ["iso", "America/Santiago", "2026-09-06T00:00:00", "2026-09-06T04:00:00Z"],
    ["iso", "America/Santiago", "2026-09-06T01:00:00", "2026-09-06T04:00:00Z"],
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
    ["iso", "Europe/Budapest", ["2026-03-29T02:00:00", "2026-03-29 02:30", "2026-03-29T02:59:59.999"]],
    ["utc", "Europe/Budapest", ["2026-03-29 02:30:00"]],
    ["iso", "Australia/Lord_Howe", ["2026-10-04T02:00:00", "2026-10-04T02:29:59"]],
    ["iso", "America/Santiago", ["2026-09-06T00:00:01", "2026-09-06T00:59:59"]],
    // Apia left out a whole day.
    ["iso", "Pacific/Apia", ["2011-12-30", "2011-12-30T12:00:00"]],
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

  test("any local time is the last instant that its zone's clocks show so, or none", async () => {
    const zones = ["Europe/Budapest", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"];
    for (const zone of zones) {
      // Minutes around each change of the clocks in 2026, and any others.
      const hours = Array.from({ length: 24 * 365 }, (_, hour) => Date.UTC(2026, 0, 1, hour));
      const changes = hours.filter(
        (at) => localTime(at + 3_600_000, zone) - localTime(at, zone) !== 3_600_000,
      );
      const at = fc.constantFrom(Date.UTC(2026, 6, 1), ...changes.map((change) => localTime(change, zone)));
      const minutes = fc
        .tuple(at, fc.integer({ min: -240, max: 240 }))
        .map(([from, more]) => from + more * 60_000);
      const locals = fc.sample(minutes, 400).filter((local) => local % 86_400_000 !== 0);
      const want = locals.map((local) => {
        const before = Array.from({ length: 29 * 4 }, (_, quarter) => local + (15 * 4 - quarter) * 900_000);
        const instants = before.filter((instant) => localTime(instant, zone) === local);
        return instants.length === 0 ? null : written(Math.max(...instants));
      });
      expect(want.includes(null)).toBe(true);
      const texts = locals.map((local) => written(local).slice(0, 19));
      expect(await read(texts, "iso", zone)).toEqual(want);
    }
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

const written = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show at an instant, as if it were UTC. */
function localTime(at: number, zone: string): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  clocks.set(zone, clock);
  return Date.parse(`${clock.format(at).replace(" ", "T")}Z`);
}
