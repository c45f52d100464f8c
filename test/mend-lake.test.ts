import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { answerReport } from "#flows/report/answer-report.ts";
import { literal } from "#facts/source-mapping.ts";
import { openDuckdb } from "#lake/engines/duckdb.ts";
import { readLake } from "#lake/snapshot.ts";
import { csv, line } from "./imports/bill.ts";
import { books } from "./imports/books.ts";
import { bring, ownFolder, type OwnFolder } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
let bill: string;
beforeEach(async () => {
  own = await ownFolder();
  data = own.data;
  bill = await own.write("bill.csv", csv(line(), line()));
  await bring(data, bill);
});
afterEach(() => own.remove());

const filesOfLake = async (): Promise<string[]> =>
  (await readLake(data)).periods.flatMap(({ files }) => Object.values(files).flat());

/** Overwrites the pages of one column, and nothing else of a file. */
async function damageColumn(file: string, column: string): Promise<void> {
  const db = await openDuckdb({ folders: [path.dirname(file)] });
  const [page] =
    await db.run(`select least(data_page_offset, coalesce(dictionary_page_offset, data_page_offset)) as start,
      total_compressed_size as size from parquet_metadata(${literal(file)}) where path_in_schema = ${literal(column)}`);
  db.close();
  const [start, size] = [Number(page?.["start"]), Number(page?.["size"])];
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0x58, start, start + size));
}

const damages: Record<string, (file: string) => Promise<void>> = {
  missing: (file) => rm(file),
  "cut off": (file) => truncate(file, 100),
  "changed within": async (file) => {
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0x58, 4, Math.floor(bytes.length / 2)));
  },
};

async function damageAll(damage: (file: string) => Promise<void>): Promise<void> {
  for (const file of await filesOfLake()) await damage(path.join(data, "lake", file));
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

test.each(Object.entries(damages))("the doctor names every file that is %s", async (_, damage) => {
  await bring(data, bill, { source: "other" });
  const files = await filesOfLake();
  await damageAll(damage);
  const { verdict, damaged } = await examineLake(data, { now: 0 });
  expect(verdict).toBe("damaged");
  expect(damaged.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
});

test("the doctor finds damage where no sum looks", async () => {
  const [file = ""] = await filesOfLake();
  await damageColumn(path.join(data, "lake", file), "ServiceName");
  const { damaged } = await examineLake(data, { now: 0 });
  expect(damaged).toMatchObject([{ source: "aws", billingPeriod: "2026-07", file }]);
});
