import type { Kysely } from "kysely";
import { Problem } from "#units/problems.ts";
import { inStore, type Store } from "#store/store.ts";
import type { AuditHeadRow, AuditRow, Tables } from "#store/tables.ts";

/** The newest audit row's number and hash; whoever keeps them elsewhere can prove later that nothing before was changed. */
export type AuditHead = Pick<AuditHeadRow, "seq" | "hash">;

/**
 * The newest audit rows, the newest first.
 * @param limit how many at most
 */
export const listAudit = (store: Store, limit: number): Promise<AuditRow[]> =>
  inStore(store, (db) => db.selectFrom("audit").selectAll().orderBy("seq", "desc").limit(limit).execute());

/**
 * The newest audit row's number and hash; 0 and zeros before the first.
 * @throws Problem "audit-broken" if the row that keeps them is gone
 */
export async function auditHead(db: Kysely<Tables>): Promise<AuditHead> {
  const head = await db.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirst();
  if (head === undefined) throw headGone();
  return head;
}

export const headGone = (): Problem =>
  new Problem("audit-broken", "The row that holds the audit's end is gone.");

/** The audit rows after one, in their order. */
export const auditRowsAfter = (
  db: Kysely<Tables>,
  after: number,
  upTo: number,
  limit: number,
): Promise<AuditRow[]> =>
  db
    .selectFrom("audit")
    .selectAll()
    .where("seq", ">", after)
    .where("seq", "<=", upTo)
    .orderBy("seq")
    .limit(limit)
    .execute();
