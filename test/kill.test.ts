import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLake } from "#lake/open-lake.ts";
import { readLake, versionName } from "#lake/snapshot.ts";
import { raw, sql } from "#lake/sql.ts";
import { charge, used } from "./division/rows.ts";
import { csv, line } from "./imports/bill.ts";
import { csv as rowsOf } from "./imports/csv.ts";
import { leftovers } from "./imports/leftovers.ts";
import { contents, ownFolder, type OwnFolder, plimsoll, start } from "./imports/kit.ts";

/** How many imports are killed at random; `PLIMSOLL_KILLS=50` is what a release is judged by. */
const kills = Number(process.env["PLIMSOLL_KILLS"] ?? 12);
const ROWS = 40_000;

let own: OwnFolder;
let data: string;
/** The two versions of the bill, and what the lake answers while it holds the one or the other. */
const bills: [string, string] = ["", ""];
const truths: [unknown, unknown] = [undefined, undefined];
let milliseconds = 0;

/** A bill of two billing periods; the versions differ in every row. */
function bill(version: number): string {
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const month = row % 2 === 0 ? "06" : "07";
    const next = row % 2 === 0 ? "07" : "08";
    const day = String(1 + (row % 28)).padStart(2, "0");
    const hour = String(row % 24).padStart(2, "0");
    return line({
      BilledCost: `${version}.${String((row * 7919) % 1_000_003)}`,
      BillingPeriodStart: `2026-${month}-01T00:00:00Z`,
      BillingPeriodEnd: `2026-${next}-01T00:00:00Z`,
      ChargePeriodStart: `2026-${month}-${day}T${hour}:00:00Z`,
      ChargePeriodEnd: `2026-${month}-${day}T${hour}:30:00Z`,
      ServiceName: `Service ${row % 50}`,
    });
  });
  return csv(...lines);
}

/** Every table's exact sums and counts by period and service, and the list of periods: all that a half import could spoil. */
async function answers(): Promise<unknown> {
  const lake = await openLake(data);
  const found: Record<string, unknown> = {};
  for (const [table, rows] of [
    ["charges", "count(*)"],
    ["charges_hour", "sum(n_Charges)"],
    ["charges_day", "sum(n_Charges)"],
  ] as const) {
    found[table] = await lake.engine.query(sql`
      select "BillingPeriodStart"::varchar as period, "ServiceName" as service, ${raw(rows)}::varchar as n, sum("BilledCost")::varchar as cost
      from ${lake.dialect.table(table)} group by all order by 1, 2`);
  }
  lake.close();
  const periods = lake.version.periods.map(({ billingPeriod, rows, totals }) => ({
    billingPeriod,
    rows,
    totals,
  }));
  return { ...found, periods };
}

const importing = (which: 0 | 1): string[] => ["import", bills[which], "--data", data, "--source", "aws"];

beforeAll(async () => {
  own = await ownFolder();
  data = own.data;
  for (const which of [1, 0] as const) {
    bills[which] = path.join(own.folder, `bill-${which}.csv`);
    await writeFile(bills[which], bill(which + 1));
    const started = performance.now();
    expect((await plimsoll(importing(which))).exit).toBe(0);
    milliseconds = performance.now() - started;
    truths[which] = await answers();
  }
  expect(truths[0]).not.toEqual(truths[1]);
});
afterAll(() => own.remove());

/** Checks the lake after a kill, then that the same import succeeds and leaves nothing behind. */
async function survives(live: 0 | 1, coming: 0 | 1, version: number): Promise<boolean> {
  const published = (await readLake(data)).version > version;
  expect(await answers()).toEqual(truths[published ? coming : live]);
  const started = performance.now();
  const again = await plimsoll(importing(coming));
  // Other tests share the machine, so the time that an import takes is measured as we go.
  if (!published) milliseconds = performance.now() - started;
  expect(again).toMatchObject({ exit: 0, stderr: "" });
  expect(again.stdout).toMatch(published ? /^Nothing changed/ : /^Imported 40,000 charges/);
  expect(await answers()).toEqual(truths[coming]);
  expect(await leftovers(data, Date.now())).toEqual([]);
  return published;
}

