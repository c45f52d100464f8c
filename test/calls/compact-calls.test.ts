import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "#facts/call.ts";
import { compactCalls } from "#flows/calls/compact-calls.ts";
import { importCalls } from "#flows/calls/import-calls.ts";
import { type CallRecorder, recordCalls } from "#flows/calls/record-calls.ts";
import { readLake } from "#lake/snapshot.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { call, tokens } from "./call-kit.ts";
import { askCalls, callLeftovers, faultsOfCalls, idsInLake } from "./lake-kit.ts";

let own: OwnFolder;
let data: string;
beforeEach(async () => {
  own = await ownFolder();
  data = own.data;
});
afterEach(() => own.remove());

const now = Date.UTC(2026, 6, 20);
async function record(...deliveries: readonly (readonly Call[])[]): Promise<void> {
  const recorder = await recordCalls(data);
  for (const delivery of deliveries) await recorder.record(delivery);
  await recorder.close();
}
const compact = (recorder?: CallRecorder) =>
  compactCalls(data, { now, ...(recorder === undefined ? {} : { journal: recorder.journal }) });
async function* lists(...calls: readonly (readonly Call[])[]): AsyncGenerator<readonly Call[]> {
  yield* calls;
}

describe("compaction", () => {
  test("makes of what was received rows of their days, in their types, and empties the journal", async () => {
    const late = Date.parse("2026-07-14T23:59:59.999Z");
    await record([
      call("b", { start: late, statedCost: "0.000000000000000001", statedCurrency: "USD", retry: true }),
      call("c", { start: late + 1, requests: { web_search: 3 }, tokens: null, tokensFault: "no counts" }),
      call("a"),
    ]);
    expect(await compact()).toEqual({ read: 3, added: 3, duplicates: 0, damaged: [], whole: true });
    expect(
      await askCalls(
        data,
        `select "Id", "StartTime"::varchar as t, "StatedCost"::varchar as cost, "Retry" as retry, "UncachedInputTokens"::varchar as n,
           "Requests"::varchar as requests, "Attributes"['team'] as tag, x_Team, x_Workload, typeof("StatedCost") as money, typeof("StartTime") as time
         from {calls} order by "StartTime"`,
      ),
    ).toEqual([
      expect.objectContaining({ Id: "a", cost: null, retry: null, n: "1000", x_Workload: "answers" }),
      expect.objectContaining({ Id: "b", cost: "0.000000000000000001", retry: true, tag: "search" }),
      expect.objectContaining({ Id: "c", t: "2026-07-15 00:00:00", n: null, requests: "{web_search=3}" }),
    ]);
    const [row] = await askCalls(
      data,
      `select typeof("StatedCost") as m, typeof("StartTime") as t from {calls}`,
    );
    expect(row).toEqual({ m: "DECIMAL(38,18)", t: "TIMESTAMP" });
    expect((await readLake(data)).events?.[0]?.days.map(({ day, rows }) => [day, rows])).toEqual([
      ["2026-07-14", 2],
      ["2026-07-15", 1],
    ]);
    expect(await compact()).toMatchObject({ read: 0 });
    expect(await faultsOfCalls(data)).toEqual([]);
  });

  test("takes each call once: of the same id on one day the one that came first", async () => {
    await record([call("a", { tier: "batch" }), call("a", { tier: "flex" })], [call("b")]);
    expect(await compact()).toMatchObject({ added: 2, duplicates: 1 });
    await record([call("a"), call("c"), call("a", { source: "another" })]);
    expect(await compact()).toMatchObject({ added: 2, duplicates: 1 });
    expect(await askCalls(data, `select "x_Source", "Id", "Tier" from {calls} order by 1, 2`)).toEqual([
      { x_Source: "another", Id: "a", Tier: "standard" },
      { x_Source: "gateway", Id: "a", Tier: "batch" },
      { x_Source: "gateway", Id: "b", Tier: "standard" },
      { x_Source: "gateway", Id: "c", Tier: "standard" },
    ]);
    expect(await faultsOfCalls(data)).toEqual([]);
  });

  test("keeps any text that can be received", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", minLength: 1 }),
        fc.string({ unit: "binary" }),
        async (id, text) => {
          await record([call(id, { step: text, attributes: { [text]: text, [id]: text } })]);
          expect(await compact()).toMatchObject({ read: 1, damaged: [] });
        },
      ),
      { numRuns: 15 },
    );
  });

  test(
    "merges the small files of a day, and its sums stay those of its rows",
    { timeout: 120_000 },
    async () => {
      const recorder = await recordCalls(data);
      for (let n = 0; n < 20; n++) {
        const hour = Date.UTC(2026, 6, 14, n);
        await recorder.record([
          call(`x${n}`, { start: hour, statedCost: "0.1", statedCurrency: n % 2 === 0 ? "USD" : "EUR" }),
          call(`y${n}`, { start: hour + 1, status: n % 3 === 0 ? "error" : "ok", duration: 1000 * n }),
          call(`x${n - 1}`),
        ]);
        expect(await compact(recorder)).toMatchObject({ read: 3, added: n === 0 ? 3 : 2 });
      }
      await recorder.close();
      const [day] = (await readLake(data)).events?.[0]?.days ?? [];
      expect(day?.rows).toBe(41);
      expect(day?.parts.length).toBeLessThan(9);
      expect(new Set(await idsInLake(data)).size).toBe(41);
      expect(await faultsOfCalls(data)).toEqual([]);
      const [sums] = await askCalls(
        data,
        `select sum("Calls")::integer as n, sum("FailedCalls")::integer as failed, sum("StatedCost")::varchar as cost, sum("n_StatedCost")::integer as known from {calls_day}`,
      );
      expect(sums).toEqual({ n: 41, failed: 7, cost: "2.000000000000000000", known: 20 });
      expect(await callLeftovers(data, now)).toEqual([]);
    },
  );

  test("leaves a damaged segment where it is, names it, and takes the others", async () => {
    await record([call("a")]);
    await record([call("b")]);
    const folder = path.join(data, "journal", "calls");
    const [first = ""] = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
    const file = path.join(folder, first);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, -5));
    expect(await compact()).toMatchObject({
      added: 1,
      damaged: [{ file, why: expect.stringContaining("damaged at byte 0") as string }],
    });
    expect(await idsInLake(data)).toEqual(["b"]);
    await writeFile(file, whole);
    expect(await compact()).toMatchObject({ added: 1, damaged: [] });
  });

  test("leaves to a process that receives calls what it has not sealed", async () => {
    const recorder = await recordCalls(data);
    await recorder.record([call("a")]);
    expect(await compact()).toMatchObject({ read: 0, whole: false });
    expect(await compact(recorder)).toMatchObject({ read: 1, whole: true });
    await recorder.close();
  });
});

