import type { Kysely } from "kysely";
import { baselineClaims } from "#store/baselines.ts";
import { decisionClaims } from "#store/decisions.ts";
import { ruleClaims } from "#store/rule-versions.ts";
import { statementClaims } from "#store/statements.ts";
import { inStore, type Store } from "#store/store.ts";
import type { AuditRow, Tables } from "#store/tables.ts";
import { auditHash, FIRST_HASH } from "./audit-hash.ts";
import type { Claim } from "./claim.ts";
import { type AuditHead, auditRowsAfter } from "./list-audit.ts";

/** Whether the audit is whole, and says what the tables say. */
export type AuditVerdict =
  | { readonly kind: "whole"; readonly rows: number; readonly head: AuditHead }
  /** `seq` is the first audit row that is wrong, or is missing; `why` says what is wrong in a sentence. */
  | { readonly kind: "broken"; readonly rows: number; readonly seq: number; readonly why: string };

const PAGE = 500;

/**
 * Walks the audit from its first row to its last: numbers without a gap, each hash over the row and the former hash, the end where
 * the head says it is, and in every table the rows that the audit says were written. A page of rows is held at a time.
 * @param expected an end that was noted before and elsewhere: who can write the database can write its whole audit anew, but not this
 */
export const verifyAudit = (store: Store, expected?: AuditHead): Promise<AuditVerdict> =>
  inStore(store, (db) => verifyRows(db, expected));

/** As `verifyAudit`, inside a transaction. */
export async function verifyRows(db: Kysely<Tables>, expected?: AuditHead): Promise<AuditVerdict> {
  const { head, last } = await ends(db);
  let former: AuditHead = { seq: 0, hash: FIRST_HASH };
  const broken = (seq: number, why: string): AuditVerdict => ({
    kind: "broken",
    rows: former.seq,
    seq,
    why,
  });
  if (head === undefined) return broken(last, "the row that holds the audit's end is gone");
  for (;;) {
    const rows = await auditRowsAfter(db, former.seq, head.seq, PAGE);
    const claims = await claimsBetween(db, former.seq, rows.at(-1)?.seq ?? head.seq);
    for (const row of rows) {
      const why = faultOf(former, row, claims);
      if (why !== undefined) return broken(former.seq + 1, why);
      if (row.seq === expected?.seq && row.hash !== expected.hash)
        return broken(row.seq, "its hash is not the one that you noted: the audit was written anew");
      former = row;
    }
    if (rows.length < PAGE) break;
  }
  if (former.seq < head.seq)
    return broken(former.seq + 1, `it is missing; the audit's end is row ${head.seq}`);
  if (former.hash !== head.hash) return broken(head.seq, "its hash is not the one kept for the audit's end");
  if (last > head.seq)
    return broken(head.seq + 1, `it lies behind the audit's end, which is row ${head.seq}`);
  if (expected !== undefined && expected.seq > head.seq)
    return broken(expected.seq, `you noted it, and the audit ends with row ${head.seq}`);
  return { kind: "whole", rows: former.seq, head: { seq: head.seq, hash: head.hash } };
}

/** One statement, so that no row is written between the two answers. */
async function ends(db: Kysely<Tables>): Promise<{ head: AuditHead | undefined; last: number }> {
  const answer = await db
    .selectNoFrom((each) => [
      each.selectFrom("audit_head").select("seq").as("seq"),
      each.selectFrom("audit_head").select("hash").as("hash"),
      each
        .selectFrom("audit")
        .select(({ fn }) => fn.max("seq").as("seq"))
        .as("last"),
    ])
    .executeTakeFirstOrThrow();
  const { seq, hash, last } = answer;
  return { head: seq === null || hash === null ? undefined : { seq, hash }, last: last ?? 0 };
}

/** What the tables say of the changes between two audit rows, by audit row. */
async function claimsBetween(db: Kysely<Tables>, after: number, upTo: number): Promise<Map<number, Claim[]>> {
  const found = new Map<number, Claim[]>();
  for (const claimsOf of [decisionClaims, ruleClaims, statementClaims, baselineClaims])
    for (const claim of await claimsOf(db, after, upTo))
      found.set(claim.seq, [...(found.get(claim.seq) ?? []), claim]);
  return found;
}

function faultOf(
  former: AuditHead,
  row: AuditRow,
  claims: ReadonlyMap<number, readonly Claim[]>,
): string | undefined {
  if (row.seq !== former.seq + 1) return `it is missing; the next there is has the number ${row.seq}`;
  if (auditHash(former.hash, row) !== row.hash)
    return "it or a row before it was changed: its hash doesn't fit";
  const [claim, second] = claims.get(row.seq) ?? [];
  if (claim === undefined) return `what it says was written (${row.action} of ${row.subject_id}) is gone`;
  const same = claim.action === row.action && claim.subjectId === row.subject_id && claim.after === row.after;
  return same && second === undefined
    ? undefined
    : `what was written (${row.action} of ${row.subject_id}) is no longer what it says`;
}
