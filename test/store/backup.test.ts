import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FIRST_HASH } from "#store/audit/audit-hash.ts";
import { listAudit } from "#store/audit/list-audit.ts";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { backupStore } from "#store/backup/backup-store.ts";
import { restoreStore } from "#store/backup/restore-store.ts";
import { baselineOf, freezeBaseline, listBaselines } from "#store/baselines.ts";
import { decide, decisionsInForce } from "#store/decisions.ts";
import { openStore } from "#store/open-store.ts";
import { listRuleVersions, ruleVersion } from "#store/rule-versions.ts";
import { closedStatement } from "#store/statements.ts";
import type { Store } from "#store/store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { type PostgresServer, postgresSkipped, startPostgres } from "../servers/postgres.ts";
import { ada, inOpenStore, onBothStores } from "./both-stores.ts";
import { fill } from "./fill.ts";

let own: OwnFolder;
let files = 0;
beforeAll(async () => void (own = await ownFolder()));
afterAll(() => own.remove());
const newFile = (): string => path.join(own.folder, `backup-${++files}.jsonl`);

/** Writes one decision after the other, and answers how many. */
async function writeUntil(stop: AbortSignal, store: Store): Promise<number> {
  for (let written = 0; ; written++) {
    if (stop.aborted) return written;
    await decide(store, ada(), [{ workload: "busy", field: "team", value: String(written) }]);
    await setTimeout(1);
  }
}

/** All that a store answers. */
const everything = async (store: Store): Promise<unknown> => [
  await decisionsInForce(store),
  await listRuleVersions(store),
  await ruleVersion(store, 1),
  await closedStatement(store, "all", "2026-07"),
  await listBaselines(store),
  await baselineOf(store, "before-vllm"),
  await listAudit(store, 1000),
  await verifyAudit(store),
];

onBothStores("a backup", ({ fresh }) => {
  test("is restored into an empty store as it was, and the audit goes on", async () => {
    const [from, to, file] = [fresh(), fresh(), newFile()];
    const before = await inOpenStore(from, async (store) => {
      await fill(store);
      const summary = await backupStore(store, file, ada(5).at);
      expect(summary).toMatchObject({
        at: "2026-11-24T00:00:05Z",
        rows: { audit: 454, audit_head: 1, decisions: 451, rule_versions: 1, statements: 1, baselines: 1 },
        head: { seq: 454 },
      });
      return everything(store);
    });
    expect((await restoreStore(to, file)).head.seq).toBe(454);
    await inOpenStore(to, async (store) => {
      expect(await everything(store)).toEqual(before);
      await decide(store, ada(6), [{ workload: "w0", field: "team", value: "b" }]);
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 455 });
    });
  });

  test("that an older program wrote is restored, with the tables of today", async () => {
    const [to, file] = [fresh(), newFile()];
    const lines = [
      {
        format: "plimsoll-state",
        version: 1,
        schema: 1,
        at: "2026-11-24T00:00:05Z",
        rows: { audit: 0, audit_head: 1 },
      },
      { table: "audit_head", row: { id: 1, seq: 0, hash: FIRST_HASH } },
    ];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const sha256 = createHash("sha256").update(text).digest("hex");
    await writeFile(file, `${text}${JSON.stringify({ sha256 })}\n`);
    await restoreStore(to, file);
    await inOpenStore(to, async (store) => {
      await freezeBaseline(store, ada(6), { name: "first", content: {} });
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 1 });
    });
  });

  test("of a store that is written to meanwhile holds one moment of it", async () => {
    const [from, to, file] = [fresh(), fresh(), newFile()];
    await inOpenStore(from, fill);
    const writer = await openStore(from);
    const reader = await openStore(from);
    const stop = new AbortController();
    const writing = writeUntil(stop.signal, writer);
    await setTimeout(50);
    const { rows, head } = await backupStore(reader, file, ada().at);
    stop.abort();
    const written = await writing;
    await Promise.all([writer.close(), reader.close()]);
    expect(rows["audit"]).toBe(head.seq);
    // Some of the writes came before the backup's moment, and the writer went on behind it.
    expect(head.seq).toBeGreaterThan(454);
    expect(head.seq).toBeLessThan(454 + written);
    expect(await restoreStore(to, file)).toMatchObject({ head });
  });

  test("overwrites no file, and leaves none behind where it can't be written", async () => {
    const where = fresh();
    const file = newFile();
    await inOpenStore(where, async (store) => {
      await backupStore(store, file, 0);
      const kept = await readFile(file);
      await expect(backupStore(store, file, 0)).rejects.toMatchObject({ code: "file-exists" });
      expect(await readFile(file)).toEqual(kept);
      const nowhere = path.join(own.folder, "missing", "x.jsonl");
      await expect(backupStore(store, nowhere, 0)).rejects.toMatchObject({ code: "source-not-found" });
    });
    expect((await readdir(own.folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  test("is not restored over what is there", async () => {
    const [where, file] = [fresh(), newFile()];
    await inOpenStore(where, async (store) => {
      await fill(store);
      await backupStore(store, file, 0);
    });
    await expect(restoreStore(where, file)).rejects.toMatchObject({ code: "state-not-empty" });
    await inOpenStore(where, async (store) => expect(await verifyAudit(store)).toMatchObject({ rows: 454 }));
  });
});

describe.skipIf(postgresSkipped !== undefined)("a move to the other database", () => {
  let server: PostgresServer;
  beforeAll(async () => void (server = await startPostgres()));
  afterAll(() => server?.stop());

  test("is a backup and a restore, there and back, byte for byte", async () => {
    const places: StoreWhere[] = [
      { data: path.join(own.folder, "there") },
      { data: "unused", url: server.url },
      { data: path.join(own.folder, "back") },
    ];
    const written: string[] = [];
    for (const [step, where] of places.entries()) {
      const file = newFile();
      await inOpenStore(where, async (store) => {
        if (step === 0) await fill(store);
        await backupStore(store, file, ada().at);
      });
      written.push(await readFile(file, "utf8"));
      const next = places[step + 1];
      if (next !== undefined) await restoreStore(next, file);
    }
    expect(written[1]).toBe(written[0]);
    expect(written[2]).toBe(written[0]);
  });
});
