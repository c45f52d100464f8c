import { type CreateTableBuilder, type Kysely, sql } from "kysely";
import { FIRST_HASH } from "#store/audit/audit-hash.ts";
import type { StoreDialect } from "#store/dialect.ts";
import type { Migration } from "#store/migrate.ts";
import type { Tables } from "#store/tables.ts";

/** Audit, decisions on workloads, versions of the attribution rules, closed statements. */
export const firstTables: Migration = {
  number: 1,
  up: async (db, dialect) => {
    await oneRowTables(db, dialect);
    await auditTable(db, dialect);
    await recordTables(db, dialect);
  },
};

async function oneRowTables(db: Kysely<Tables>, dialect: StoreDialect): Promise<void> {
  const oneRow = (name: "schema_version" | "audit_head"): CreateTableBuilder<string, "id"> =>
    db.schema
      .createTable(name)
      .addColumn("id", dialect.integer, (column) => column.primaryKey().check(sql`id = 1`))
      .modifyEnd(dialect.tableEnd);
  await oneRow("schema_version")
    .addColumn("version", dialect.integer, (column) => column.notNull())
    .execute();
  await db.insertInto("schema_version").values({ id: 1, version: 0 }).execute();
  await oneRow("audit_head")
    .addColumn("seq", dialect.integer, (column) => column.notNull())
    .addColumn("hash", dialect.text, (column) => column.notNull())
    .execute();
  await db.insertInto("audit_head").values({ id: 1, seq: 0, hash: FIRST_HASH }).execute();
}

async function auditTable(db: Kysely<Tables>, { integer, text, tableEnd }: StoreDialect): Promise<void> {
  await db.schema
    .createTable("audit")
    .addColumn("seq", integer, (column) => column.primaryKey())
    .addColumn("at", integer, (column) => column.notNull())
    .addColumn("actor", text, (column) => column.notNull())
    .addColumn("action", text, (column) => column.notNull())
    .addColumn("subject_kind", text, (column) => column.notNull())
    .addColumn("subject_id", text, (column) => column.notNull())
    .addColumn("before", text)
    .addColumn("after", text)
    .addColumn("hash", text, (column) => column.notNull())
    .modifyEnd(tableEnd)
    .execute();
  await db.schema
    .createIndex("audit_subject")
    .on("audit")
    .columns(["subject_kind", "subject_id", "seq"])
    .execute();
}

async function recordTables(db: Kysely<Tables>, dialect: StoreDialect): Promise<void> {
  const { integer, text, tableEnd } = dialect;
  const records = (name: "decisions" | "rule_versions" | "statements"): CreateTableBuilder<string, "seq"> =>
    db.schema
      .createTable(name)
      // No row without the audit row of its change.
      .addColumn("seq", integer, (column) => column.primaryKey().references("audit.seq"))
      .modifyEnd(tableEnd);
  await records("decisions")
    .addColumn("workload", text, (column) => column.notNull())
    .addColumn("field", text, (column) => column.notNull())
    .addColumn("value", text)
    .addColumn("reason", text, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("decisions_subject")
    .on("decisions")
    .columns(["workload", "field", "seq"])
    .execute();
  await records("rule_versions")
    .addColumn("number", integer, (column) => column.notNull().unique())
    .addColumn("rules", text, (column) => column.notNull())
    .addColumn("hash", text, (column) => column.notNull())
    .addColumn("note", text, (column) => column.notNull())
    .execute();
  await records("statements")
    .addColumn("scope", text, (column) => column.notNull())
    .addColumn("period", text, (column) => column.notNull())
    .addColumn("content", text, (column) => column.notNull())
    .addColumn("hash", text, (column) => column.notNull())
    .addUniqueConstraint("statements_once", ["scope", "period"])
    .execute();
}
