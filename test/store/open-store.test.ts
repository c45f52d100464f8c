import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { decide, decisionsInForce } from "#store/decisions.ts";
import { type Migration, migrate, ownMigrations } from "#store/migrate.ts";
import { connectStore, openExistingStore, openStore } from "#store/open-store.ts";
import { ownFolder, plimsoll } from "../imports/kit.ts";
import { POSTGRES_PASSWORD, postgresSkipped, startPostgres } from "../servers/postgres.ts";
import { ada, onBothStores, inOpenStore } from "./both-stores.ts";

const next: Migration = {
  number: 3,
  up: async (db, { text }) => {
    await db.schema.alterTable("decisions").addColumn("ticket", text).execute();
  },
};
const team = { workload: "w", field: "team", value: "search" };

onBothStores("opening a store", ({ fresh }) => {
  test("makes it once, and finds what was written", async () => {
    const where = fresh();
    await inOpenStore(where, (store) => decide(store, ada(), [team]));
    await inOpenStore(where, async (store) => expect(await decisionsInForce(store)).toMatchObject([team]));
  });

  test("makes none where only an existing one is asked for", async () => {
    const where = fresh();
    for (let twice = 0; twice < 2; twice++)
      await expect(openExistingStore(where)).rejects.toMatchObject({ code: "state-empty" });
    await inOpenStore(where, async () => {});
    await (await openExistingStore(where)).close();
  });

  test("adds what a newer program needs and keeps what is there", async () => {
    const where = fresh();
    await inOpenStore(where, async (store) => {
      await decide(store, ada(), [team]);
      await migrate(store, [...(await ownMigrations()), next]);
      expect(await store.db.selectFrom("decisions").selectAll().execute()).toEqual([
        { seq: 1, ...team, reason: "", ticket: null },
      ]);
    });
  });

  test("refuses one that a newer program made, and changes nothing", async () => {
    const where = fresh();
    await inOpenStore(where, async (store) => migrate(store, [...(await ownMigrations()), next]));
    await expect(openStore(where)).rejects.toMatchObject({
      code: "state-newer",
      message: expect.stringMatching(/has tables of version 3; this Plimsoll knows up to version 2\./),
    });
  });

  test("leaves nothing of steps of which one fails", async () => {
    const where = fresh();
    const store = await connectStore(where);
    const failing: Migration = { number: 3, up: () => Promise.reject(new Error("no")) };
    await expect(migrate(store, [...(await ownMigrations()), failing])).rejects.toThrow("no");
    expect(await store.dialect.hasTable(store.db, "audit")).toBe(false);
    await migrate(store);
    expect(await store.dialect.hasTable(store.db, "audit")).toBe(true);
    await store.close();
  });

  test("lets a change wait for another writer, but not for ever", async () => {
    const where = fresh();
    const [first, second] = [await openStore(where), await openStore(where)];
    const hold = (milliseconds: number): Promise<void> =>
      first.db.transaction().execute(async (transaction) => {
        await first.dialect.lockHead(transaction);
        await setTimeout(milliseconds);
      });
    const short = hold(300);
    await setTimeout(100);
    expect(await decide(second, ada(), [team])).toMatchObject([team]);
    await short;
    const long = hold(6_000);
    await setTimeout(100);
    await expect(decide(second, ada(), [{ ...team, value: "ads" }])).rejects.toMatchObject({
      code: "state-busy",
    });
    await long;
    expect(await decisionsInForce(second)).toMatchObject([team]);
    await Promise.all([first.close(), second.close()]);
  });

  test("by several at once makes its tables once", async () => {
    const where = fresh();
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(where)));
    await Promise.all(stores.map((store, n) => decide(store, ada(), [{ ...team, workload: String(n) }])));
    expect((await decisionsInForce(stores[0] ?? (await openStore(where)))).length).toBe(6);
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe("an embedded database that can't be opened", () => {
  test.each([
    ["is no database", "state-corrupt", (file: string) => writeFile(file, "x".repeat(5000))],
    ["is a folder", "data-unwritable", (file: string) => mkdir(file)],
  ])("because it %s is told in our words", async (_, code, spoil) => {
    const { data, remove } = await ownFolder();
    const file = path.join(data, "state", "plimsoll.db");
    await mkdir(path.dirname(file), { recursive: true });
    await spoil(file);
    await expect(openStore({ data })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(file),
    });
    await remove();
  });

  test("because its folder is a file is told in our words", async () => {
    const { data, write, remove } = await ownFolder();
    await write("data/state", "");
    await expect(openStore({ data })).rejects.toMatchObject({ code: "data-unwritable" });
    expect(await plimsoll(["state", "audit", "--data", data])).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/^Error data-unwritable/),
    });
    expect(await readdir(data)).toEqual(["state"]);
    await remove();
  });
});

describe("a URL that leads nowhere", () => {
  test.each([
    ["mysql://ada:geheim@db/plimsoll", "state-url-invalid"],
    ["postgresql://ada:geheim@db:99999/plimsoll", "state-url-invalid"],
    ["postgresql:/ada:geheim", "state-url-invalid"],
    ["postgresql://ada:geheim@127.0.0.1:1/plimsoll?password=geheim", "state-unreachable"],
    ["postgresql://ada:geheim@plimsoll.invalid/plimsoll", "state-unreachable"],
  ])("is refused without its password: %s", async (url, code) => {
    const { exit, stdout, stderr } = await plimsoll(["state", "audit", "--state", url, "--json"]);
    expect(stderr).toMatch(new RegExp(`^Error ${code}: `));
    expect(`${stdout}${stderr}`).not.toContain("geheim");
    expect(exit).toBe(code === "state-url-invalid" ? 2 : 3);
  });

  test.skipIf(postgresSkipped !== undefined)("or is not let in is refused without its password", async () => {
    const server = await startPostgres();
    const wrong = new URL(server.url);
    const secret = "an-other%2Fsecret";
    wrong.password = secret;
    const missing = new URL(server.url);
    missing.pathname = "/nowhere";
    for (const [url, why] of [
      [wrong.href, /password authentication failed for user "plimsoll"/],
      [missing.href, /database "nowhere" does not exist/],
      [`${server.url}?sslmode=verify-full`, /does not support SSL/],
    ] as const) {
      const { exit, stderr } = await plimsoll(["state", "audit", "--state", url]);
      expect(stderr).toMatch(/^Error state-unreachable: postgresql:\/\/plimsoll@127\.0\.0\.1:\d+\/\w+ can't/);
      expect(stderr).toMatch(why);
      for (const hidden of [
        secret,
        "an-other/secret",
        POSTGRES_PASSWORD,
        encodeURIComponent(POSTGRES_PASSWORD),
      ])
        expect(stderr).not.toContain(hidden);
      expect(exit).toBe(3);
    }
    const store = await openStore({ data: "unused", url: server.url });
    await server.stop();
    await expect(decide(store, ada(), [team])).rejects.toMatchObject({ code: "state-unreachable" });
    await store.close();
  });
});
