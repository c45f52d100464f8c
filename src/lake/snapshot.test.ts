import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  formerVersions,
  KEPT_VERSIONS,
  LAKE_LAYOUT,
  type LakePeriod,
  type LakeVersion,
  liveFiles,
  publishVersion,
  readLake,
  writeDurably,
} from "./snapshot.ts";
import { sweepLake } from "./sweep-lake.ts";

/** So long after the versions of these tests that nobody can be reading a former one. */
const LATER = 24 * 60 * 60 * 1000;

let data: string;
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "plimsoll-snapshot-"));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const file = (importId: string): string =>
  `charges/source=aws/billing_period=2026-07/import=${importId}/part-000.parquet`;
const period = (importId: string): LakePeriod => ({
  source: "aws",
  role: "invoice",
  billingPeriod: "2026-07",
  closed: false,
  imports: [importId],
  files: { charges: [file(importId)], charges_hour: [], charges_day: [] },
  rows: 1,
  totals: { USD: { BilledCost: "1.5" } },
  charges: { start: 0, end: 1 },
  updatedAt: 0,
});
const version = (number: number, ...imports: string[]): LakeVersion => ({
  version: number,
  at: number,
  periods: imports.map(period),
});
const write = async (name: string): Promise<void> => {
  await mkdir(path.dirname(path.join(data, "lake", name)), { recursive: true });
  await writeFile(path.join(data, "lake", name), "x");
};
const files = async (): Promise<string[]> =>
  (await readdir(path.join(data, "lake"), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(data, "lake"), path.join(entry.parentPath, entry.name)))
    .sort();

describe("versions of the lake", () => {
  test("nothing was ever imported: version 0 without periods", async () =>
    expect(await readLake(data)).toEqual({ version: 0, at: 0, periods: [] }));

  test("what was published is in force, with its totals as exact texts", async () => {
    await publishVersion(data, version(1, "a"));
    expect(await readLake(data)).toEqual(version(1, "a"));
    expect(liveFiles(data, [period("a")], "charges")).toEqual([path.join(data, "lake", file("a"))]);
  });

  test("a version that was written but not yet named is not seen", async () => {
    await publishVersion(data, version(1, "a"));
    await writeDurably(
      path.join(data, "lake", "versions", "v00000002.json"),
      JSON.stringify(version(2, "b")),
    );
    expect((await readLake(data)).version).toBe(1);
    expect(await formerVersions(data, LATER)).toEqual([]);
  });

  test("former versions are there, newest first", async () => {
    for (const number of [1, 2, 3]) await publishVersion(data, version(number, `i${number}`));
    expect((await formerVersions(data, LATER)).map((each) => each.version)).toEqual([2, 1]);
  });

  test.each([
    ["missing", undefined],
    ["cut off", '{"version":1,"at":'],
    ["not a version", '{"version":"one"}'],
  ])("a version file that is %s is named", async (_, text) => {
    await publishVersion(data, version(1, "a"));
    const name = path.join(data, "lake", "versions", "v00000001.json");
    await (text === undefined ? rm(name) : writeFile(name, text));
    await expect(readLake(data)).rejects.toMatchObject({ code: "lake-corrupt", at: { file: name } });
  });

  test("a CURRENT that names no version is named, and what it holds is not repeated", async () => {
    await publishVersion(data, version(1, "a"));
    const name = path.join(data, "lake", "CURRENT");
    await writeFile(name, "../../secret");
    const fault: unknown = await readLake(data).catch((cause: unknown) => cause);
    expect(fault).toMatchObject({ code: "lake-corrupt", at: { file: name } });
    expect(JSON.stringify(fault)).not.toContain("secret");
  });

  test.each([
    ["an older", undefined, "new folder"],
    ["a newer", LAKE_LAYOUT + 1, "Install that version"],
  ])("a lake that %s Plimsoll wrote is refused in one word, and stays as it is", async (by, layout, hint) => {
    await publishVersion(data, version(1, "a"));
    const name = path.join(data, "lake", "versions", "v00000001.json");
    await writeFile(
      name,
      JSON.stringify({ ...(layout === undefined ? {} : { layout }), ...version(1, "a") }),
    );
    await expect(readLake(data)).rejects.toMatchObject({
      code: "lake-layout",
      message: expect.stringContaining(`was written by ${by} Plimsoll`) as string,
      hint: expect.stringContaining(hint) as string,
    });
    await expect(sweepLake(data, LATER)).rejects.toMatchObject({ code: "lake-layout" });
    expect(await files()).toContain("versions/v00000001.json");
  });

  test("a durable write leaves no temporary file and replaces the whole text", async () => {
    await writeDurably(path.join(data, "a.json"), "long text");
    await writeDurably(path.join(data, "a.json"), "x");
    expect(await readdir(data)).toEqual(["a.json"]);
  });
});

describe("sweeping", () => {
  test("what a killed import left goes, what a kept version names stays", async () => {
    await write(file("a"));
    await write(file("b"));
    await write(file("killed"));
    await publishVersion(data, version(1, "a"));
    await publishVersion(data, version(2, "b"));
    await writeFile(path.join(data, "lake", "versions", "v00000003.json"), "{");
    await writeFile(path.join(data, "lake", "versions", "v00000003.json.tmp"), "{");
    await sweepLake(data, LATER);
    expect(await files()).toEqual([
      "CURRENT",
      file("a"),
      file("b"),
      "versions/v00000001.json",
      "versions/v00000002.json",
    ]);
  });

  test("only the last few former versions keep their files", async () => {
    const all = Array.from({ length: KEPT_VERSIONS + 3 }, (_, index) => index + 1);
    for (const number of all) {
      await write(file(`i${number}`));
      await publishVersion(data, version(number, `i${number}`));
    }
    await sweepLake(data, LATER);
    const kept = all.slice(-(KEPT_VERSIONS + 1));
    expect((await files()).filter((name) => name.endsWith(".parquet"))).toEqual(
      kept.map((number) => file(`i${number}`)).sort(),
    );
    expect((await formerVersions(data, LATER)).map((each) => each.version)).toEqual(
      kept.slice(0, -1).toReversed(),
    );
  });

  test("an empty folder is nothing to sweep", async () => {
    await sweepLake(data, LATER);
    expect(await readdir(data)).toEqual([]);
  });
});
