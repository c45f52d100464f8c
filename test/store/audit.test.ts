import { sql } from "kysely";
import { expect, test } from "vitest";
import { auditHash, FIRST_HASH } from "#store/audit/audit-hash.ts";
import { auditRowsAfter } from "#store/audit/list-audit.ts";
import { changeStore } from "#store/audit/change-store.ts";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { decide, decisionsInForce } from "#store/decisions.ts";
import { inStore, type Store } from "#store/store.ts";
import { ada, onBothStores, inOpenStore } from "./both-stores.ts";
import { sixChanges, tampering } from "./tampering.ts";

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

  test("an end that was noted shows an audit written anew, or cut off, that is whole in itself", () =>
    inOpenStore(fresh(), async (store) => {
      await sixChanges(store);
      const noted = await verifyAudit(store);
      if (noted.kind === "broken") throw new Error(noted.why);
      const { seq, hash } = noted.head;
      expect(await verifyAudit(store, noted.head)).toEqual(noted);
      const [first] = await inStore(store, (db) => auditRowsAfter(db, 0, 1, 1));
      expect(await verifyAudit(store, { seq: 1, hash: first?.hash ?? "" })).toEqual(noted);
      expect(await verifyAudit(store, { seq: 3, hash })).toMatchObject({
        kind: "broken",
        seq: 3,
        why: expect.stringMatching(/written anew/),
      });
      expect(await verifyAudit(store, { seq: seq + 1, hash })).toMatchObject({
        kind: "broken",
        seq: seq + 1,
        why: expect.stringMatching(/ends with row 6/),
      });
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
