import { canonicalJson } from "#units/canonical-json.ts";
import { sha256 } from "#store/sha256.ts";
import type { AuditRow } from "#store/tables.ts";

/** What stands for the hash of the row before the first. */
export const FIRST_HASH = "0".repeat(64);

/**
 * The hash of an audit row: SHA-256 of the canonical JSON list of the former row's hash and all that the row says.
 * @returns 64 hexadecimal digits
 */
export function auditHash(formerHash: string, row: Omit<AuditRow, "hash">): string {
  const { seq, at, actor, action, subject_kind, subject_id, before, after } = row;
  return sha256(canonicalJson([formerHash, seq, at, actor, action, subject_kind, subject_id, before, after]));
}
