import type { Kysely, Transaction } from "kysely";
import { Problem } from "#units/problems.ts";
import { verifyRows } from "#store/audit/verify-audit.ts";
import { makeSteps, migrate, type Migration, ownMigrations } from "#store/migrate.ts";
import { connectStore, withStore } from "#store/open-store.ts";
import { inStore, type Store } from "#store/store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import type { Tables } from "#store/tables.ts";
import { type BackupHeader, backupHeader, type BackupSummary } from "./backup-format.ts";
import { type BackupLine, backupLines, invalidBackup } from "./backup-lines.ts";
import { loadRows } from "./load-rows.ts";

/**
 * Brings a backup into a store that holds nothing, in either database: all of it, or nothing.
 * @throws Problem "state-not-empty"; "backup-invalid" for a file that is cut off or was altered, or whose audit is not whole;
 *   "state-newer" if a newer program wrote it; "source-not-found", and those of `openStore`
 */
export async function restoreStore(where: StoreWhere, file: string): Promise<BackupSummary> {
  const lines = backupLines(file);
  try {
    const header = await headerOf(lines, file);
    const migrations = await ownMigrations();
    if (header.schema > migrations.length) throw newer(file, header.schema, migrations.length);
    return await withStore(connectStore(where), async (store) => {
      await migrate(store, migrations.slice(0, header.schema));
      return fill(store, { lines, header, file, newer: migrations.slice(header.schema) });
    });
  } finally {
    // The file is closed although not read to its end.
    await lines.return(undefined);
  }
}

async function headerOf(lines: AsyncGenerator<BackupLine>, file: string): Promise<BackupHeader> {
  const { value } = await lines.next();
  const first = (value as BackupLine | undefined)?.text ?? "";
  try {
    return backupHeader.parse(JSON.parse(first));
  } catch (cause) {
    throw invalidBackup(file, 1, "it is not the first line of a backup of Plimsoll's state", cause);
  }
}

/** In one transaction: a process that is killed meanwhile leaves the store empty. */
const fill = (
  store: Store,
  {
    lines,
    header: { at, rows },
    file,
    newer: steps,
  }: {
    readonly lines: AsyncGenerator<BackupLine>;
    readonly header: BackupHeader;
    readonly file: string;
    /** Steps that were made since the backup was written: what checks the audit knows today's tables. */
    readonly newer: readonly Migration[];
  },
): Promise<BackupSummary> =>
  inStore(store, (db) =>
    db.transaction().execute(async (transaction) => {
      await emptied(store, transaction);
      await loadRows(store, transaction, lines, rows, file);
      await makeSteps(store, transaction, steps);
      const verdict = await verifyRows(transaction);
      if (verdict.kind === "broken")
        throw new Problem("backup-invalid", `${file}: audit row ${verdict.seq}: ${verdict.why}.`, {
          at: { file },
        });
      return { at, rows, head: verdict.head };
    }),
  );

/** Takes the store for writing, and the one row out that a new store has. */
async function emptied(store: Store, transaction: Transaction<Tables>): Promise<void> {
  const head = await store.dialect.lockHead(transaction);
  if (head?.seq !== 0 || (await holdsAudit(transaction)))
    throw new Problem("state-not-empty", `There is state in ${store.place} already.`, {
      at: { file: store.place },
    });
  await transaction.deleteFrom("audit_head").execute();
}

const holdsAudit = async (db: Kysely<Tables>): Promise<boolean> =>
  (await db.selectFrom("audit").select("seq").limit(1).executeTakeFirst()) !== undefined;

const newer = (file: string, schema: number, known: number): Problem =>
  new Problem(
    "state-newer",
    `${file} holds tables of version ${schema}; this Plimsoll knows up to version ${known}.`,
    { at: { file } },
  );
