import { auditHash } from "#store/audit/audit-hash.ts";
import { decide } from "#store/decisions.ts";
import { publishRules } from "#store/rule-versions.ts";
import { closeStatement } from "#store/statements.ts";
import type { Store } from "#store/store.ts";
import { ada } from "./both-stores.ts";

/** Rows 1 to 6: decisions but for 3, rules, and 4, a statement. */
export async function sixChanges(store: Store): Promise<void> {
  const deciding = (value: string) => decide(store, ada(), [{ workload: "w", field: "team", value }]);
  await deciding("a");
  await deciding("b");
  await publishRules(store, ada(), { rules: { version: 1 } });
  await closeStatement(store, ada(), { scope: "all", period: "2026-07", content: { billed: "1" } });
  await deciding("c");
  await deciding("d");
}

/** What somebody may do to the tables, and the row at which it shows. */
export const tampering: readonly [string, number, RegExp, (store: Store) => Promise<unknown>][] = [
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
