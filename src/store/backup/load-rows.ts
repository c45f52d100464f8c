import type { Insertable, Transaction } from "kysely";
import { Problem } from "#units/problems.ts";
import type { Store } from "#store/store.ts";
import type { Tables } from "#store/tables.ts";
import { backupEnd, backupRow, type KeptTable } from "./backup-format.ts";
import { type BackupLine, invalidBackup } from "./backup-lines.ts";

/** Rows that are written by one statement: neither database takes more than some ten thousand values at once. */
const BATCH_ROWS = 200;
const BATCH_CHARACTERS = 4 << 20;

/**
 * Writes the rows of a backup, in its order, and checks its end.
 * @param lines those after the header
 * @param expected rows of each table, as the header has them
 * @throws Problem "backup-invalid"
 */
export async function loadRows(
  store: Store,
  transaction: Transaction<Tables>,
  lines: AsyncIterable<BackupLine>,
  expected: Readonly<Record<string, number>>,
  file: string,
): Promise<void> {
  const batch = batchOf(store, transaction, file);
  const loaded: Record<string, number> = {};
  let ended = false;
  let last = 1;
  for await (const line of lines) {
    last = line.number;
    if (ended) throw invalidBackup(file, line.number, "there is something behind the end of the backup");
    const value = parsed(line, file);
    const end = backupEnd.safeParse(value);
    if (end.success) {
      if (end.data.sha256 !== line.hashBefore())
        throw invalidBackup(file, line.number, "the lines before it are not those that were written");
      ended = true;
      continue;
    }
    const { data } = backupRow.safeParse(value);
    if (data === undefined) throw invalidBackup(file, line.number, "it is no row of the state");
    await batch.add(data.table, data.row, line);
    loaded[data.table] = (loaded[data.table] ?? 0) + 1;
  }
  await batch.flush();
  if (!ended) throw invalidBackup(file, last, "the backup ends here, before its end");
  for (const [table, rows] of Object.entries(expected))
    if (rows !== (loaded[table] ?? 0))
      throw invalidBackup(file, 1, `it names ${rows} rows of ${table}, and there are ${loaded[table] ?? 0}`);
}

function parsed({ number, text }: BackupLine, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidBackup(file, number, "it is no JSON", cause);
  }
}

type Row = Insertable<Tables[KeptTable]>;

/** Collects rows of one table, and writes them together. */
function batchOf(store: Store, transaction: Transaction<Tables>, file: string) {
  let [table, rows, characters, from]: [KeptTable, Row[], number, number] = ["audit", [], 0, 0];
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return;
    try {
      await transaction.insertInto(table).values(rows).execute();
    } catch (cause) {
      const fault = store.fault(cause);
      if (fault instanceof Problem) throw fault;
      throw invalidBackup(file, from, `it, or a row of ${table} after it, does not fit the others`, cause);
    }
    [rows, characters] = [[], 0];
  };
  const add = async (of: KeptTable, row: object, { number, text }: BackupLine): Promise<void> => {
    if (of !== table || rows.length === BATCH_ROWS || characters > BATCH_CHARACTERS) await flush();
    if (rows.length === 0) [table, from] = [of, number];
    rows.push(row as Row);
    characters += text.length;
  };
  return { add, flush };
}
