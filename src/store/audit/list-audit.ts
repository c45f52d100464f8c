import type { Kysely } from "kysely";
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