describe("an import over a former version", () => {
  let live: 0 | 1 = 0;

  test(
    `killed ${kills} times at random, it is seen whole or not at all`,
    { timeout: 20 * 60_000 },
    async () => {
      const landed: Record<string, number> = {};
      let state = 20260701;
      for (let kill = 0, tries = 0; kill < kills; tries++) {
        expect(tries, "imports that were over before they were killed").toBeLessThan(kills * 3);
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const coming = live === 0 ? 1 : 0;
        const { version } = await readLake(data);
        const { child, ended } = start(importing(coming));
        // A kill in each part of the import's time, at random within the part.
        const moment = ((kill + state / 2 ** 32) / kills) * milliseconds * 0.85;
        const timer = setTimeout(() => child.kill("SIGKILL"), moment);
        const { signal } = await ended;
        clearTimeout(timer);
        const where = signal === null ? "over already" : await stepOf(data, version);
        if (signal !== null) kill++;
        landed[where] = (landed[where] ?? 0) + 1;
        await survives(live, coming, version);
        live = coming;
      }
      console.log(
        `${kills} kills over about ${Math.round(milliseconds)} ms each landed in: ${JSON.stringify(landed)}`,
      );
    },
  );

  /** What appears in the lake at the moment that is hard to hit by chance. */
  test.each([
    [
      "the charges of the first period are in place",
      (lake: string, next: number) => placed(lake, "charges", "2026-06", next),
    ],
    [
      "the charges of the last period are in place",
      (lake: string, next: number) => placed(lake, "charges_day", "2026-07", next),
    ],
    [
      "the import's record is kept",
      (lake: string, next: number) =>
        readdirSync(path.join(lake, "imports")).some((name) => name.endsWith(`-v${next}.json`)),
    ],
    [
      "the new version is written and not yet in force",
      (lake: string, next: number) => existsSync(path.join(lake, "versions", versionName(next))),
    ],
  ])("killed when %s", { timeout: 120_000 }, async (_, appeared) => {
    const coming = live === 0 ? 1 : 0;
    const { version } = await readLake(data);
    const { child, ended } = start(importing(coming));
    while (runs(child) && !appeared(path.join(data, "lake"), version + 1)) await new Promise(setImmediate);
    child.kill("SIGKILL");
    await ended;
    await survives(live, coming, version);
    live = coming;
  });

  test("two imports at once: one waits for the other, and nothing is lost", async () => {
    const coming = live === 0 ? 1 : 0;
    const results = await Promise.all([plimsoll(importing(coming)), plimsoll(importing(coming))]);
    expect(results.map(({ exit }) => exit)).toEqual([0, 0]);
    expect(results.filter(({ stdout }) => stdout.startsWith("Nothing changed"))).toHaveLength(1);
    expect(await answers()).toEqual(truths[coming]);
    expect(await leftovers(data, Date.now())).toEqual([]);
    live = coming;
  });

  test("questions during an import see the former version or the new one", async () => {
    const coming = live === 0 ? 1 : 0;
    const { child, ended } = start(importing(coming));
    const seen: unknown[] = [];
    while (runs(child)) {
      const answer = await answers();
      seen.push(answer);
      expect([truths[live], truths[coming]]).toContainEqual(answer);
    }
    expect((await ended).exit).toBe(0);
    expect(seen.length).toBeGreaterThan(2);
    expect(await answers()).toEqual(truths[coming]);
    live = coming;
  });
});

test(
  "a first import killed at any moment leaves a lake that the next one can use",
  { timeout: 120_000 },
  async () => {
    for (const share of [0.2, 0.3, 0.6]) {
      const fresh = path.join(own.folder, `fresh-${share}`);
      const args = ["import", bills[0], "--data", fresh, "--source", "aws"];
      const { child, ended } = start(args);
      setTimeout(() => child.kill("SIGKILL"), share * milliseconds);
      await ended;
      // A machine that was slow when the time was taken may be quicker now, and the import done: then it is there whole.
      const { periods } = await readLake(fresh);
      expect([0, ROWS]).toContain(periods.reduce((sum, { rows }) => sum + rows, 0));
      const small = path.join(own.folder, "small.csv");
      await writeFile(small, csv(line()));
      expect(await plimsoll(["import", small, "--data", fresh])).toMatchObject({ exit: 0, stderr: "" });
      expect(await leftovers(fresh, Date.now())).toEqual([]);
    }
  },
);

test(
  "an allocation killed while it divides a bill leaves the bill undivided, and the next import divides it",
  { timeout: 120_000 },
  async () => {
    const divided = path.join(own.folder, "divided");
    const lake = path.join(divided, "lake");
    const bill = path.join(own.folder, "nodes.csv");
    const pods = path.join(own.folder, "pods.csv");
    const hours = Array.from({ length: 700 }, (_, hour) => hour);
    await writeFile(bill, rowsOf(hours.map((hour) => charge(hour, "1"))));
    await writeFile(pods, rowsOf(hours.flatMap((hour) => [used(hour, "a", "1"), used(hour, "b", "2")])));
    const data = ["--data", divided];
    expect((await plimsoll(["import", bill, "--source", "aws", ...data])).exit).toBe(0);
    const args = ["import", pods, "--source", "k8s", "--role", "allocation", ...data];
    const appeared = [
      () =>
        existsSync(path.join(lake, ".incoming/charges-2026-07")) &&
        readdirSync(path.join(lake, "charges")).length > 1,
      () => placedAs(lake, "charges", "division-v2"),
      () => placedAs(lake, "charges_day", "division-v2"),
    ];
    for (const at of appeared) {
      const { child, ended } = start(args);
      while (runs(child) && !at()) await new Promise(setImmediate);
      child.kill("SIGKILL");
      await ended;
      const { version, periods } = await readLake(divided);
      if (version === 2) break;
      expect([periods.length, periods[0]?.division]).toEqual([1, undefined]);
    }
    expect(await plimsoll(args)).toMatchObject({ exit: 0, stderr: "" });
    expect(await leftovers(divided, Date.now())).toEqual([]);
    const report = await plimsoll(["report", "cost", "--by", "team", "--csv", ...data]);
    expect(report.stdout).toMatch(/^a,.*\b233\.333/m);
  },
);

function placedAs(lake: string, table: string, name: string): boolean {
  const folder = path.join(lake, table, "source=aws", "billing_period=2026-07");
  return existsSync(folder) && readdirSync(folder).some((each) => each === `import=${name}`);
}

const runs = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

function placed(lake: string, table: string, period: string, version: number): boolean {
  const folder = path.join(lake, table, "source=aws", `billing_period=${period}`);
  return readdirSync(folder).some((name) => name.endsWith(`-v${version}`));
}

/** The step that was under way, by what it left. */
async function stepOf(of: string, version: number): Promise<string> {
  const lake = path.join(of, "lake");
  if ((await readLake(of)).version > version) return "published";
  const names = Object.keys(await contents(lake));
  if (names.includes(`versions/${versionName(version + 1)}`)) return "publishing";
  if (names.some((name) => name.includes(`-v${version + 1}`) || name.startsWith(".incoming/charges")))
    return "writing";
  if (names.includes(".incoming/stage-1.parquet")) return "checking";
  if (names.some((name) => name.startsWith(".incoming/stage-1"))) return "staging";
  return "starting";
}
