import { expect, test } from "vitest";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { listAudit } from "#store/audit/list-audit.ts";
import { baselineOf, freezeBaseline, listBaselines } from "#store/baselines.ts";
import { decide, decisionHistory, decisionsInForce } from "#store/decisions.ts";
import { currentRules, listRuleVersions, publishRules, ruleVersion } from "#store/rule-versions.ts";
import { closedStatement, closeStatement, listStatements } from "#store/statements.ts";
import { ada, onBothStores, inOpenStore } from "./both-stores.ts";

onBothStores("what people decide", ({ fresh }) => {
  test("the last decision about a fact is in force, and the former ones stay", () =>
    inOpenStore(fresh(), async (store) => {
      await decide(store, ada(1), [
        { workload: "train-7", field: "team", value: "search", reason: "asked Ben" },
        { workload: "train-7", field: "environment", value: "production" },
        { workload: "serve-1", field: "team", value: "ads" },
      ]);
      const grace = { actor: "grace", at: ada(2).at };
      await decide(store, grace, [{ workload: "train-7", field: "team", value: "vision" }]);
      expect(await decisionsInForce(store)).toEqual([
        { seq: 3, workload: "serve-1", field: "team", value: "ads", reason: "", ...ada(1) },
        { seq: 2, workload: "train-7", field: "environment", value: "production", reason: "", ...ada(1) },
        { seq: 4, workload: "train-7", field: "team", value: "vision", reason: "", ...grace },
      ]);
      const history = await decisionHistory(store, "train-7");
      expect(history.map(({ value, actor }) => [value, actor])).toEqual([
        ["search", "ada@example.com"],
        ["production", "ada@example.com"],
        ["vision", "grace"],
      ]);
    }));

  test("a decision that is taken back is no longer in force, and stays in the history", () =>
    inOpenStore(fresh(), async (store) => {
      await decide(store, ada(1), [{ workload: "w", field: "team", value: "search" }]);
      await decide(store, ada(2), [{ workload: "w", field: "team", value: null, reason: "wrong workload" }]);
      expect(await decisionsInForce(store)).toEqual([]);
      expect((await decisionHistory(store, "w")).map(({ value }) => value)).toEqual(["search", null]);
    }));

  test("the audit says who changed what, from what to what", () =>
    inOpenStore(fresh(), async (store) => {
      await decide(store, ada(1), [{ workload: "w", field: "team", value: "search" }]);
      await decide(store, ada(2), [{ workload: "w", field: "team", value: "ads", reason: "moved" }]);
      expect(await listAudit(store, 1)).toMatchObject([
        {
          seq: 2,
          at: ada(2).at,
          actor: "ada@example.com",
          action: "workload.decide",
          subject_kind: "workload",
          subject_id: "w",
          before: '{"field":"team","reason":"","value":"search"}',
          after: '{"field":"team","reason":"moved","value":"ads"}',
        },
      ]);
    }));

  test("of several decisions one that is refused refuses them all", () =>
    inOpenStore(fresh(), async (store) => {
      const good = { workload: "w", field: "team", value: "search" };
      for (const [bad, message] of [
        [{ ...good, field: "Team!" }, /"Team!" is not the name of a fact/],
        [{ ...good, workload: " " }, /The workload is empty/],
        [{ ...good, value: "a\0b" }, /The value of team holds a character that is no text/],
        [{ ...good, value: "\ud800" }, /holds a character that is no text/],
        [{ ...good, reason: "x".repeat(4001) }, /The reason has 4001 characters; the most is 4000/],
      ] as const)
        await expect(decide(store, ada(), [good, bad])).rejects.toMatchObject({
          code: "record-invalid",
          message: expect.stringMatching(message),
        });
      await expect(decide(store, { actor: "", at: 0 }, [good])).rejects.toThrow("The actor is empty");
      await expect(decide(store, { actor: "a", at: 1.5 }, [good])).rejects.toThrow("1.5 is no time");
      expect(await decisionsInForce(store)).toEqual([]);
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 0 });
    }));

  test("names of any script and marks of SQL come back as they were written", () =>
    inOpenStore(fresh(), async (store) => {
      const values = ["it's; drop table audit --", "研究🚢", String.raw`\u0000 \\ "`, "Ä\n\t"];
      await decide(
        store,
        ada(),
        values.map((value) => ({ workload: value, field: "owner", value })),
      );
      const found = await decisionsInForce(store);
      // Ordered by bytes in both databases, not by a language.
      expect(found.map(({ workload }) => workload)).toEqual([values[2], values[0], values[3], values[1]]);
      expect(found.map(({ value }) => value)).toEqual(found.map(({ workload }) => workload));
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 4 });
    }));

  test("rules are published once per text, numbered on, and found by number", () =>
    inOpenStore(fresh(), async (store) => {
      expect(await currentRules(store)).toBeUndefined();
      const first = await publishRules(store, ada(1), { rules: { b: [1, "x"], a: null }, note: "first" });
      expect(first).toMatchObject({
        published: true,
        version: { number: 1, rules: '{"a":null,"b":[1,"x"]}', note: "first", publishedBy: ada().actor },
      });
      // sha256sum of that text.
      expect(first.version.hash).toBe("c22cb7b0353770e2b38094af641143ebf008ddf2d1f2dedb9d875996fcf245fa");
      const again = await publishRules(store, ada(2), { rules: { a: null, b: [1, "x"] }, note: "again" });
      expect(again).toEqual({ published: false, version: first.version });
      await publishRules(store, ada(3), { rules: {} });
      // Only the current version is compared: going back to an older text is a new version.
      expect((await publishRules(store, ada(4), { rules: { b: [1, "x"], a: null } })).version.number).toBe(3);
      expect(await currentRules(store)).toMatchObject({ number: 3, publishedAt: ada(4).at });
      expect(await ruleVersion(store, 1)).toEqual(first.version);
      expect(await ruleVersion(store, 4)).toBeUndefined();
      expect((await listRuleVersions(store)).map(({ number, note }) => [number, note])).toEqual([
        [3, ""],
        [2, ""],
        [1, "first"],
      ]);
    }));

  test("a baseline is frozen once per content, numbered on under its name, and found by name and number", () =>
    inOpenStore(fresh(), async (store) => {
      const freeze = (at: number, name: string, cost: string) =>
        freezeBaseline(store, ada(at), { name, content: { cost }, note: `of ${at}` });
      const first = await freeze(1, "before-vllm", "1.10");
      expect(first).toMatchObject({
        frozen: true,
        baseline: {
          name: "before-vllm",
          number: 1,
          content: '{"cost":"1.10"}',
          note: "of 1",
          frozenAt: ada(1).at,
        },
      });
      expect(await freeze(2, "before-vllm", "1.10")).toEqual({ frozen: false, baseline: first.baseline });
      await freeze(3, "before-vllm", "2");
      await freeze(4, "other", "3");
      expect(await baselineOf(store, "before-vllm")).toMatchObject({ number: 2, content: '{"cost":"2"}' });
      expect(await baselineOf(store, "before-vllm", 1)).toEqual(first.baseline);
      expect(await baselineOf(store, "before-vllm", 3)).toBeUndefined();
      expect(await baselineOf(store, "none")).toBeUndefined();
      expect((await listBaselines(store)).map(({ name, number }) => `${name}@${number}`)).toEqual([
        "before-vllm@2",
        "before-vllm@1",
        "other@1",
      ]);
      for (const name of ["", "a b", "a@1", "-a", "x".repeat(101)])
        await expect(freeze(5, name, "1")).rejects.toMatchObject({ code: "record-invalid" });
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 3 });
      await store.db.updateTable("baselines").set({ content: "{}" }).where("number", "=", 2).execute();
      expect(await verifyAudit(store)).toMatchObject({ kind: "broken", seq: 2 });
    }));

  test("a statement is closed once; the same again changes nothing, another is refused", () =>
    inOpenStore(fresh(), async (store) => {
      const july = { scope: "team:search", period: "2026-07", content: { billed: "10.000000000000000001" } };
      const first = await closeStatement(store, ada(1), july);
      expect(first).toMatchObject({
        closed: true,
        statement: { content: '{"billed":"10.000000000000000001"}', closedAt: ada(1).at },
      });
      expect(await closeStatement(store, ada(2), july)).toEqual({
        closed: false,
        statement: first.statement,
      });
      await expect(
        closeStatement(store, ada(3), { ...july, content: { billed: "10" } }),
      ).rejects.toMatchObject({
        code: "statement-closed",
        message:
          "The statement of team:search for 2026-07 was closed by ada@example.com at 2026-11-24T00:00:01.000Z with another content.",
      });
      await closeStatement(store, ada(4), { ...july, period: "2026-08" });
      expect(await closedStatement(store, "team:search", "2026-07")).toEqual(first.statement);
      expect(await closedStatement(store, "team:search", "2026-09")).toBeUndefined();
      expect((await listStatements(store)).map(({ period }) => period)).toEqual(["2026-07", "2026-08"]);
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 2 });
    }));

  test("a statement holds no float and no month that is none", () =>
    inOpenStore(fresh(), async (store) => {
      const closing = (period: string, content: Parameters<typeof closeStatement>[2]["content"]) =>
        closeStatement(store, ada(), { scope: "all", period, content });
      await expect(closing("2026-13", {})).rejects.toMatchObject({ code: "record-invalid" });
      await expect(closing("2026-07", { lines: [{ cost: 0.1 }] })).rejects.toThrow(
        "content.lines.0.cost is the number 0.1; write it as a decimal string.",
      );
      await expect(closing("2026-07", { big: 2 ** 53 })).rejects.toMatchObject({ code: "record-invalid" });
      expect(await closing("2026-07", { rows: 3, cost: "0.1" })).toMatchObject({ closed: true });
    }));
});
