import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { july } from "./imports/bill.ts";
import { books } from "./imports/books.ts";
import { bring, ownFolder, type OwnFolder } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
beforeEach(async () => {
  own = await ownFolder();
  data = own.data;
});
afterEach(() => own.remove());

test("an AWS Data Exports folder: what the manifest of each period names, and of several runs the newest", async () => {
  const part = "BILLING_PERIOD=2026-07";
  for (const [run, cost] of [
    ["2026-07-05T00:00:00.000Z-aaaa", "1"],
    ["2026-07-09T00:00:00.000Z-bbbb", "2"],
  ] as const) {
    await own.write(`export/data/${part}/${run}/focus-00001.csv.gz`, gzipSync(july(cost)));
    await own.write(`export/data/${part}/${run}/focus-00002.csv.gz`, gzipSync(july(`${cost}0`)));
    const names = [1, 2].map((n) => `s3://bucket/prefix/export/data/${part}/${run}/focus-0000${n}.csv.gz`);
    await own.write(
      `export/metadata/${part}/${run}/focus-Manifest.json`,
      JSON.stringify({ dataFiles: names }),
    );
  }
  await own.write("export/data/leftover.csv", july("1000"));
  const { record } = await bring(data, path.join(own.folder, "export"));
  expect(await books(data)).toEqual({ "aws 2026-07": "22" });
  expect(record.notes).toEqual([
    "3 files that no manifest names were left out.",
    "1 older runs of the same export were left out; the newest holds it all.",
  ]);
});

test("a Cost and Usage Report that keeps its versions: the manifest at the top is the newest", async () => {
  const about = { reportName: "cur", billingPeriod: { start: "20260701T000000.000Z" } };
  for (const [assembly, cost] of [
    ["aaaa", "1"],
    ["bbbb", "2"],
  ] as const) {
    const key = `p/cur/20260701-20260801/${assembly}/cur-1.csv`;
    await own.write(key, july(cost));
    const manifest = JSON.stringify({ ...about, reportKeys: [key] });
    await own.write(`p/cur/20260701-20260801/${assembly}/cur-Manifest.json`, manifest);
    await own.write("p/cur/20260701-20260801/cur-Manifest.json", manifest);
  }
  await bring(data, path.join(own.folder, "p"));
  expect(await books(data)).toEqual({ "aws 2026-07": "2" });
});

test("an Azure export: all parts of the run that was submitted last; its manifest alone stands for it", async () => {
  const runs = { first: ["2026-07-05T01:00:00Z", "1"], last: ["2026-07-06T01:00:00Z", "2"] } as const;
  for (const [run, [submittedTime, cost]] of Object.entries(runs)) {
    for (const part of [0, 1])
      await own.write(`az/20260701-20260731/${run}/part_${part}_0001.csv`, july(`${cost}${part}`));
    await own.write(
      `az/20260701-20260731/${run}/manifest.json`,
      `\uFEFF${JSON.stringify({
        exportConfig: { exportName: "daily" },
        runInfo: { submittedTime, startDate: "2026-07-01T00:00:00", endDate: "2026-07-31T00:00:00" },
        blobs: [0, 1].map((part) => ({
          blobName: `container/daily/20260701-20260731/${run}/part_${part}_0001.csv`,
          byteCount: 1,
        })),
      })}`,
    );
  }
  await bring(data, path.join(own.folder, "az"));
  expect(await books(data)).toEqual({ "aws 2026-07": "41" });
  const manifest = path.join(own.folder, "az/20260701-20260731/first/manifest.json");
  await bring(data, manifest);
  expect(await books(data)).toEqual({ "aws 2026-07": "21" });
});

test("names with blanks are found, written plainly or percent-encoded", async () => {
  await own.write("d/my bill.csv", july("1"));
  for (const name of ["s3://bucket/d/my%20bill.csv", "my bill.csv"]) {
    await own.write("d/manifest.json", JSON.stringify({ dataFiles: [name] }));
    await bring(data, path.join(own.folder, "d"));
    expect(await books(data)).toEqual({ "aws 2026-07": "1" });
  }
});
