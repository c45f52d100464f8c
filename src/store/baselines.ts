import type { Kysely } from "kysely";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { canonicalJson, type JsonValue } from "#units/canonical-json.ts";
import { type By, changeStore } from "./audit/change-store.ts";
import type { Claim } from "./audit/claim.ts";
import { checkedText, LONGEST_CONTENT, LONGEST_NOTE } from "./checked-text.ts";
import { sha256 } from "./sha256.ts";
import { inStore, type Store } from "./store.ts";
import type { BaselineRow, Tables } from "./tables.ts";

/** Figures of a time that were frozen under a name, to hold later ones against. */
export interface Baseline {
  readonly name: string;
  /** Of the name: 1, 2, 3, …; none is ever changed. */
  readonly number: number;
  /** Canonical JSON; figures in it are exact decimal strings. */
  readonly content: string;
  /** SHA-256 of `content`, in hexadecimal. */
  readonly hash: string;
  readonly note: string;
  readonly frozenAt: Instant;
  readonly frozenBy: string;
}

const ACTION = "baseline.freeze";

/** What a baseline may be called: it is written name@number. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;

/**
 * Freezes figures as the next version of a name. Where they are those of its newest version, nothing is written.
 * @returns the newest version now, and whether it is new
 * @throws Problem "record-invalid", and those of `changeStore`
 */
export async function freezeBaseline(
  store: Store,
  by: By,
  {
    name,
    content,
    note = "",
  }: { readonly name: string; readonly content: JsonValue; readonly note?: string },
): Promise<{ baseline: Baseline; frozen: boolean }> {
  if (!NAME.test(name))
    throw new Problem("record-invalid", `"${name.slice(0, 100)}" is no name of a baseline.`, {
      hint: "Take letters, digits, points, hyphens and underscores, at most a hundred.",
    });
  const text = checkedText("The baseline", canonicalJson(content), LONGEST_CONTENT);
  checkedText("The note", note, LONGEST_NOTE);
  const hash = sha256(text);
  return changeStore(store, by, async (db, record) => {
    const newest = await versions(db, name).executeTakeFirst();
    if (newest?.hash === hash) return { baseline: newest, frozen: false };
    const number = (newest?.number ?? 0) + 1;
    const seq = await record({
      action: ACTION,
      subjectKind: "baseline",
      subjectId: idOf({ name, number }),
      before: newest === undefined ? null : contentOf(newest),
      after: contentOf({ hash, note }),
    });
    await db.insertInto("baselines").values({ seq, name, number, content: text, hash, note }).execute();
    const baseline = { name, number, content: text, hash, note, frozenAt: by.at, frozenBy: by.actor };
    return { baseline, frozen: true };
  });
}

/** A version of a baseline, its newest unless one is named; undefined if there is none. */
export const baselineOf = (store: Store, name: string, number?: number): Promise<Baseline | undefined> =>
  inStore(store, (db) =>
    (number === undefined
      ? versions(db, name)
      : versions(db, name).where("number", "=", number)
    ).executeTakeFirst(),
  );

/** All baselines without their contents, by name, the newest version first. */
export const listBaselines = (store: Store): Promise<Omit<Baseline, "content">[]> =>
  inStore(store, (db) => described(db).orderBy("name").orderBy("number", "desc").execute());

/** What the rows between two audit rows say about their changes; a content that doesn't fit its hash claims another. */
export async function baselineClaims(db: Kysely<Tables>, after: number, upTo: number): Promise<Claim[]> {
  const rows = await db
    .selectFrom("baselines")
    .select("seq")
    .where("seq", ">", after)
    .where("seq", "<=", upTo)
    .execute();
  const claims: Claim[] = [];
  // One content at a time: they may be large.
  for (const { seq } of rows) {
    const row = await db.selectFrom("baselines").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();
    const content = contentOf({ hash: sha256(row.content), note: row.note });
    claims.push({ seq, action: ACTION, subjectId: idOf(row), after: canonicalJson(content) });
  }
  return claims;
}

const idOf = ({ name, number }: Pick<BaselineRow, "name" | "number">): string => `${name}@${number}`;

const contentOf = ({ hash, note }: Pick<BaselineRow, "hash" | "note">): JsonValue => ({ hash, note });

const described = (db: Kysely<Tables>) =>
  db
    .selectFrom("baselines")
    .innerJoin("audit", "audit.seq", "baselines.seq")
    .select(["name", "number", "baselines.hash as hash", "note", "at as frozenAt", "actor as frozenBy"]);

const versions = (db: Kysely<Tables>, name: string) =>
  described(db).select("content").where("name", "=", name).orderBy("number", "desc").limit(1);
