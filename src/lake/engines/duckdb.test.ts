import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "#lake/sql.ts";
import { type Duckdb, openDuckdb } from "./duckdb.ts";

let root: string;
let db: Duckdb;
const inside = (name: string): string => path.join(root, "lake", name);
const outside = (name: string): string => path.join(root, "elsewhere", name);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "plimsoll-engine-"));
  await mkdir(path.join(root, "lake"));
  await mkdir(path.join(root, "lake-beside"));
  await mkdir(path.join(root, "elsewhere"));
  for (const name of ["lake/in.csv", "lake-beside/near.csv", "elsewhere/out.csv", "elsewhere/bill.csv"])
    await writeFile(path.join(root, name), "a,b\n1,2\n");
  db = await openDuckdb({ folders: [path.join(root, "lake")], files: [outside("bill.csv")], memoryMiB: 256 });
});
afterAll(async () => {
  db.close();
  await rm(root, { recursive: true, force: true });
});

describe("what the engine may do", () => {
  test("read and write its folder, read the files named", async () => {
    await db.run(`copy (select 1 as x) to '${inside("out.parquet")}' (format parquet)`);
    expect(await db.run(`from '${inside("out.parquet")}'`)).toEqual([{ x: 1 }]);
    expect(await db.run(`from read_csv('${inside("in.csv")}')`)).toEqual([{ a: "1", b: "2" }]);
    expect(await db.run(`from read_csv('${outside("bill.csv")}')`)).toHaveLength(1);
  });

  test("answer with bound values: decimals, large whole numbers and odd texts unchanged", async () => {
    const rows = await db.query(
      sql`select ${"it's; --"} as t, cast(${"12345678901234567890.123456789012345678"} as decimal(38,18)) as d, cast(${"9007199254740993"} as bigint) as n`,
    );
    expect(rows).toEqual([
      { t: "it's; --", d: "12345678901234567890.123456789012345678", n: "9007199254740993" },
    ]);
  });

  test("know only UTC, whatever the machine's zone", async () =>
    expect(
      await db.run(
        "select current_setting('TimeZone') as zone, timestamptz '2026-07-01 00:00:00'::varchar as t",
      ),
    ).toEqual([{ zone: "UTC", t: "2026-07-01 00:00:00+00" }]));
});

test("what does not fit into memory is spilled to a folder of its own, which is gone afterwards", async () => {
  const small = await openDuckdb({ folders: [], memoryMiB: 48 });
  const [setting] = await small.run("select current_setting('temp_directory') as folder");
  const folder = setting?.["folder"] as string;
  expect(path.dirname(folder)).toBe(tmpdir());
  expect(existsSync(folder)).toBe(false);
  await small.run(
    "create table wide as select i, hash(i) || '-' || hash(i + 1) as h from range(1000000) t(i)",
  );
  expect((await readdir(folder)).length).toBeGreaterThan(0);
  expect(await small.run("select count(*)::integer as n from wide")).toEqual([{ n: 1_000_000 }]);
  small.close();
  expect(existsSync(folder)).toBe(false);
});

describe("what the engine refuses", () => {
  test.each<[string, () => string, RegExp]>([
    ["to read a file of the system", () => "from read_csv('/etc/passwd')", /disabled|Permission/],
    ["to read text outside", () => "from read_text('/etc/hostname')", /disabled|Permission/],
    [
      "to read a file outside its folders",
      () => `from read_csv('${outside("out.csv")}')`,
      /disabled|Permission/,
    ],
    [
      "to climb out of its folder",
      () => `from read_csv('${root}/lake/../elsewhere/out.csv')`,
      /disabled|Permission/,
    ],
    [
      "a folder whose name only starts the same",
      () => `from read_csv('${root}/lake-beside/near.csv')`,
      /disabled|Permission/,
    ],
    ["to list files outside", () => `from glob('${root}/elsewhere/*')`, /disabled|Permission/],
    ["to write outside", () => `copy (select 1) to '${outside("new.csv")}'`, /disabled|Permission/],
    ["to write where it was started", () => "copy (select 1) to '.tmp/new.csv'", /disabled|Permission/],
    ["to export the database outside", () => `export database '${outside("export")}'`, /disabled|Permission/],
    [
      "to attach a database outside",
      () => `attach '${outside("other.duckdb")}' as other`,
      /disabled|Permission/,
    ],
    ["to install an extension", () => "install httpfs", /disabled|Permission/],
    ["to load an extension by name", () => "load httpfs", /disabled|not found|Permission/],
    [
      "to load an extension by path",
      () => `load '${inside("evil.duckdb_extension")}'`,
      /disabled|Permission/,
    ],
    [
      "to fetch from the network",
      () => "from read_csv('https://localhost:9/x.csv')",
      /disabled|httpfs|Permission/,
    ],
    [
      "to fetch from a bucket",
      () => "from read_parquet('s3://bucket/x.parquet')",
      /disabled|httpfs|Permission/,
    ],
    ["to open external access again", () => "set enable_external_access = true", /lock|Cannot/],
    ["to widen its folders", () => "set allowed_directories = ['/']", /lock|Cannot/],
    ["to change its memory", () => "set memory_limit = '100GB'", /lock/],
    ["to spill elsewhere", () => `set temp_directory = '${outside("spill")}'`, /lock/],
    ["to unlock its settings", () => "set lock_configuration = false", /lock/],
    ["to reset its settings", () => "reset enable_external_access", /lock|Cannot/],
    ["to tell the environment", () => "select getenv('PATH')", /getenv/],
  ])("%s", async (_, statement, message) => {
    await expect(db.run(statement())).rejects.toThrow(message);
    expect(existsSync(outside("new.csv")) || existsSync(outside("other.duckdb"))).toBe(false);
  });
});

describe("a database file", () => {
  const busy = { code: "lake-busy" };
  const open = (): Promise<Duckdb> =>
    openDuckdb({ folders: [path.join(root, "lake")], memoryMiB: 256, database: inside("writer.duckdb") });

  test("is held by one writer of this process until it closes", async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject(busy);
    first.close();
    (await open()).close();
  });

  test("that can't be opened for another reason is not taken for a busy one", async () => {
    const database = inside("blocked/writer.duckdb");
    await expect(openDuckdb({ folders: [path.join(root, "lake")], database })).rejects.toThrow(/open file/);
  });

  test("is held against other processes until they end, however they end", async () => {
    const script = `require("@duckdb/node-api").DuckDBInstance.create(process.argv[1]).then((it) => { globalThis.kept = it; console.log("open"); setInterval(() => {}, 1000); })`;
    const other = spawn(process.execPath, ["-e", script, inside("writer.duckdb")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(other, "exit");
    await once(other.stdout, "data");
    await expect(open()).rejects.toMatchObject(busy);
    other.kill("SIGKILL");
    await ended;
    (await open()).close();
  });
});
