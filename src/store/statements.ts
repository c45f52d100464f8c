import type { Kysely } from "kysely";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { type By, changeStore } from "./audit/change-store.ts";
import type { Claim } from "./audit/claim.ts";
import { canonicalJson, type JsonValue } from "#units/canonical-json.ts";
import { sha256 } from "./sha256.ts";
import { checkedName, checkedText, LONGEST_CONTENT } from "./checked-text.ts";
import { inStore, type Store } from "./store.ts";
import type { Tables } from "./tables.ts";

/** A monthly statement that was closed. */
export interface Statement {
  /** Whose statement it is, such as all or team:search. */
  readonly scope: string;
  /** The month, YYYY-MM. */
  readonly period: string;
  /** Canonical JSON; amounts in it are exact decimal strings. */
  readonly content: string;
  /** SHA-256 of `content`, in hexadecimal. */
  readonly hash: string;
  readonly closedAt: Instant;
  readonly closedBy: string;
}

const ACTION = "statement.close";

/**
 * Closes a month's statement for ever. Closing it again with the same content changes nothing.
 * @param content amounts as decimal strings; whole numbers only otherwise, since a fraction would be a float
 * @returns the statement as it is closed, and whether this call closed it
 * @throws Problem "statement-closed" if it is closed with another content; "record-invalid", and those of `changeStore`
 */
export async function closeStatement(
  store: Store,
  by: By,
  {
    scope,
    period,
    content,
  }: { readonly scope: string; readonly period: string; readonly content: JsonValue },
): Promise<{ statement: Statement; closed: boolean }> {
  checkedName("The statement's scope", scope);
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(period))
    throw new Problem("record-invalid", `"${period}" is not a month.`, { at: { value: period } });
  const text = checkedText("The statement's content", canonicalJson(content), LONGEST_CONTENT);
  refuseFractions(content, "content");
  const hash = sha256(text);
  return changeStore(store, by, async (db, record) => {
    const former = await one(db, scope, period);
    if (former !== undefined && former.hash !== hash) throw closedOtherwise(former);
    if (former !== undefined) return { statement: former, closed: false };
    const entry = { action: ACTION, subjectKind: "statement", subjectId: idOf(scope, period) };
    const seq = await record({ ...entry, before: null, after: { hash } });
    await db.insertInto("statements").values({ seq, scope, period, content: text, hash }).execute();
    const statement = { scope, period, content: text, hash, closedAt: by.at, closedBy: by.actor };
    return { statement, closed: true };
  });
}

/** A closed statement; undefined while the month is open. */
export const closedStatement = (
  store: Store,
  scope: string,
  period: string,
): Promise<Statement | undefined> => inStore(store, (db) => one(db, scope, period));

/** All closed statements without their contents, by month and scope. */
export const listStatements = (store: Store): Promise<Omit<Statement, "content">[]> =>
  inStore(store, (db) => described(db).orderBy("period").orderBy("scope").execute());

/** What the rows between two audit rows say about their changes; a content that doesn't fit its hash claims another. */
export async function statementClaims(db: Kysely<Tables>, after: number, upTo: number): Promise<Claim[]> {
  const rows = await db
    .selectFrom("statements")
    .select(["seq", "scope", "period"])
    .where("seq", ">", after)
    .where("seq", "<=", upTo)
    .execute();
  const claims: Claim[] = [];
  // One content at a time: they may be large.
  for (const { seq, scope, period } of rows) {
    const { content } = await db
      .selectFrom("statements")
      .select("content")
      .where("seq", "=", seq)
      .executeTakeFirstOrThrow();
    const after = canonicalJson({ hash: sha256(content) });
    claims.push({ seq, action: ACTION, subjectId: idOf(scope, period), after });
  }
  return claims;
}

const idOf = (scope: string, period: string): string => `${scope} ${period}`;

const described = (db: Kysely<Tables>) =>
  db
    .selectFrom("statements")
    .innerJoin("audit", "audit.seq", "statements.seq")
    .select(["scope", "period", "statements.hash as hash", "at as closedAt", "actor as closedBy"]);

const one = (db: Kysely<Tables>, scope: string, period: string): Promise<Statement | undefined> =>
  described(db).select("content").where("scope", "=", scope).where("period", "=", period).executeTakeFirst();

const closedOtherwise = ({ scope, period, closedBy, closedAt }: Statement): Problem =>
  new Problem(
    "statement-closed",
    `The statement of ${scope} for ${period} was closed by ${closedBy} at ${new Date(closedAt).toISOString()} with another content.`,
  );

/** Money is never a float, so no number of a statement may have a fraction, or more digits than a number holds. */
function refuseFractions(value: JsonValue | undefined, at: string): void {
  if (typeof value === "number" && !Number.isSafeInteger(value))
    throw new Problem("record-invalid", `${at} is the number ${value}; write it as a decimal string.`);
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) refuseFractions(each, `${at}.${key}`);
}
