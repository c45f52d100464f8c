import { rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callsTable } from "#facts/call-columns.ts";
import type { Call } from "#facts/call.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import { importCalls } from "#flows/calls/import-calls.ts";
import { repriceCalls } from "#flows/calls/reprice-calls.ts";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { openDuckdb } from "#lake/engines/duckdb.ts";
import { eventsOf, withEvents } from "#lake/events/event-days.ts";
import { openEvents } from "#lake/open-events.ts";
import { publishVersion, readLake } from "#lake/snapshot.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { call } from "./call-kit.ts";
import { callLeftovers, faultsOfCalls } from "./lake-kit.ts";

const now = Date.UTC(2026, 8, 1);
const at = (month: number, day: number): number => Date.UTC(2026, month - 1, day, 12);
let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

const add = (...calls: readonly Call[]) =>
  importCalls(
    own.data,
    (async function* () {
      yield calls;
    })(),
    { now },
  );
const inForce = async () => eventsOf((await readLake(own.data)).events, callsTable);
/** How many files a question of the whole table reads, and how many calls it finds. */
async function asked(): Promise<{ files: number; calls: number | undefined }> {
  const lake = await openEvents(own.data, callsTable);
  const files = lake.files("calls_day").length;
  lake.close();
  const { total } = await answerCalls({ data: own.data, now, by: ["model"], where: [] });
  return { files, calls: total?.calls };
}

test("daily rollups of a month lie in one file, whatever days come or change; a month of one day has none", async () => {
  await add(call("a", { start: at(7, 1) }), call("b", { start: at(7, 2) }), call("c", { start: at(8, 1) }));
  expect((await inForce()).months.map(({ month, of }) => [month, of.length])).toEqual([["2026-07", 2]]);
  expect(await asked()).toEqual({ files: 2, calls: 3 });

  const [before] = (await inForce()).months;
  await add(call("d", { start: at(8, 3) }));
  const { months } = await inForce();
  expect(months.map(({ month }) => month)).toEqual(["2026-07", "2026-08"]);
  // A month that nothing came to keeps its file.
  expect(months[0]).toEqual(before);

  await add(
    call("e", { start: at(7, 1) + 1000 }),
    call("f", { start: at(7, 31) }),
    call("a", { start: at(7, 1) }),
  );
  expect(await asked()).toEqual({ files: 2, calls: 6 });
  expect(await faultsOfCalls(own.data)).toEqual([]);
  expect(await callLeftovers(own.data, now)).toEqual([]);
});

test("a question of some days reads the month's file and counts only them", async () => {
  await add(...[1, 2, 3, 4].map((day) => call(`${day}`, { start: at(7, day) })));
  const of = (from: string, to: string) =>
    answerCalls({ data: own.data, now, by: [], where: [], from, to }).then(({ total }) => total?.calls);
  expect(await of("2026-07-02", "2026-07-04")).toBe(2);
  expect(await of("2026-07-02", "2026-07-03")).toBe(1);
  expect(await of("2026-07-10", "2026-07-20")).toBeUndefined();
  expect(await of("2026-07-01", "2026-07-05")).toBe(4);
  expect(await of("2026-07-01", "2026-07-04")).toBe(3);
  expect(await of("2026-06-20", "2026-09-01")).toBe(4);
});

