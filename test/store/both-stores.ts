import { afterAll, beforeAll, describe } from "vitest";
import { openStore, withStore } from "#store/open-store.ts";
import type { Store } from "#store/store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { type PostgresServer, postgresSkipped, startPostgres } from "../servers/postgres.ts";

/** What a suite that is run on both databases works with. */
export interface OneEngine {
  readonly name: "SQLite" | "PostgreSQL";
  /** A place where no store is yet. */
  readonly fresh: () => StoreWhere;
}

/** Runs the same tests on both databases; those of PostgreSQL are skipped, with a printed reason, where there is none. */
export function onBothStores(title: string, suite: (engine: OneEngine) => void): void {
  describe(`${title}, in SQLite`, () => {
    let own: OwnFolder;
    let stores = 0;
    beforeAll(async () => void (own = await ownFolder()));
    afterAll(() => own.remove());
    suite({ name: "SQLite", fresh: () => ({ data: `${own.data}-${++stores}` }) });
  });
  describe.skipIf(postgresSkipped !== undefined)(`${title}, in PostgreSQL`, () => {
    let server: PostgresServer;
    beforeAll(async () => void (server = await startPostgres()));
    afterAll(() => server?.stop());
    suite({ name: "PostgreSQL", fresh: () => ({ data: "unused", url: server.createDatabase() }) });
  });
}

/** Opens a store for some work, and closes it after. */
export const inOpenStore = <T>(where: StoreWhere, work: (store: Store) => Promise<T>): Promise<T> =>
  withStore(openStore(where), work);

/** A person of the tests at the n-th second of 2026-11-24. */
export const ada = (second = 0) => ({ actor: "ada@example.com", at: Date.UTC(2026, 10, 24, 0, 0, second) });
