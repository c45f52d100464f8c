import type { Kysely } from "kysely";
import type { StoreDialect } from "./dialect.ts";
import type { Tables } from "./tables.ts";

/** An open database of what people decide; whoever opens it closes it. */
export interface Store {
  readonly dialect: StoreDialect;
  /** Where it is, for messages: a file, or a URL without its password. */
  readonly place: string;
  readonly db: Kysely<Tables>;
  /** What the driver says, as a Problem where it is one that people can do something about. */
  readonly fault: (cause: unknown) => unknown;
  readonly close: () => Promise<void>;
}

/** Asks or changes the store, and tells the driver's errors in our words. */
export async function inStore<T>(store: Store, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  try {
    return await work(store.db);
  } catch (cause) {
    throw store.fault(cause);
  }
}
