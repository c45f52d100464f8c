import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callsTable } from "#facts/call-columns.ts";
import { compactCalls } from "#flows/calls/compact-calls.ts";
import { recordCalls } from "#flows/calls/record-calls.ts";
import { eventsOf } from "#lake/events/event-days.ts";
import { readLake, versionName } from "#lake/snapshot.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { call } from "./call-kit.ts";
import { callLeftovers, faultsOfCalls, idsInLake } from "./lake-kit.ts";

/** How many processes are killed at random; `PLIMSOLL_KILLS=100` is what a release is judged by. */
const kills = Math.max(20, Number(process.env["PLIMSOLL_KILLS"] ?? 20));

let own: OwnFolder;
let data: string;
beforeEach(async () => {
  own = await ownFolder();
  data = own.data;
});
afterEach(() => own.remove());

/** Receives calls in a process of its own until `when` says so, then kills it. @returns the numbers that were acknowledged */
async function receiveUntilKilled(
  first: number,
  when: (elapsed: number) => boolean,
): Promise<{ acknowledged: number[]; next: number }> {
  const child = spawn(process.execPath, ["test/calls/receive-calls.js", data, String(first)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  while (!said.startsWith("ready") && child.exitCode === null) await new Promise(setImmediate);
  const started = performance.now();
  while (child.exitCode === null && !when(performance.now() - started)) {
    expect(performance.now() - started, "the moment never came").toBeLessThan(60_000);
    await new Promise(setImmediate);
  }
  child.kill("SIGKILL");
  expect((await ended)[1]).toBe("SIGKILL");
  const lines = said.split("\n").slice(1, -1);
  const acknowledged = lines.flatMap((line) => {
    const [from = 0, to = 0] = line.split(" ").map(Number);
    return Array.from({ length: to - from }, (_, index) => from + index);
  });
  // What was under way may be there too: the next process sends it again.
  return { acknowledged, next: (acknowledged.at(-1) ?? first - 1) + 1 };
}

/** After a kill: what the lake holds, it holds once, and its sums are those of its rows. */
async function isSound(): Promise<void> {
  if ((await readLake(data)).version === 0) return;
  const ids = await idsInLake(data);
  expect(new Set(ids).size).toBe(ids.length);
  expect(await faultsOfCalls(data)).toEqual([]);
}

/** Everything that was acknowledged is there once all is compacted, and nothing is left of what was killed. */
async function isWhole(acknowledged: readonly number[]): Promise<void> {
  await compactCalls(data, { now: Date.now() });
  await isSound();
  const ids = new Set(await idsInLake(data));
  expect(acknowledged.filter((number) => !ids.has(`call-${number}`))).toEqual([]);
  const journal = await readdir(path.join(data, "journal", "calls"));
  expect(journal.filter((name) => /^\d/.test(name))).toEqual([]);
  expect(await callLeftovers(data, Date.now())).toEqual([]);
}

const next = (): number => {
  const current = path.join(data, "lake", "CURRENT");
  return existsSync(current) ? Number(/\d+/.exec(readFileSync(current, "utf8"))?.[0]) + 1 : 1;
};

describe("a process that receives calls", () => {
  test(
    `killed ${kills} times at random while it writes and compacts, loses and doubles nothing`,
    { timeout: 30 * 60_000 },
    async () => {
      // Machines differ: the kills fall into the time that a few compactions take on this one.
      let took = 0;
      const warm = await receiveUntilKilled(0, (elapsed) => {
        took = elapsed;
        return next() > 2;
      });
      const acknowledged = [...warm.acknowledged];
      let state = 20260714;
      let first = warm.next;
      let before = next();
      // A machine that grew slower since needs more of them until enough compactions were under way.
      const enough = async (): Promise<boolean> => (await readLake(data)).version > kills / 4;
      for (let kill = 0; kill < kills || (kill < 4 * kills && !(await enough())); kill++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const moment = (state / 2 ** 32) * 1.3 * took;
        const killed = await receiveUntilKilled(first, (elapsed) => elapsed >= moment);
        acknowledged.push(...killed.acknowledged);
        first = killed.next;
        await isSound();
        // The lake grows from kill to kill, and its compactions with it: their time is followed as long as none comes to its end.
        if (kill % 4 === 3) {
          if (next() === before) took *= 1.5;
          before = next();
        }
      }
      expect(acknowledged.length).toBeGreaterThan(kills * 10);
      await isWhole(acknowledged);
      const { version } = await readLake(data);
      expect(version, "compactions between the kills").toBeGreaterThan(kills / 4);
      console.log(
        `${kills} kills, ${acknowledged.length} calls acknowledged, ${version} versions, ${Math.round(took)} ms for two`,
      );
    },
  );

  /** What appears on the disk at moments that are hard to hit by chance. */
  test.each<[string, () => boolean]>([
    [
      "rows of a day are in place and not yet in force",
      () =>
        ["2026-07-14", "2026-07-16"].some((day) => {
          const folder = path.join(data, "lake", "calls", `day=${day}`);
          return (
            existsSync(folder) &&
            readdirSync(folder).some((name) => name.includes(versionName(next()).slice(0, 9)))
          );
        }),
    ],
    [
      "its sums are in place",
      () => {
        const folder = path.join(data, "lake", "calls_latency_day", "day=2026-07-14");
        return (
          existsSync(folder) &&
          readdirSync(folder).some((name) => name.includes(versionName(next()).slice(0, 9)))
        );
      },
    ],
    [
      "the new version is written and not yet in force",
      () => existsSync(path.join(data, "lake", "versions", versionName(next()))),
    ],
    ["the new version just came into force", () => next() > 2],
  ])("killed when %s", { timeout: 120_000 }, async (_, appeared) => {
    const { acknowledged } = await receiveUntilKilled(0, (elapsed) => elapsed > 50 && appeared());
    await isSound();
    await isWhole(acknowledged);
  });
});

describe("segments whose calls are in force", () => {
  /** The journal as a kill between the new version and the removal of its segments leaves it. */
  async function withSegmentBack(): Promise<string> {
    const recorder = await recordCalls(data);
    await recorder.record([call("a"), call("b")]);
    await recorder.close();
    const folder = path.join(data, "journal", "calls");
    const aside = path.join(own.folder, "aside");
    await cp(folder, aside, { recursive: true });
    await compactCalls(data, { now: Date.now() });
    const [segment = ""] = (await readdir(aside)).filter((name) => name.endsWith(".jsonl"));
    await mkdir(folder, { recursive: true });
    await rename(path.join(aside, segment), path.join(folder, segment));
    expect(eventsOf((await readLake(data)).events, callsTable).consumed).toEqual([segment]);
    return path.join(folder, segment);
  }

  test("are removed and not read again", async () => {
    const segment = await withSegmentBack();
    expect(await compactCalls(data, { now: Date.now() })).toMatchObject({ read: 0, added: 0, duplicates: 0 });
    expect(existsSync(segment)).toBe(false);
    expect(await idsInLake(data)).toEqual(["a", "b"]);
  });

  test("bring nothing twice even under another name, as a sender that sends again does not", async () => {
    const segment = await withSegmentBack();
    await rename(segment, segment.replace("00000001", "00000009"));
    expect(await compactCalls(data, { now: Date.now() })).toMatchObject({ read: 2, added: 0, duplicates: 2 });
    expect(await idsInLake(data)).toEqual(["a", "b"]);
    await isSound();
  });
});
