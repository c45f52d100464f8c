import { sql } from "kysely";
import { expect, test } from "vitest";
import { auditHash, FIRST_HASH } from "#store/audit/audit-hash.ts";
import { changeStore } from "#store/audit/change-store.ts";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { decide, decisionsInForce } from "#store/decisions.ts";
import { publishRules } from "#store/rule-versions.ts";
import { closeStatement } from "#store/statements.ts";
import type { Store } from "#store/store.ts";
import { ada, onBothStores, inOpenStore } from "./both-stores.ts";

test("the hash of a row is that of its canonical JSON behind the former hash", () => {
  const row = {
    seq: 1,
    at: 0,
    actor: "ada",
    action: "workload.decide",
    subject_kind: "workload",
    subject_id: "w",
    before: null,
    after: '{"field":"team"}',
  };
  // printf '["000…0",1,0,"ada","workload.decide","workload","w",null,"{\"field\":\"team\"}"]' | sha256sum
  expect(auditHash(FIRST_HASH, row)).toBe("a10d3a6226d7d4b8e114c63c95124e94e067e92e8c0785ed6caf2a524c89b3bb");
  for (const changed of [{ seq: 2 }, { at: 1 }, { actor: "eve" }, { before: "" }, { after: null }])
    expect(auditHash(FIRST_HASH, { ...row, ...changed })).not.toBe(auditHash(FIRST_HASH, row));
  expect(auditHash("1", row)).not.toBe(auditHash(FIRST_HASH, row));
});

/** Rows 1 to 6: decisions but for 3, rules, and 4, a statement. */
async function sixChanges(store: Store): Promise<void> {
  const deciding = (value: string) => decide(store, ada(), [{ workload: "w", field: "team", value }]);
  await deciding("a");
  await deciding("b");
  await publishRules(store, ada(), { rules: { version: 1 } });
  await closeStatement(store, ada(), { scope: "all", period: "2026-07", content: { billed: "1" } });
  await deciding("c");
  await deciding("d");
}

