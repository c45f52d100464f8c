import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answerReport } from "#flows/report/answer-report.ts";
import { csv, line } from "./bad-input/bad-case.ts";
import { books } from "./imports/books.ts";
import { bring, ownFolder } from "./imports/kit.ts";

let own: Awaited<ReturnType<typeof ownFolder>>;
let data: string;
let bill: string;
beforeEach(async () => {
  own = await ownFolder();
  data = path.join(own.folder, "data");
  bill = path.join(own.folder, "bill.csv");
  await writeFile(bill, csv(line(), line()));
  await bring(data, bill);
});
afterEach(() => own.remove());

const damages: Record<string, (file: string) => Promise<void>> = {
  missing: (file) => rm(file),
  "cut off": (file) => truncate(file, 100),
  "changed within": async (file) => {
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0x58, 4, Math.floor(bytes.length / 2)));
  },
};

async function damageAll(damage: (file: string) => Promise<void>): Promise<void> {
  const entries = await readdir(path.join(data, "lake"), { recursive: true, withFileTypes: true });
  for (const entry of entries)
    if (entry.name.endsWith(".parquet")) await damage(path.join(entry.parentPath, entry.name));
}

test.each(Object.entries(damages))(
  "a report from files that are %s names one, and a forced import mends the lake",
  async (_, damage) => {
    await damageAll(damage);
    await expect(answerReport(data, "cost", { period: "2026-07", now: 0 })).rejects.toMatchObject({
      code: "lake-corrupt",
      message: expect.stringMatching(/charges.*\.parquet is missing or damaged/) as string,
    });
    const { changed, restatement } = await bring(data, bill, { mode: "overwrite", force: true });
    expect(changed).toBe(true);
    expect(restatement.periods).toMatchObject([{ moved: [], services: [], beforeReadable: false }]);
    expect(await books(data)).toEqual({ "aws 2026-07": "3" });
  },
);
