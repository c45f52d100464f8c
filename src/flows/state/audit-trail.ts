import { type AuditHead, auditHead, listAudit } from "#store/audit/list-audit.ts";
import { type AuditVerdict, verifyAudit } from "#store/audit/verify-audit.ts";
import { openExistingStore, withStore } from "#store/open-store.ts";
import { inStore } from "#store/store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import type { AuditRow } from "#store/tables.ts";
import { Problem } from "#units/problems.ts";

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
 * @param expected the audit's end as it was noted before: `row:hash`
 * @throws Problem "state-empty" where there is no state, "option-invalid", and those of the store
 */
export async function verifyTrail(where: StoreWhere, expected?: string): Promise<AuditVerdict> {
  const noted = expected === undefined ? undefined : notedEnd(expected);
  return withStore(openExistingStore(where), (store) => verifyAudit(store, noted));
}

function notedEnd(text: string): AuditHead {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash: hash.toLowerCase() };
  throw new Problem("option-invalid", `"${text}" is no end of an audit.`, {
    hint: "Write its row and its hash as plimsoll state audit shows them: 12:0a1b….",
  });
}
