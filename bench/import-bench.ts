import { rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./run-child.ts";

/** Import of a FOCUS CSV against a hand-written COPY of the same file, each a process of its own, one after the other. */
export async function importBench(folder: string, rows: number): Promise<string[]> {
  const csv = path.join(folder, `csv-${rows}`, "focus.csv");
  const parquet = path.join(folder, "hand-written.parquet");
  const data = lakeOf(folder, rows);
  await rm(data, { recursive: true, force: true });
  const copy = await runChild("node", [built("hand-written-copy.js"), csv, parquet]);
  const imported = await runChild("node", [
    built("../../bin/plimsoll.js"),
    "import",
    csv,
    "--data",
    data,
    "--source",
    "bench",
  ]);
  await rm(parquet, { force: true });
  const million = rows / 1e6;
  return [
    `import of ${million} M rows: ${imported.seconds.toFixed(1)} s, peak ${Math.round(imported.peakMiB)} MiB`,
    `hand-written COPY of the same file: ${copy.seconds.toFixed(1)} s, peak ${Math.round(copy.peakMiB)} MiB`,
    `ratio ${(imported.seconds / copy.seconds).toFixed(2)} (goal 2), ${Math.round(rows / imported.seconds / 1000)} k rows/s`,
  ];
}

export const lakeOf = (folder: string, rows: number): string => path.join(folder, `lake-${rows}`);

const built = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
