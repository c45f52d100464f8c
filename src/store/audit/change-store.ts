import type { Transaction } from "kysely";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { canonicalJson, type JsonValue } from "#units/canonical-json.ts";
import { checkedName } from "#store/checked-text.ts";
import { inStore, type Store } from "#store/store.ts";
import type { AuditRow, Tables } from "#store/tables.ts";
import { auditHash } from "./audit-hash.ts";
import { headGone } from "./list-audit.ts";

/** Who changes something, and when. */
export interface By {
  readonly actor: string;
  readonly at: Instant;
}

/** What a change was. `before` and `after` say what was and is in force; null for nothing. */
export interface AuditEntry {
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** Writes the audit row of a change and answers with its number, which the changed row carries. */
export type WriteAudit = (entry: AuditEntry) => Promise<number>;

/**
 * The one way to change the store: all of the work and its audit rows, or nothing. Writers follow each other, in this process and
 * among processes, so what the work reads is what is in force when it writes.
 * @throws Problem "record-invalid" without an actor or a time, "state-busy" if another writer takes too long, "audit-broken" if the
 *   row that holds the end of the audit is gone, and what the work throws
 */
export async function changeStore<T>(
  store: Store,
  by: By,
  work: (db: Transaction<Tables>, record: WriteAudit) => Promise<T>,
): Promise<T> {
  checkedName("The actor", by.actor);
  if (!Number.isSafeInteger(by.at))
    throw new Problem("record-invalid", `${by.at} is no time in whole milliseconds.`);
  return inStore(store, (db) =>
    db.transaction().execute(async (transaction) => {
      const start = await store.dialect.lockHead(transaction);
      if (start === undefined) throw headGone();
      let head = start;
      const record: WriteAudit = async (entry) => {
        const row = auditRow(head, by, entry);
        await transaction.insertInto("audit").values(row).execute();
        head = { ...head, seq: row.seq, hash: row.hash };
        return row.seq;
      };
      const answer = await work(transaction, record);
      if (head !== start)
        await transaction.updateTable("audit_head").set({ seq: head.seq, hash: head.hash }).execute();
      return answer;
    }),
  );
}

function auditRow(former: { seq: number; hash: string }, by: By, entry: AuditEntry): AuditRow {
  const row = {
    seq: former.seq + 1,
    at: by.at,
    actor: by.actor,
    action: entry.action,
    subject_kind: entry.subjectKind,
    subject_id: entry.subjectId,
    before: entry.before === null ? null : canonicalJson(entry.before),
    after: entry.after === null ? null : canonicalJson(entry.after),
  };
  return { ...row, hash: auditHash(former.hash, row) };
}
