import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "#sample/generate.ts";
import { exportBench } from "./export-bench.ts";
import { importBench, lakeOf } from "./import-bench.ts";
import { overview, overviewTimes, reportBench } from "./report-bench.ts";
import { runChild } from "./run-child.ts";

type Say = (lines: readonly string[]) => void;

/** Start, import, export and reports of bills of so many rows, and of a tenth of them; 10 M rows are 9 GB of CSV. */
export const billBench =
  (rows: number) =>
  async (folder: string, say: Say): Promise<void> => {
    const small = rows / 10;
    for (const count of [small, rows]) await generateBill(folder, count);
    say(await startup());
    say(await importBench(folder, small));
    say(await importBench(folder, rows));
    say(await exportBench(folder, small));
    say(await reportBench(lakeOf(folder, rows)));
    const [before, after] = [
      await overviewTimes(lakeOf(folder, small)),
      await overviewTimes(lakeOf(folder, rows)),
    ];
    say(
      overview.map(({ name }, index) => {
        const [a = NaN, b = NaN] = [before[index], after[index]];
        return `${name}: ${b.toFixed(0)} ms at ${rows / 1e6} M rows (goal 50), ${(b / a).toFixed(2)} times that at ${small / 1e6} M (goal 2)`;
      }),
    );
  };

/** Exports of 1 M charges, and of 4 M. */
export async function exportsBench(folder: string, say: Say): Promise<void> {
  for (const count of [1_000_000, 4_000_000]) {
    await generateBill(folder, count);
    if (!existsSync(lakeOf(folder, count))) await importBench(folder, count);
    say(await exportBench(folder, count));
  }
}

async function generateBill(folder: string, rows: number): Promise<void> {
  const out = path.join(folder, `csv-${rows}`);
  if (existsSync(path.join(out, "truth.json"))) return;
  await mkdir(out, { recursive: true });
  await generate({ out, rows, singleCsv: true });
}

async function startup(): Promise<string[]> {
  const plimsoll = fileURLToPath(new URL("../../bin/plimsoll.js", import.meta.url));
  const median = async (args: readonly string[]): Promise<number> => {
    const times: number[] = [];
    for (let run = 0; run < 15; run++) times.push((await runChild("node", args)).seconds);
    return times.sort((a, b) => a - b)[7] ?? NaN;
  };
  const [bare, help] = [await median(["-e", "0"]), await median([plimsoll, "--help"])];
  const ms = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
  return [`plimsoll --help: ${ms(help)}, node -e 0: ${ms(bare)}, ratio ${(help / bare).toFixed(2)} (goal 2)`];
}
