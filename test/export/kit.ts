import { parse } from "csv-parse/sync";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { addedColumnNames } from "#facts/charge-columns.ts";
import { focusColumnNames } from "#facts/focus-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Split } from "#facts/split.ts";
import { exportCharges, type Exported } from "#flows/export/export-charges.ts";
import type { ExportRequest } from "#flows/export/export-request.ts";
import { openLake } from "#lake/open-lake.ts";
import { raw, sql } from "#lake/sql.ts";

/** Exports as `plimsoll export` does without options, but for those given. */
export function send(
  data: string,
  file: string,
  { asked, ...options }: Partial<ExportRequest> = {},
): Promise<Exported> {
  const form = file.endsWith(".parquet") ? "parquet" : file.endsWith(".gz") ? "csv.gz" : "csv";
  return exportCharges({
    data,
    file,
    form,
    asked: { now: Date.UTC(2026, 8, 1), ...asked },
    columns: [],
    version: "1.4",
    force: false,
    manifest: false,
    ...options,
  });
}

/** A split by team that gives to those who have cost, or to those named. */
export const byTeam = (from: string, more: Partial<Split> = {}): Split => ({
  id: from,
  key: "team",
  from,
  method: "proportional",
  by: "EffectiveCost",
  ...more,
});

/** Which delivery a row came by is not what it says. */
const provenance: readonly string[] = ["x_Source", "x_Import", "x_File", "x_Row", "x_Format"];

/** Every charge of a lake as text, column by column as it is stored, in an order that depends on nothing else. */
export async function storedRows(data: string, without: readonly string[] = []): Promise<string[]> {
  const names = [...focusColumnNames, ...addedColumnNames].filter(
    (name) => ![...provenance, ...without].includes(name),
  );
  const lake = await openLake(path.resolve(data));
  try {
    const rows = await lake.engine.query(
      sql`select ${raw(names.map((name) => `${quoted(name)}::varchar as ${quoted(name)}`).join(", "))} from ${lake.dialect.table("charges")}`,
    );
    return rows.map((row) => JSON.stringify(row)).sort();
  } finally {
    lake.close();
  }
}

/** The rows of a CSV export. */
export async function csvRows(file: string): Promise<Record<string, string>[]> {
  return parse(await readFile(file), { columns: true });
}
