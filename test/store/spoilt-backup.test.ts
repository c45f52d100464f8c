import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { backupStore } from "#store/backup/backup-store.ts";
import { restoreStore } from "#store/backup/restore-store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { inOpenStore } from "./both-stores.ts";
import { fill } from "./fill.ts";

let own: OwnFolder;
let files = 0;
beforeAll(async () => void (own = await ownFolder()));
afterAll(() => own.remove());
const newFile = (): string => path.join(own.folder, `backup-${++files}.jsonl`);

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
      /audit row 454: it is missing/,
      () => {
        const kept = body().filter((line) => line.includes("audit_head") || !line.includes('"seq":454,'));
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
      () => sealed(body().toSpliced(455, 0, body()[454] ?? "")),
    ],
    ["with more behind its end", /line 912: there is something behind the end/, () => `${joined(good)}{}\n`],
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
      expect(await restoreStore(where, file)).toMatchObject({ head: { seq: 454 } });
    },
  );

  test("that is not there is told", () =>
    expect(restoreStore({ data: own.data }, path.join(own.folder, "none"))).rejects.toMatchObject({
      code: "source-not-found",
    }));
});
