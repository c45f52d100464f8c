import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLake } from "#lake/open-lake.ts";
import { raw, sql } from "#lake/sql.ts";
import { july } from "./imports/bill.ts";
import { bring, contents, ownFolder, type OwnFolder } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
beforeEach(async () => {
  own = await ownFolder();
  data = own.data;
});
afterEach(() => own.remove());

test("former versions stay for an hour however many there are, then five of them, and nothing else", async () => {
  const minute = 60_000;
  for (let n = 0; n < 9; n++) {
    await bring(data, await own.write("july.csv", july(String(n))), { now: n * minute });
  }
  const imports = async (): Promise<string[]> =>
    Object.keys(await contents(path.join(data, "lake/charges")))
      .filter((name) => name.endsWith(".parquet"))
      .map((name) => /-(v\d+)\//.exec(name)?.[1] ?? name)
      .sort();
  expect(await imports()).toHaveLength(9);
  await bring(data, await own.write("july.csv", july("9")), {
    now: 200 * minute,
  });
  // Version 9 was in force until just now; of those before it four more are kept.
  expect(await imports()).toEqual(["v10", "v5", "v6", "v7", "v8", "v9"]);
});

test("a reader keeps its version while others import", async () => {
  await bring(data, await own.write("july.csv", july("1")));
  const lake = await openLake(data);
  for (let n = 2; n < 9; n++) await bring(data, await own.write("july.csv", july(String(n))));
  const [row] = await lake.engine.query(
    sql`select ${lake.dialect.decimalText(raw('sum("BilledCost")'))} as cost from ${lake.dialect.table("charges")}`,
  );
  lake.close();
  expect(row?.["cost"]).toBe("1");
});

test("a lake that was copied elsewhere is the same lake", async () => {
  const bill = await own.write("july.csv", july("1"));
  await bring(data, bill);
  const copy = path.join(own.folder, "copy");
  await cp(data, copy, { recursive: true });
  expect((await bring(copy, bill)).changed).toBe(false);
  expect(await readFile(path.join(copy, "lake/CURRENT"), "utf8")).toBe("v00000001.json\n");
});
