import { stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decide } from "#store/decisions.ts";
import { ownFolder, type OwnFolder, plimsoll } from "./imports/kit.ts";
import { ada, onBothStores, inOpenStore } from "./store/both-stores.ts";

let own: OwnFolder;
beforeAll(async () => void (own = await ownFolder()));
afterAll(() => own.remove());

onBothStores("plimsoll state", ({ name, fresh }) => {
  test("shows the audit, checks it, and moves the state to another place", async () => {
    const [from, to] = [fresh(), fresh()];
    const file = path.join(own.folder, `${name}.jsonl`);
    const state = ({ data, url }: typeof from, ...args: string[]) =>
      plimsoll(["state", ...args, "--data", data, ...(url === undefined ? [] : ["--state", url])]);

    expect(await state(from, "backup", file)).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/^Error state-empty: There is no state in /),
    });
    await inOpenStore(from, async (store) => {
      await decide(store, ada(1), [{ workload: "train-7", field: "team", value: "search" }]);
      await decide(store, ada(2), [{ workload: "train-7", field: "team", value: "\u001b[2Jads" }]);
    });

    const shown = await state(from, "audit");
    expect(shown).toMatchObject({ exit: 0, stderr: "" });
    expect(shown.stdout).toContain("2026-11-24 00:00:02 UTC");
    expect(shown.stdout).not.toContain("\u001b[2J");
    const { head, rows } = JSON.parse((await state(from, "audit", "--json", "--limit", "1")).stdout);
    expect(head).toEqual({ seq: 2, hash: rows[0].hash });
    expect(rows).toMatchObject([
      {
        seq: 2,
        at: "2026-11-24T00:00:02Z",
        actor: "ada@example.com",
        action: "workload.decide",
        subject: { kind: "workload", id: "train-7" },
        before: { field: "team", value: "search", reason: "" },
        after: { field: "team", value: "\u001b[2Jads", reason: "" },
      },
    ]);
    expect(await state(from, "audit", "--limit", "none")).toMatchObject({ exit: 2 });

    expect((await state(from, "audit", "--verify")).stdout).toContain("Whole: 2 changes");
    expect((await state(from, "audit", "--expect", `2:${head.hash}`)).stdout).toContain("Whole: 2 changes");
    expect(await state(from, "audit", "--expect", `1:${head.hash}`)).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/^Error audit-broken: Audit row 1: .*written anew/),
    });
    expect(await state(from, "audit", "--expect", "2")).toMatchObject({ exit: 2 });
    const saved = await state(from, "backup", file);
    expect(saved.stdout).toContain(
      "Rows: audit 2, audit_head 1, decisions 2, rule_versions 0, statements 0, baselines 0.",
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await state(from, "restore", file)).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/^Error state-not-empty/),
    });
    expect(JSON.parse((await state(to, "restore", file, "--json")).stdout)).toMatchObject({ file, head });
    expect(JSON.parse((await state(to, "audit", "--verify", "--json")).stdout)).toEqual({
      kind: "whole",
      rows: 2,
      head,
    });

    await inOpenStore(to, ({ db }) => db.updateTable("decisions").set({ value: "x" }).execute());
    expect(await state(to, "audit", "--verify")).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/^Error audit-broken: Audit row 1: what was written/),
    });
    const broken = await state(to, "audit", "--verify", "--json");
    expect(broken.exit).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({ kind: "broken", seq: 1 });
  });
});