describe("an import of calls", () => {
  test("is seen at once, changes nothing when it comes again, and needs no journal", async () => {
    const recorder = await recordCalls(data);
    await recorder.record([call("live")]);
    const calls = lists([call("a"), call("b", { start: Date.UTC(2026, 5, 1) })], [], [call("a"), call("c")]);
    expect(await importCalls(data, calls, { now })).toEqual({ read: 4, added: 3, duplicates: 1 });
    expect((await readLake(data)).version).toBe(1);
    expect(await importCalls(data, lists([call("c"), call("a")]), { now })).toMatchObject({ added: 0 });
    expect((await readLake(data)).version).toBe(1);
    await compact(recorder);
    await recorder.close();
    expect(await idsInLake(data)).toEqual(["a", "b", "c", "live"]);
    expect(await callLeftovers(data, now)).toEqual([]);
  });

  test("that holds one call that is none changes nothing", async () => {
    const wrong = lists([call("a")], [call("b", { duration: -1 })]);
    await expect(importCalls(data, wrong, { now })).rejects.toMatchObject({
      code: "event-invalid",
      at: { column: "DurationMicroseconds" },
    });
    expect((await readLake(data)).version).toBe(0);
  });

  test("of a bill and of calls live side by side", async () => {
    const { bring } = await import("../imports/kit.ts");
    const { july } = await import("../imports/bill.ts");
    await importCalls(data, lists([call("a", { tokens: tokens({ cacheRead: 5 }) })]), { now });
    await bring(data, await own.write("july.csv", july("1")));
    await bring(data, await own.write("july.csv", july("2")));
    expect(await idsInLake(data)).toEqual(["a"]);
    expect(await faultsOfCalls(data)).toEqual([]);
  });
});
