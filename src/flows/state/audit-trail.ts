import { type AuditHead, auditHead, listAudit } from "#store/audit/list-audit.ts";
import { type AuditVerdict, verifyAudit } from "#store/audit/verify-audit.ts";
import { openExistingStore, withStore } from "#store/open-store.ts";
import { inStore } from "#store/store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import type { AuditRow } from "#store/tables.ts";

/** The newest changes, and where the audit ends. */
export interface Trail {
  readonly head: AuditHead;
  /** The newest first. */
  readonly rows: readonly AuditRow[];
}

/**
 * Who changed what.
 * @param limit changes at most
 * @throws Problem "state-empty" where there is no state, and those of the store
 */
export const auditTrail = (where: StoreWhere, limit: number): Promise<Trail> =>
  withStore(openExistingStore(where), async (store) => ({
    head: await inStore(store, auditHead),
    rows: await listAudit(store, limit),
  }));

/**
 * Whether the audit is whole and says what the tables say.
 * @throws Problem "state-empty" where there is no state, and those of the store
 */
export const verifyTrail = (where: StoreWhere): Promise<AuditVerdict> =>
  withStore(openExistingStore(where), verifyAudit);
