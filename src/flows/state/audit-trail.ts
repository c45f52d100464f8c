import { type AuditHead, auditHead, listAudit } from "#store/audit/list-audit.ts";
import { type AuditVerdict, verifyAudit } from "#store/audit/verify-audit.ts";
import { openExistingStore } from "#store/open-store.ts";
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
export async function auditTrail(where: StoreWhere, limit: number): Promise<Trail> {
  const store = await openExistingStore(where);
  try {
    return { head: await inStore(store, auditHead), rows: await listAudit(store, limit) };
  } finally {
    await store.close();
  }
}

/**
 * Whether the audit is whole and says what the tables say.
 * @throws Problem "state-empty" where there is no state, and those of the store
 */
export async function verifyTrail(where: StoreWhere): Promise<AuditVerdict> {
  const store = await openExistingStore(where);
  try {
    return await verifyAudit(store);
  } finally {
    await store.close();
  }
}
