import type { Migration } from "#store/migrate.ts";

/** Baselines: figures of a time that later ones are held against. */
export const baselineTable: Migration = {
  number: 2,
  up: async (db, { integer, text, tableEnd }) => {
    await db.schema
      .createTable("baselines")
      // No row without the audit row of its change.
      .addColumn("seq", integer, (column) => column.primaryKey().references("audit.seq"))
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("number", integer, (column) => column.notNull())
      .addColumn("content", text, (column) => column.notNull())
      .addColumn("hash", text, (column) => column.notNull())
      .addColumn("note", text, (column) => column.notNull())
      .addUniqueConstraint("baselines_once", ["name", "number"])
      .modifyEnd(tableEnd)
      .execute();
  },
};
