import type { Kysely, Transaction } from "kysely";
import { Problem } from "#units/problems.ts";
import type { StoreDialect } from "./dialect.ts";
import { inStore, type Store } from "./store.ts";
import type { Tables } from "./tables.ts";

/** A change of the schema, made once and never edited after its release. */
export interface Migration {
  readonly number: number;
  readonly up: (db: Kysely<Tables>, dialect: StoreDialect) => Promise<void>;
}

/**
 * Brings the tables up to the newest of the migrations, all steps or none; of processes that start at once one does it.
 * @param migrations numbered 1, 2, 3, …; this program's unless given
 * @throws Problem "state-newer" if the store knows more of them, "state-busy"
 */
export async function migrate(store: Store, migrations?: readonly Migration[]): Promise<void> {
  const steps = migrations ?? (await ownMigrations());
  const missing = async (db: Kysely<Tables>): Promise<readonly Migration[]> => {
    const version = await schemaVersion(store, db);
    if (version > steps.length) throw newer(store, version, steps.length);
    return steps.slice(version);
  };
  await inStore(store, async (db) => {
    if ((await missing(db)).length === 0) return;
    await db.transaction().execute(async (transaction) => {
      await store.dialect.lockSchema(transaction);
      await makeSteps(store, transaction, await missing(transaction));
    });
  });
}

/** Makes steps in a transaction of the caller's. */
export async function makeSteps(
  store: Store,
  transaction: Transaction<Tables>,
  steps: readonly Migration[],
): Promise<void> {
  for (const { number, up } of steps) {
    await up(transaction, store.dialect);
    await transaction.updateTable("schema_version").set({ version: number }).execute();
  }
}

/** Whether the store has our tables. */
export const hasSchema = (store: Store): Promise<boolean> =>
  inStore(store, (db) => store.dialect.hasTable(db, "schema_version"));

/** The number of the newest migration that was made; 0 in a new database. */
export async function schemaVersion({ dialect }: Store, db: Kysely<Tables>): Promise<number> {
  if (!(await dialect.hasTable(db, "schema_version"))) return 0;
  const row = await db.selectFrom("schema_version").select("version").executeTakeFirst();
  return row?.version ?? 0;
}

/** Loaded with the driver, since they too need the query builder. */
export async function ownMigrations(): Promise<readonly Migration[]> {
  const [{ firstTables }, { baselineTable }] = await Promise.all([
    import("./migrations/1-first-tables.ts"),
    import("./migrations/2-baselines.ts"),
  ]);
  return [firstTables, baselineTable];
}

const newer = ({ place }: Store, version: number, known: number): Problem =>
  new Problem(
    "state-newer",
    `The state in ${place} has tables of version ${version}; this Plimsoll knows up to version ${known}.`,
    { at: { file: place } },
  );
