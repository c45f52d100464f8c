import type { BackupSummary } from "#store/backup/backup-format.ts";
import { backupStore } from "#store/backup/backup-store.ts";
import { restoreStore } from "#store/backup/restore-store.ts";
import { openExistingStore, withStore } from "#store/open-store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import type { Instant } from "#units/instant.ts";

/**
 * Writes all of the state to a new file.
 * @throws Problem "state-empty" where there is none, "file-exists", and those of the store
 */
export const backupState = (where: StoreWhere, file: string, now: Instant): Promise<BackupSummary> =>
  withStore(openExistingStore(where), (store) => backupStore(store, file, now));

/**
 * Brings a backup into a state that holds nothing.
 * @throws Problem "state-not-empty", "backup-invalid", and those of the store
 */
export const restoreState = (where: StoreWhere, file: string): Promise<BackupSummary> =>
  restoreStore(where, file);
