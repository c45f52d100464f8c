import { mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { openDuckdb } from "#lake/engines/duckdb.ts";
import { gzipSync } from "node:zlib";
import { type BadCase, file, files } from "./bad-case.ts";
import { csv, header, line } from "../imports/bill.ts";

const sound = csv(line(), line());
const manifest = (...names: readonly string[]): string => JSON.stringify({ dataFiles: names });
const delivery = (text: string): BadCase["make"] => files({ "bill.csv": sound, "x-Manifest.json": text });

/** A manifest that names a file outside of its folder, in every spelling that somebody has tried. */
const escapes = [
  "../../etc/passwd",
  "/etc/passwd",
  "..\\..\\etc\\passwd",
  "%2e%2e/%2E%2E/etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "s3://bucket/../../etc/passwd",
  "bills/./../../etc/passwd",
  "file:///etc/passwd",
  "C:\\Windows\\win.ini",
  "\\\\host\\share\\bill.csv",
  "bill.csv\0.txt",
  "",
].map((name): BadCase => {
  const shown = JSON.stringify(name);
  return {
    name: `a manifest that names ${shown}`,
    make: delivery(manifest(name)),
    code: "path-escapes",
    at: { file: "x-Manifest.json", value: name },
  };
});

/** A Parquet file of a sound delivery. */
async function parquet(folder: string): Promise<Buffer> {
  const target = path.join(folder, "whole.parquet");
  const db = await openDuckdb({ folders: [folder] });
  const names = header.split(",");
  const cells = line()
    .split(",")
    .map((cell, index) => `'${cell}' as "${names[index] ?? ""}"`);
  await db.run(`copy (select ${cells.join(", ")} from range(5000)) to '${target}' (format parquet)`);
  db.close();
  return readFile(target);
}

const damagedParquet =
  (damage: (bytes: Buffer) => Buffer): BadCase["make"] =>
  async (folder) => {
    const bytes = damage(await parquet(folder));
    return file("bill.parquet", bytes)(folder);
  };

export const badFiles: readonly BadCase[] = [
  ...escapes,
  {
    name: "a manifest that is not JSON",
    make: delivery("<html>"),
    code: "manifest-invalid",
    says: /is not JSON/,
  },
  {
    name: "a manifest of another shape",
    make: delivery('{"files": []}'),
    code: "manifest-invalid",
    says: /names no files/,
  },
  { name: "an empty manifest", make: delivery(""), code: "manifest-invalid" },
  { name: "a manifest that names nothing", make: delivery(manifest()), code: "manifest-invalid" },
  { name: "a manifest of 20 MB", make: delivery(manifest("x".repeat(20 << 20))), code: "input-too-large" },
  {
    name: "a manifest that names a missing file",
    make: delivery(manifest("bill.csv", "part-2.csv")),
    code: "manifest-incomplete",
    at: { value: "part-2.csv" },
  },
  {
    name: "a manifest that names a file of another delivery",
    make: async (folder) => {
      for (const name of ["a", "b"]) await mkdir(path.join(folder, name));
      await writeFile(path.join(folder, "a/x-manifest.json"), manifest("bill.csv"));
      await writeFile(path.join(folder, "b/bill.csv"), sound);
      return [path.join(folder, "a"), path.join(folder, "b")];
    },
    code: "manifest-incomplete",
  },
  {
    name: "two runs of one export of which neither is the newer",
    make: async (folder) => {
      for (const name of ["a", "b"]) {
        await mkdir(path.join(folder, name));
        const run = { reportName: "cur", billingPeriod: { start: "20260701T000000.000Z" } };
        await writeFile(
          path.join(folder, name, "cur-Manifest.json"),
          JSON.stringify({ ...run, reportKeys: [`${name}/bill.csv`] }),
        );
        await writeFile(path.join(folder, name, "bill.csv"), sound);
      }
      return folder;
    },
    code: "manifest-ambiguous",
  },
  {
    name: "a symbolic link",
    make: async (folder) => {
      await file("bill.csv", sound)(folder);
      await symlink(path.join(folder, "bill.csv"), path.join(folder, "link.csv"));
      return path.join(folder, "link.csv");
    },
    code: "source-symlink",
    at: { file: "link.csv" },
  },
  {
    name: "a symbolic link inside a folder",
    make: async (folder) => {
      await file("bill.csv", sound)(folder);
      await symlink("/etc/passwd", path.join(folder, "link.csv"));
      return folder;
    },
    code: "source-symlink",
    at: { file: "link.csv" },
  },
  {
    name: "a symbolic link to a folder",
    make: async (folder) => {
      await mkdir(path.join(folder, "real"));
      await file("bill.csv", sound)(path.join(folder, "real"));
      await symlink(path.join(folder, "real"), path.join(folder, "link"));
      return path.join(folder, "link");
    },
    code: "source-symlink",
  },
  {
    name: "a symbolic link that a glob finds",
    make: async (folder) => {
      await symlink("/etc/passwd", path.join(folder, "link.csv"));
      return path.join(folder, "*.csv");
    },
    code: "source-symlink",
  },
  {
    name: "a path that is not there",
    make: async (folder) => path.join(folder, "none.csv"),
    code: "source-not-found",
  },
  {
    name: "a pattern that matches nothing",
    make: async (folder) => path.join(folder, "*.csv"),
    code: "source-not-found",
  },
  { name: "a folder without a bill", make: files({ "readme.txt": "hello" }), code: "source-not-found" },
  {
    name: "an empty folder that is named like a file",
    make: async (folder) => {
      await mkdir(path.join(folder, "x.csv"));
      return path.join(folder, "x.csv");
    },
    code: "source-not-found",
  },
  {
    name: "a device",
    make: async () => "/dev/zero",
    code: "source-unreadable",
    says: /neither a file nor a folder/,
  },
  {
    name: "a Parquet file that is cut off",
    make: damagedParquet((bytes) => bytes.subarray(0, bytes.length / 2)),
    code: "source-unreadable",
    at: { file: "bill.parquet" },
    says: /Parquet/,
  },
  {
    name: "a Parquet file with garbage in its pages",
    make: damagedParquet((bytes) => bytes.fill(0xff, 4, 600)),
    code: "source-unreadable",
    says: /Parquet/,
  },
  {
    name: "a Parquet file with a garbled footer",
    make: damagedParquet((bytes) => bytes.fill(0x5a, bytes.length - 200, bytes.length - 8)),
    code: "source-unreadable",
  },
  { name: "a Parquet file of four bytes", make: file("bill.parquet", "PAR1"), code: "source-unreadable" },
  {
    name: "a line of 5 MB",
    make: file("bill.csv", csv(line(), line({ Tags: "x".repeat(5 << 20) }), line())),
    code: "input-too-large",
    at: { line: 3 },
    says: /longer than 4 MiB/,
  },
  {
    name: "a quoted cell of 12 MB that never closes",
    make: file("bill.csv", csv(line(), line({ Tags: `"${"some words\n".repeat(1 << 20)}` }))),
    code: "input-too-large",
    at: { line: 3 },
  },
  {
    name: "a cell of 10 GB of nothing, as a broken copy leaves",
    make: async (folder) => {
      const full = path.join(folder, "bill.csv");
      await writeFile(full, csv(line(), line({ Tags: '"' })).trimEnd());
      await truncate(full, 10 * 2 ** 30);
      return full;
    },
    code: "csv-malformed",
    at: { line: 3 },
  },
  {
    name: "a gzip bomb",
    make: file("bill.csv.gz", gzipSync(csv(line(), line({ Tags: " ".repeat(100 << 20) })), { level: 9 })),
    code: "input-too-large",
    says: /500 times its size/,
  },
];
