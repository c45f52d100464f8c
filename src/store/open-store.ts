import { stat } from "node:fs/promises";
import { Problem } from "#units/problems.ts";
import { hasSchema, migrate } from "./migrate.ts";
import type { Store } from "./store.ts";
import { databaseFile, type StoreWhere } from "./store-where.ts";

/**
 * Opens the store of what people decide, makes it if it is not there, and brings its tables up to this program's.
 * @throws Problem "state-newer" if a newer program made it; "state-unreachable", "state-url-invalid", "state-busy", "state-corrupt",
 *   "data-unwritable", "disk-full"
 */
export async function openStore(where: StoreWhere): Promise<Store> {
  const store = await connectStore(where);
  return orClosed(store, () => migrate(store));
}

/**
 * Opens a store as `openStore` does, but makes none where there is none.
 * @throws Problem "state-empty", and those of `openStore`
 */
export async function openExistingStore(where: StoreWhere): Promise<Store> {
  if (where.url === undefined && !(await isThere(databaseFile(where.data))))
    throw emptyAt(databaseFile(where.data));
  const store = await connectStore(where);
  return orClosed(store, async () => {
    if (!(await hasSchema(store))) throw emptyAt(store.place);
    await migrate(store);
  });
}

/** Does some work with a store that is being opened, and closes it whatever comes of it. */
export async function withStore<T>(opening: Promise<Store>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await opening;
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Opens a store with the tables it has, if any. The drivers are loaded here, when they are needed. */
export async function connectStore({ data, url }: StoreWhere): Promise<Store> {
  if (url !== undefined) {
    const { openPostgres } = await import("./drivers/postgres.ts");
    return openPostgres(url);
  }
  const { openSqlite } = await import("./drivers/sqlite.ts");
  return openSqlite(databaseFile(data));
}

async function orClosed(store: Store, prepare: () => Promise<void>): Promise<Store> {
  try {
    await prepare();
    return store;
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

const emptyAt = (place: string): Problem =>
  new Problem("state-empty", `There is no state in ${place} yet.`, { at: { file: place } });

/** What can't be looked at may be there; opening it says what is wrong. */
const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (cause: unknown) => (cause as NodeJS.ErrnoException).code !== "ENOENT",
  );