test("sums of months, days, hours and calls are the same, whatever the window", async () => {
  const calls = Array.from({ length: 300 }, (_, index) =>
    call(`${index}`, {
      start: at(6, 1) + ((index * 7919) % (75 * 24)) * 3_600_000,
      duration: 1000 * (1 + ((index * 31) % 997)),
    }),
  );
  await add(...calls.slice(0, 200));
  await add(...calls.slice(200));
  const ask = (from: number, to: number) =>
    answerCalls({
      data: own.data,
      now,
      by: ["model"],
      where: [],
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    });
  const DAY = 86_400_000;
  for (let start = Date.UTC(2026, 4, 25); start < Date.UTC(2026, 7, 20); start += 9 * DAY)
    for (const days of [1, 3, 20, 40, 80]) {
      const end = start + days * DAY;
      const { groups, tables } = await ask(start, end);
      expect(tables).toEqual(["calls_month", "calls_latency_month"]);
      const counted = calls.filter((each) => each.start >= start && each.start < end).length;
      expect(groups.reduce((sum, group) => sum + group.calls, 0)).toBe(counted);
      // Half a second more, and the calls themselves are asked.
      const raw = await ask(start - 500, end);
      expect(raw.tables).toEqual(["calls"]);
      const { duration, ...sums } = groups[0] ?? {};
      expect({ ...sums, duration }).toEqual({ ...raw.groups[0] });
    }
  expect(await faultsOfCalls(own.data)).toEqual([]);
});

test("pricing calls anew makes their month anew", async () => {
  await add(call("a", { start: at(7, 1) }), call("b", { start: at(7, 2) }));
  const compute = async (_: unknown, relation: string) =>
    `(select *, 2::decimal(38,18) as "PricedCost", 'USD' as "PricedCurrency", 'contract' as "PriceLayer", null::varchar as "Unpriced" from ${relation})`;
  await repriceCalls(own.data, { now, dryRun: false, compute });
  const { total } = await answerCalls({ data: own.data, now, by: [], where: [] });
  expect(total?.pricedCosts).toEqual([{ currency: "USD", cost: "4", calls: 2 }]);
  expect((await asked()).files).toBe(1);
  expect(await faultsOfCalls(own.data)).toEqual([]);
});

test("where months are not there, or not of the days in force, the days answer", async () => {
  await add(call("a", { start: at(7, 1) }), call("b", { start: at(7, 2) }));
  const lake = await readLake(own.data);
  const former = eventsOf(lake.events, callsTable);
  const publish = async (months: typeof former.months): Promise<void> => {
    const { version } = await readLake(own.data);
    const events = withEvents(lake.events, callsTable, { ...former, months });
    await publishVersion(own.data, { ...lake, version: version + 1, events });
  };
  await publish([]);
  expect(await asked()).toEqual({ files: 2, calls: 2 });
  await publish(former.months.map((month) => ({ ...month, of: ["calls_day/day=2026-07-01/other.parquet"] })));
  expect(await asked()).toEqual({ files: 2, calls: 2 });
  await publish(former.months);
  expect(await asked()).toEqual({ files: 1, calls: 2 });
  // The next delivery makes up for it.
  await publish([]);
  await add(call("c", { start: at(7, 3) }));
  expect(await asked()).toEqual({ files: 1, calls: 3 });
});

test("the doctor finds a month that tells something else than its days, and one that is gone", async () => {
  await add(call("a", { start: at(7, 1) }), call("b", { start: at(7, 2) }));
  const [month] = (await inForce()).months;
  const lake = path.join(own.data, "lake");
  const file = path.join(lake, month?.rollups["calls_day"] ?? "");
  const db = await openDuckdb({ folders: [lake] });
  await db.run(
    `copy (select * replace ("Calls" + 1 as "Calls") from '${file}') to '${file}.new' (format parquet)`,
  );
  await db.run(`copy (from read_parquet('${file}.new')) to '${file}' (format parquet)`);
  db.close();
  await rm(`${file}.new`);
  const health = async () => (await examineLake(own.data, { now })).events[0];
  expect((await health())?.imbalances).toEqual([
    {
      table: "calls_day",
      day: "2026-07",
      figure: "rows that its days have not, or it has not",
      expected: "0",
      found: "4",
    },
  ]);
  await rm(file);
  const monthly = month?.rollups["calls_month"] ?? "";
  await rm(path.join(lake, monthly));
  expect((await health())?.damaged).toEqual([
    { file: month?.rollups["calls_day"], why: "is missing" },
    { file: monthly, why: "is missing" },
  ]);
  await expect(answerCalls({ data: own.data, now, by: [], where: [] })).rejects.toThrow(
    /calls_(day|month)\/month=2026-07/,
  );
});
