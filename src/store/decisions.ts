import type { Kysely } from "kysely";
import { Problem } from "#units/problems.ts";
import type { Instant } from "#units/instant.ts";
import { type By, changeStore } from "./audit/change-store.ts";
import type { Claim } from "./audit/claim.ts";
import { canonicalJson, type JsonValue } from "#units/canonical-json.ts";
import { checkedName, checkedText, LONGEST_NOTE } from "./checked-text.ts";
import { inStore, type Store } from "./store.ts";
import type { DecisionRow, Tables } from "./tables.ts";

/** What a person says about a fact of a workload: that it is so, or what it really is. */
export interface NewDecision {
  /** The workload's identifier. */
  readonly workload: string;
  /** The fact, in kebab case: type, team, environment, owner, … */
  readonly field: string;
  /** What it is; null takes former decisions back, so that what is inferred counts again. */
  readonly value: string | null;
  readonly reason?: string | undefined;
}

/** A decision as it was written. */
export interface Decision {
  /** The number of its audit row; of two decisions the higher was made later. */
  readonly seq: number;
  readonly workload: string;
  readonly field: string;
  readonly value: string | null;
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
}

const ACTION = "workload.decide";

/**
 * Writes what a person decided about workloads, all of it or nothing.
 * @returns the decisions as written, in the order given
 * @throws Problem "record-invalid", and those of `changeStore`
 */
export async function decide(store: Store, by: By, decisions: readonly NewDecision[]): Promise<Decision[]> {
  const checked = decisions.map(checkedDecision);
  return changeStore(store, by, async (db, record) => {
    const written: Decision[] = [];
    for (const { workload, field, value, reason } of checked) {
      const former = await lastOf(db, workload, field);
      const seq = await record({
        action: ACTION,
        subjectKind: "workload",
        subjectId: workload,
        before: former === undefined ? null : contentOf(former),
        after: contentOf({ field, value, reason }),
      });
      await db.insertInto("decisions").values({ seq, workload, field, value, reason }).execute();
      written.push({ seq, workload, field, value, reason, actor: by.actor, at: by.at });
    }
    return written;
  });
}

/** The decisions in force: the last of each workload and field, by workload and field. One that was taken back is none. */
export async function decisionsInForce(store: Store): Promise<Decision[]> {
  return inStore(store, (db) =>
    withAudit(db)
      .where("decisions.seq", "in", (last) =>
        last
          .selectFrom("decisions")
          .select(({ fn }) => fn.max("decisions.seq").as("seq"))
          .groupBy(["workload", "field"]),
      )
      .where("value", "is not", null)
      .orderBy("workload")
      .orderBy("field")
      .execute(),
  );
}

/** Everything that was decided about a workload, the first decision first. */
export async function decisionHistory(store: Store, workload: string): Promise<Decision[]> {
  return inStore(store, (db) =>
    withAudit(db).where("workload", "=", workload).orderBy("decisions.seq").execute(),
  );
}

/** What the rows between two audit rows say about their changes. */
export async function decisionClaims(db: Kysely<Tables>, after: number, upTo: number): Promise<Claim[]> {
  const rows = await db
    .selectFrom("decisions")
    .selectAll()
    .where("seq", ">", after)
    .where("seq", "<=", upTo)
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    action: ACTION,
    subjectId: row.workload,
    after: canonicalJson(contentOf(row)),
  }));
}

const contentOf = ({ field, value, reason }: Pick<DecisionRow, "field" | "value" | "reason">): JsonValue => ({
  field,
  value,
  reason,
});

const withAudit = (db: Kysely<Tables>) =>
  db
    .selectFrom("decisions")
    .innerJoin("audit", "audit.seq", "decisions.seq")
    .select(["decisions.seq", "workload", "field", "value", "reason", "actor", "at"]);

const lastOf = (db: Kysely<Tables>, workload: string, field: string): Promise<DecisionRow | undefined> =>
  db
    .selectFrom("decisions")
    .selectAll()
    .where("workload", "=", workload)
    .where("field", "=", field)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();

function checkedDecision({ workload, field, value, reason = "" }: NewDecision): Omit<DecisionRow, "seq"> {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(field))
    throw new Problem("record-invalid", `"${field}" is not the name of a fact, such as team or cost-centre.`);
  return {
    workload: checkedName("The workload", workload),
    field,
    value: value === null ? null : checkedName(`The value of ${field}`, value),
    reason: checkedText("The reason", reason, LONGEST_NOTE),
  };
}
