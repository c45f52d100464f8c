import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAudit } from "#store/audit/list-audit.ts";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { backupStore } from "#store/backup/backup-store.ts";
import { restoreStore } from "#store/backup/restore-store.ts";
import { decide, decisionsInForce } from "#store/decisions.ts";
import { openStore } from "#store/open-store.ts";
import { listRuleVersions, publishRules, ruleVersion } from "#store/rule-versions.ts";
import { closedStatement, closeStatement } from "#store/statements.ts";
import type { Store } from "#store/store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { type PostgresServer, postgresSkipped, startPostgres } from "../servers/postgres.ts";
import { ada, onBothStores, inOpenStore } from "./both-stores.ts";

let own: OwnFolder;
let files = 0;
beforeAll(async () => void (own = await ownFolder()));
afterAll(() => own.remove());
const newFile = (): string => path.join(own.folder, `backup-${++files}.jsonl`);

/** Something of everything, with texts that are awkward in JSON and more rows than a page holds. */
async function fill(store: Store): Promise<void> {
  const many = Array.from({ length: 450 }, (_, n) => ({
    workload: `w${n}`,
    field: "team",
    value: 'a\n"研🚢',
  }));
  await decide(store, ada(1), many);
  await decide(store, ada(2), [{ workload: "w0", field: "team", value: null }]);
  await publishRules(store, ada(3), { rules: { teams: ["a", "ü"] }, note: "first" });
  await closeStatement(store, ada(4), { scope: "all", period: "2026-07", content: { billed: "1.10" } });
}

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
        rows: { audit: 453, audit_head: 1, decisions: 451, rule_versions: 1, statements: 1 },
        head: { seq: 453 },
      });
      return everything(store);
    });
    expect((await restoreStore(to, file)).head.seq).toBe(453);
    await inOpenStore(to, async (store) => {
      expect(await everything(store)).toEqual(before);
      await decide(store, ada(6), [{ workload: "w0", field: "team", value: "b" }]);
      expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 454 });
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
    expect(head.seq).toBeGreaterThan(453);
    expect(head.seq).toBeLessThan(453 + written);
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
    await inOpenStore(where, async (store) => expect(await verifyAudit(store)).toMatchObject({ rows: 453 }));
  });
});

describe("a backup's file", () => {
  let good: string[];
  let places = 0;
  beforeAll(async () => {
    const file = newFile();
    await inOpenStore({ data: path.join(own.folder, "good") }, async (store) => {
      await fill(store);
      await backupStore(store, file, 0);
    });
    good = (await readFile(file, "utf8")).split("\n").slice(0, -1);
  });

  /** The lines with an end that fits them, as somebody writes it who knows the format. */
  const sealed = (lines: readonly string[]): string => {
    const text = lines.map((line) => `${line}\n`).join("");
    return `${text}{"sha256":"${createHash("sha256").update(text).digest("hex")}"}\n`;
  };
  const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
  const body = (): string[] => good.slice(0, -1);
  const header = (change: object): string => JSON.stringify({ ...JSON.parse(good[0] ?? ""), ...change });

  const spoilt: readonly [string, RegExp, () => string | Buffer, string?][] = [
    ["that is empty", /line 1: it is not the first line/, () => ""],
    ["of something else", /line 1: it is not the first line/, () => "id,cost\n1,2\n"],
    ["of another version of the format", /line 1: it is not/, () => sealed([header({ version: 2 })])],
    ["of a newer program", /tables of version 9;/, () => sealed([header({ schema: 9 })]), "state-newer"],
    ["that is cut off between lines", /line 400: the backup ends here/, () => joined(good.slice(0, 400))],
    ["that is cut off in a line", /it ends in its middle/, () => joined(good).slice(0, -40)],
    ["without its last letter", /it ends in its middle/, () => joined(good).slice(0, -1)],
    [
      "with one letter changed",
      /the lines before it are not those that were written/,
      () => joined(good).replace('"note":"first"', '"note":"First"'),
    ],
    ["with a line removed", /are not those that were written/, () => joined(good.toSpliced(500, 1))],
    [
      "with a line removed and a new end",
      /line 1: it names 451 rows of decisions, and there are 450/,
      () => sealed(body().toSpliced(500, 1)),
    ],
    [
      "with lines removed, a new end and new counts",
      /audit row 453: it is missing/,
      () => {
        const kept = body().filter((line) => line.includes("audit_head") || !line.includes('"seq":453,'));
        return sealed([header({ rows: {} }), ...kept.slice(1)]);
      },
    ],
    [
      "with a decision changed and a new end",
      /audit row 1: what was written \(workload.decide of w0\) is no longer what it says/,
      () =>
        sealed(body().map((line) => (line.includes('"table":"decisions"') ? line.replace("研", "x") : line))),
    ],
    [
      "with a row twice",
      /line 402: it, or a row of audit after it, does not fit the others/,
      () => sealed(body().toSpliced(454, 0, body()[453] ?? "")),
    ],
    ["with more behind its end", /line 910: there is something behind the end/, () => `${joined(good)}{}\n`],
    [
      "with a table that is none of ours",
      /it is no row of the state/,
      () => sealed([...body(), '{"table":"users","row":{}}']),
    ],
    [
      "with a column that is none of ours",
      /does not fit the others/,
      () => sealed([...body(), '{"table":"decisions","row":{"seq":1,"evil":"x"}}']),
    ],
    [
      "with a name that is no column's",
      /it is no row of the state/,
      () => sealed([...body(), String.raw`{"table":"decisions","row":{"seq\" from x":1}}`]),
    ],
    [
      "with bytes that are no text",
      /line 2: it is not UTF-8/,
      () => Buffer.concat([Buffer.from(`${good[0]}\n`), Buffer.from([0xff, 10])]),
    ],
  ];
  test.each(spoilt)(
    "%s is refused, and nothing is restored",
    async (_, why, text, code = "backup-invalid") => {
      const file = newFile();
      const where: StoreWhere = { data: path.join(own.folder, `spoilt-${++places}`) };
      await writeFile(file, text());
      await expect(restoreStore(where, file)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(why),
      });
      await inOpenStore(where, async (store) =>
        expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 0 }),
      );
      // And the place is as good as new.
      await writeFile(file, joined(good));
      expect(await restoreStore(where, file)).toMatchObject({ head: { seq: 453 } });
    },
  );

  test("that is not there is told", () =>
    expect(restoreStore({ data: own.data }, path.join(own.folder, "none"))).rejects.toMatchObject({
      code: "source-not-found",
    }));
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
