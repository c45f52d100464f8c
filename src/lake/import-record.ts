import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { importModes } from "#facts/import-mode.ts";
import { roles } from "#facts/role.ts";
import { Problem } from "#units/problems.ts";
import { lakeFolder, totalsSchema, writeDurably } from "./snapshot.ts";

/** Rows of a delivery that break one requirement of FOCUS. */
const findingSchema = z.object({
  ruleId: z.string(),
  column: z.string(),
  keyword: z.string(),
  requirement: z.string(),
  count: z.number(),
  /** File, record (from 1, without the header) and cell of the first of these rows; null if the header breaks it. */
  file: z.string().nullable(),
  firstRow: z.number().nullable(),
  firstValue: z.string().nullable(),
});

/** How much was judged of files with the same header: every row, by the rules that their columns allow to judge. */
const validationSchema = z.object({
  /** FOCUS version of the requirement model, and of the files. */
  model: z.string(),
  version: z.string(),
  files: z.array(z.string()),
  rows: z.number(),
  rules: z.number(),
  /** Rules about columns that were not delivered, and rules that no machine can check. */
  notDelivered: z.number(),
  notCheckable: z.number(),
});

/** What an import read, found and changed; kept for as long as the lake. */
const recordSchema = z.object({
  /** Of this one import: the same delivery brought again, after another one replaced it, is another import. */
  id: z.string(),
  /** The lake's version that it made; a record of a higher one than the lake has is of an import that was killed. */
  version: z.number(),
  source: z.string(),
  role: z.enum(roles),
  mode: z.enum(importModes),
  at: z.number(),
  /** Of a delivery that is one part of its billing periods, as the days of a cluster are: its name, by which the next one replaces it. */
  part: z.string().optional(),
  /** What the person stated for the whole delivery. */
  declared: z.object({
    format: z.string().optional(),
    zone: z.string().optional(),
    values: z.record(z.string(), z.string()),
  }),
  files: z.array(
    z.object({
      name: z.string(),
      bytes: z.number(),
      sha256: z.string(),
      rows: z.number(),
      format: z.string(),
    }),
  ),
  periods: z.array(
    z.object({
      billingPeriod: z.string(),
      rows: z.number(),
      totals: totalsSchema,
      unknown: z.record(z.string(), z.number()),
      /** SHA-256 of the files that have charges in the period. */
      files: z.array(z.string()),
      /** The import whose charges the period holds: an earlier one if it had brought the very same. */
      import: z.string(),
    }),
  ),
  /** Amounts whose digits beyond the 18th decimal were rounded, half to even. */
  roundedAmounts: z.number(),
  notes: z.array(z.string()),
  findings: z.array(findingSchema),
  /** Empty for formats other than FOCUS, which are not judged. */
  validation: z.array(validationSchema).default([]),
});

/** What an import read, found and changed. */
export type ImportRecord = z.infer<typeof recordSchema>;
/** Rows of a delivery that break one requirement of FOCUS. */
export type Finding = z.infer<typeof findingSchema>;
/** How much of a delivery was judged. */
export type Validation = z.infer<typeof validationSchema>;

const folder = (data: string): string => path.join(lakeFolder(data), "imports");

/** Keeps a record durably, before the version that names it is published. */
export async function keepImportRecord(data: string, record: ImportRecord): Promise<void> {
  await mkdir(folder(data), { recursive: true });
  await writeDurably(path.join(folder(data), `${record.id}.json`), JSON.stringify(record));
}

/** All records, oldest first. Those of imports that were killed before they became visible are among them until the next sweep. */
export async function importRecords(data: string): Promise<ImportRecord[]> {
  const names = (await readdir(folder(data)).catch(() => [])).filter((name) => name.endsWith(".json"));
  const records = await Promise.all(names.map((name) => readRecord(path.join(folder(data), name))));
  return records.sort((a, b) => a.version - b.version);
}

async function readRecord(file: string): Promise<ImportRecord> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new Problem("lake-corrupt", `${file} is missing or damaged.`, { at: { file }, cause });
  }
}
