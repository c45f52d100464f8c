import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { decide, decisionHistory } from "#store/decisions.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { ada, onBothStores, inOpenStore } from "./both-stores.ts";

/** How many writers are killed; `PLIMSOLL_KILLS=50` is what a release is judged by. */
const kills = Number(process.env["PLIMSOLL_KILLS"] ?? 10);

interface Writer {
  readonly child: ChildProcess;
  /** Ends with what was acknowledged: the number of each decision's audit row, and its value. */
  readonly acknowledged: Promise<{ seq: number; value: string }[]>;
}

/** Starts a process that writes decisions about a workload: 1, 2, 3, … */
function startWriter(where: StoreWhere, workload: string, times: number): Writer {
  const child = spawn(
    process.execPath,
    ["test/store/write-decisions.js", JSON.stringify(where), workload, String(times)],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let [said, complaint] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const acknowledged = new Promise<{ seq: number; value: string }[]>((resolve, reject) => {
    child.on("close", () => {
      if (complaint !== "") return reject(new Error(complaint));
      // A line that was cut off by the kill is not counted.
      const lines = said.split("\n").slice(0, -1);
      resolve(
        lines.map((line) => {
          const [seq, value = ""] = line.split(" ");
          return { seq: Number(seq), value };
        }),
      );
    });
  });
  return { child, acknowledged };
}

onBothStores("several processes", ({ fresh }) => {
  test("that make a new store at once and write keep one chain", async () => {
    const where = fresh();
    const names = ["a", "b", "c", "d"];
    const writers = names.map((name) => startWriter(where, name, 40).acknowledged);
    const numbers = (await Promise.all(writers)).flat().map(({ seq }) => seq);
    // Each number was given once, and none is missing.
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 160 }, (_, n) => n + 1));
    await inOpenStore(where, async (store) => {
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 160 });
      for (const name of names)
        expect((await decisionHistory(store, name)).map(({ value }) => Number(value))).toEqual(
          Array.from({ length: 40 }, (_, n) => n + 1),
        );
    });
  });

  test(`that are killed while they write, ${kills} times, lose nothing that was acknowledged`, async () => {
    const where = fresh();
    const kept: { seq: number; value: string }[] = [];
    let unacknowledged = 0;
    for (let kill = 0; kill < kills; kill++) {
      const { child, acknowledged } = startWriter(where, `w${kill}`, 1_000_000);
      await new Promise((resolve) => child.stdout?.once("data", resolve));
      await setTimeout(kill * 25);
      child.kill("SIGKILL");
      const written = await acknowledged;
      expect(written.length).toBeGreaterThan(0);
      kept.push(...written);
      await inOpenStore(where, async (store) => {
        // What a killed writer had sent may still be under way in the server; a change waits for it.
        await decide(store, ada(), [{ workload: "after", field: "team", value: "x" }]);
        expect(await verifyAudit(store)).toMatchObject({ kind: "whole" });
        const found = await decisionHistory(store, `w${kill}`);
        expect(found.slice(0, written.length).map(({ seq, value }) => ({ seq, value }))).toEqual(written);
        // At most the one that was under way is there without having been acknowledged.
        expect(found.length - written.length).toBeLessThanOrEqual(1);
        unacknowledged += found.length - written.length;
      });
    }
    console.log(`${kept.length} acknowledged decisions kept; ${unacknowledged} kept without an answer.`);
  });
});
