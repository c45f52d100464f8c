import type { Kysely } from "kysely";
import type { Instant } from "#units/instant.ts";
import { type By, changeStore } from "./audit/change-store.ts";
import type { Claim } from "./audit/claim.ts";
import { canonicalJson, type JsonValue } from "#units/canonical-json.ts";
import { sha256 } from "./sha256.ts";
import { checkedText, LONGEST_CONTENT, LONGEST_NOTE } from "./checked-text.ts";
import { inStore, type Store } from "./store.ts";
import type { RuleVersionRow, Tables } from "./tables.ts";

/** A published version of the attribution rules. */
export interface RuleVersion {
  /** 1, 2, 3, … */
  readonly number: number;
  /** The rules as canonical JSON. */
  readonly rules: string;
  /** SHA-256 of `rules`, in hexadecimal. */
  readonly hash: string;
  readonly note: string;
  readonly publishedAt: Instant;
  readonly publishedBy: string;
}

const ACTION = "rules.publish";

/**
 * Publishes rules as the next version. Rules that say what the current version says are not written again.
 * @returns the version in force now, and whether it is new
 * @throws Problem "record-invalid", and those of `changeStore`
 */
export async function publishRules(
  store: Store,
  by: By,
  { rules, note = "" }: { readonly rules: JsonValue; readonly note?: string | undefined },
): Promise<{ version: RuleVersion; published: boolean }> {
  const text = checkedText("The rules' text", canonicalJson(rules), LONGEST_CONTENT);
  checkedText("The note", note, LONGEST_NOTE);
  const hash = sha256(text);
  return changeStore(store, by, async (db, record) => {
    const current = await newest(db).executeTakeFirst();
    if (current?.hash === hash) return { version: current, published: false };
    const number = (current?.number ?? 0) + 1;
    const seq = await record({
      action: ACTION,
      subjectKind: "rules",
      subjectId: String(number),
      before: current === undefined ? null : contentOf(current),
      after: contentOf({ hash, note }),
    });
    await db.insertInto("rule_versions").values({ seq, number, rules: text, hash, note }).execute();
    const version = { number, rules: text, hash, note, publishedAt: by.at, publishedBy: by.actor };
    return { version, published: true };
  });
}

/** The version in force; undefined before the first. */
export const currentRules = (store: Store): Promise<RuleVersion | undefined> =>
  inStore(store, (db) => newest(db).executeTakeFirst());

/** A version by its number; undefined if there is none. */
export const ruleVersion = (store: Store, number: number): Promise<RuleVersion | undefined> =>
  inStore(store, (db) => withAudit(db).where("number", "=", number).executeTakeFirst());

/** All versions without their rules, the newest first. */
export const listRuleVersions = (store: Store): Promise<Omit<RuleVersion, "rules">[]> =>
  inStore(store, (db) => described(db).orderBy("number", "desc").execute());

/** What the rows between two audit rows say about their changes; rules that don't fit their hash claim another. */
export async function ruleClaims(db: Kysely<Tables>, after: number, upTo: number): Promise<Claim[]> {
  const numbers = await db
    .selectFrom("rule_versions")
    .select("seq")
    .where("seq", ">", after)
    .where("seq", "<=", upTo)
    .execute();
  const claims: Claim[] = [];
  // One text at a time: they may be large.
  for (const { seq } of numbers) {
    const row = await db
      .selectFrom("rule_versions")
      .selectAll()
      .where("seq", "=", seq)
      .executeTakeFirstOrThrow();
    const after = canonicalJson(contentOf({ hash: sha256(row.rules), note: row.note }));
    claims.push({ seq, action: ACTION, subjectId: String(row.number), after });
  }
  return claims;
}

const contentOf = ({ hash, note }: Pick<RuleVersionRow, "hash" | "note">): JsonValue => ({ hash, note });

const described = (db: Kysely<Tables>) =>
  db
    .selectFrom("rule_versions")
    .innerJoin("audit", "audit.seq", "rule_versions.seq")
    .select(["number", "rule_versions.hash as hash", "note", "at as publishedAt", "actor as publishedBy"]);

const withAudit = (db: Kysely<Tables>) => described(db).select("rules");

const newest = (db: Kysely<Tables>) => withAudit(db).orderBy("number", "desc").limit(1);