/** What somebody may do to the tables, and the row at which it shows. */
const tampering: readonly [string, number, RegExp, (store: Store) => Promise<unknown>][] = [
  [
    "who is changed in a row",
    2,
    /hash doesn't fit/,
    ({ db }) => db.updateTable("audit").set({ actor: "eve" }).where("seq", "=", 2).execute(),
  ],
  [
    "a row and its own hash are changed",
    3,
    /hash doesn't fit/,
    async ({ db }) => {
      const [first, second] = await db.selectFrom("audit").selectAll().orderBy("seq").limit(2).execute();
      if (first === undefined || second === undefined) throw new Error("no rows");
      const changed = { ...second, actor: "eve" };
      await db
        .updateTable("audit")
        .set({ actor: "eve", hash: auditHash(first.hash, changed) })
        .where("seq", "=", 2)
        .execute();
    },
  ],
  [
    "a row in the middle is removed",
    5,
    /missing; the next there is has the number 6/,
    ({ db }) => remove(db, 5, "decisions"),
  ],
  ["the last row is removed", 6, /missing; the audit's end is row 6/, ({ db }) => remove(db, 6, "decisions")],
  [
    "the last row is removed and the end's number set back",
    5,
    /not the one kept for the audit's end/,
    async ({ db }) => {
      await remove(db, 6, "decisions");
      await db.updateTable("audit_head").set({ seq: 5 }).execute();
    },
  ],
  [
    "a row is added beside Plimsoll",
    7,
    /behind the audit's end/,
    async ({ db }) => {
      const row = await db.selectFrom("audit").selectAll().where("seq", "=", 6).executeTakeFirstOrThrow();
      await db
        .insertInto("audit")
        .values({ ...row, seq: 7 })
        .execute();
    },
  ],
  [
    "the end is removed",
    6,
    /holds the audit's end is gone/,
    ({ db }) => db.deleteFrom("audit_head").execute(),
  ],
  [
    "a decision is changed and its audit row left",
    5,
    /no longer what it says/,
    ({ db }) => db.updateTable("decisions").set({ value: "x" }).where("seq", "=", 5).execute(),
  ],
  [
    "a decision is removed and its audit row left",
    2,
    /what it says was written \(workload.decide of w\) is gone/,
    ({ db }) => db.deleteFrom("decisions").where("seq", "=", 2).execute(),
  ],
  [
    "rules are changed",
    3,
    /no longer what it says/,
    ({ db }) => db.updateTable("rule_versions").set({ rules: '{"version":2}' }).execute(),
  ],
  [
    "a statement's amount is changed",
    4,
    /no longer what it says/,
    ({ db }) => db.updateTable("statements").set({ content: '{"billed":"2"}' }).execute(),
  ],
  [
    "a statement is moved to another month",
    4,
    /no longer what it says/,
    ({ db }) => db.updateTable("statements").set({ period: "2026-08" }).execute(),
  ],
];

async function remove(db: Store["db"], seq: number, table: "decisions"): Promise<void> {
  await db.deleteFrom(table).where("seq", "=", seq).execute();
  await db.deleteFrom("audit").where("seq", "=", seq).execute();
}

onBothStores("the audit", ({ fresh }) => {
  test("is whole after every kind of change, and its end is told", () =>
    inOpenStore(fresh(), async (store) => {
      expect(await verifyAudit(store)).toEqual({
        kind: "whole",
        rows: 0,
        head: { seq: 0, hash: FIRST_HASH },
      });
      await sixChanges(store);
      const last = await store.db
        .selectFrom("audit")
        .select(["seq", "hash"])
        .where("seq", "=", 6)
        .executeTakeFirst();
      expect(await verifyAudit(store)).toEqual({ kind: "whole", rows: 6, head: last });
    }));

  test.each(tampering)("shows that %s", (_, seq, why, tamper) =>
    inOpenStore(fresh(), async (store) => {
      await sixChanges(store);
      await tamper(store);
      expect(await verifyAudit(store)).toMatchObject({
        kind: "broken",
        seq,
        why: expect.stringMatching(why),
      });
    }),
  );

  test("is walked over more rows than a page holds", () =>
    inOpenStore(fresh(), async (store) => {
      const many = Array.from({ length: 1203 }, (_, n) => ({ workload: `w${n}`, field: "team", value: "a" }));
      await decide(store, ada(), many);
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 1203 });
      await store.db.updateTable("decisions").set({ value: "b" }).where("seq", "=", 1001).execute();
      expect(await verifyAudit(store)).toMatchObject({ kind: "broken", seq: 1001, rows: 1000 });
    }));

  test("row that can't be written changes nothing", () =>
    inOpenStore(fresh(), async (store) => {
      await sixChanges(store);
      // The number of the next audit row is taken.
      await sql`insert into ${sql.table(tableOf(store))} select 7, at, actor, action, subject_kind, subject_id, before, after, hash from ${sql.table(tableOf(store))} where seq = 6`.execute(
        store.db,
      );
      await expect(decide(store, ada(), [{ workload: "w", field: "team", value: "z" }])).rejects.toThrow(
        /unique/i,
      );
      expect((await decisionsInForce(store)).map(({ value }) => value)).toEqual(["d"]);
    }));

  test("row of a change that fails is not written", () =>
    inOpenStore(fresh(), async (store) => {
      await sixChanges(store);
      const entry = { action: "x.y", subjectKind: "x", subjectId: "1", before: null, after: null };
      await expect(
        changeStore(store, ada(), async (_, record) => {
          await record(entry);
          throw new Error("too late");
        }),
      ).rejects.toThrow("too late");
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 6 });
    }));

  test("without its end takes no change", () =>
    inOpenStore(fresh(), async (store) => {
      await store.db.deleteFrom("audit_head").execute();
      const deciding = decide(store, ada(), [{ workload: "w", field: "team", value: "z" }]);
      await expect(deciding).rejects.toMatchObject({ code: "audit-broken" });
    }));
});

const tableOf = ({ dialect }: Store): string => (dialect.name === "sqlite" ? "audit" : "plimsoll.audit");
