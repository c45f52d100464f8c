import { afterEach, beforeEach, expect, test } from "vitest";
import type { Call } from "#facts/call.ts";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { importCalls } from "#flows/calls/import-calls.ts";
import { plimsoll, ownFolder, type OwnFolder } from "../imports/kit.ts";
import { call, tokens } from "./call-kit.ts";

const now = Date.UTC(2026, 6, 20);
let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

const add = (calls: readonly Call[]) =>
  importCalls(
    own.data,
    (async function* () {
      yield calls;
    })(),
    { now },
  );
const health = () => examineLake(own.data, { now });
/** A call in each of some hours, every one with another number of tokens. */
const hours = (source: string, count: number, input: (hour: number) => number): Call[] =>
  Array.from({ length: count }, (_, hour) =>
    call(`${source}-${hour}`, {
      source,
      start: Date.UTC(2026, 6, 14, hour, source.length),
      responseModel: source === "app" ? "gpt-6-mini" : "openai/gpt-6-mini",
      tokens: tokens({ uncachedInput: input(hour), visibleOutput: input(hour) / 10 }),
    }),
  );
const some = (hour: number): number => 1000 + hour * 370;

test("two sources that tell the same calls under ids of their own are found, hour by hour", async () => {
  await add([...hours("app", 10, some), ...hours("gateway", 10, (hour) => (hour === 3 ? 90 : some(hour)))]);
  expect((await health()).sameCalls).toMatchObject([
    { sources: ["app", "gateway"], bucket: "hour", confidence: "high", shared: 10, agree: 9, calls: 9 },
  ]);
  const { stdout } = await plimsoll(["doctor", "--data", own.data]);
  expect(stdout).toContain(
    "Counted twice: 9 calls of app are told again by gateway (2026-07-14 to 2026-07-14): tokens of 1 model are the same in 9 of 10 hours that both tell.",
  );
});

test("a report that knows days only is compared by the day", async () => {
  const days = [0, 1, 2, 3, 4].map((day) => Date.UTC(2026, 6, 10 + day));
  const ofDay = (source: string, hour: number) =>
    days.map((start, day) =>
      call(`${source}-${day}`, {
        source,
        start: start + hour * 3_600_000,
        tokens: tokens({ uncachedInput: some(day) }),
      }),
    );
  await add([...ofDay("usage", 0), ...ofDay("app", 9)]);
  expect((await health()).sameCalls).toMatchObject([
    { sources: ["app", "usage"], bucket: "day", confidence: "high", agree: 5 },
  ]);
});

test("two sources with work of their own are none, nor is one that always does the same", async () => {
  await add([...hours("app", 10, some), ...hours("gateway", 10, (hour) => some(9 - hour) * 3)]);
  await add([...hours("one", 10, () => 500), ...hours("other", 10, () => 500)]);
  expect((await health()).sameCalls).toEqual([]);
});

test("the calls of a source can be taken out: all other figures stay as they are, and they come in again", async () => {
  await add([...hours("app", 10, some), ...hours("gateway", 10, some)]);
  await add([call("next", { source: "gateway", start: Date.UTC(2026, 6, 15) })]);
  const rest = async () =>
    (await plimsoll(["calls", "--where", "source=app", "--csv", "--data", own.data])).stdout;
  const before = await rest();
  const remove = (...args: readonly string[]) => plimsoll(["calls", "remove", ...args, "--data", own.data]);

  expect((await remove("--source", "gatewya")).stderr).toMatch(
    /No calls have the source "gatewya"[^]*gateway/,
  );
  expect((await remove()).stderr).toMatch(/required option.*--source/);
  expect((await remove("--source", "gateway", "--dry-run")).stdout).toContain(
    "There are 11 calls of gateway in 2 days.",
  );
  expect((await remove("2026-06", "--source", "gateway")).stdout).toContain(
    "no calls of gateway in this time",
  );
  expect((await health()).events[0]?.rows).toBe(21);

  expect((await remove("--source", "gateway")).stdout).toContain("Removed 11 calls of gateway in 2 days.");
  const { verdict, events } = await health();
  expect([verdict, events[0]?.rows, events[0]?.days]).toEqual(["healthy", 10, 1]);
  expect(await rest()).toBe(before);
  expect((await plimsoll(["calls", "--data", own.data])).stdout).not.toContain("openai/");

  await add(hours("gateway", 10, some));
  expect((await health()).events[0]?.rows).toBe(20);
});

test("and so can signals and outcomes, to the last one", async () => {
  const signals = "time,signal,value,count,max,controller\n2026-07-14T09:00:00Z,gpu_active,0.6,1,,chat\n";
  const outcomes = "id,time,kind\na,2026-07-14,resolved-ticket\n";
  for (const [kind, text] of [
    ["signals", signals],
    ["outcomes", outcomes],
  ] as const) {
    const file = await own.write(`${kind}.csv`, text);
    await plimsoll([kind, "import", file, "--source", "test", "--data", own.data]);
    const { stdout } = await plimsoll([kind, "remove", "--source", "test", "--data", own.data, "--json"]);
    expect(JSON.parse(stdout)).toEqual({ rows: 1, days: 1, kept: true });
    expect((await plimsoll([kind, "--data", own.data])).stderr).toMatch(/lake-empty/);
  }
  expect((await health()).verdict).toBe("healthy");
});
