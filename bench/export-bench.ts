import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { lakeOf } from "./import-bench.ts";
import { type ChildRun, runChild } from "./run-child.ts";

/** Export of a whole lake against a hand-written COPY of the same rows, each a process of its own, and of a month with shared cost divided. */
export async function exportBench(folder: string, rows: number): Promise<string[]> {
  const data = lakeOf(folder, rows);
  const lines: string[] = [];
  for (const form of ["parquet", "csv"]) {
    const file = path.join(folder, `export.${form}`);
    const [byHand, ours] = await shortest(
      ["node", built("hand-written-export.js"), data, file],
      ["node", plimsoll, "export", "--data", data, "-o", file],
      file,
    );
    lines.push(
      `export of ${rows / 1e6} M rows to ${form}: ${told(ours)}; hand-written COPY: ${told(byHand)}`,
      `ratio ${(ours.seconds / byHand.seconds).toFixed(2)} (goal 1.5), ${Math.round(rows / ours.seconds / 1000)} k rows/s`,
    );
  }
  const config = path.join(folder, `csv-${rows}`, "plimsoll.yaml");
  if (existsSync(config)) {
    const file = path.join(folder, "split.parquet");
    const args = ["export", "2026-07", "--split", "team", "--config", config, "--data", data, "-o", file];
    const split = await timed(["node", plimsoll, ...args], file);
    const [written = "?"] = /[\d,]+ rows/.exec(split.output) ?? [];
    lines.push(`its July with shared cost divided by team, ${written}, to parquet: ${told(split)}`);
  }
  return lines;
}

type Command = readonly [string, ...string[]];

/** The shortest of three runs each, in turns: a machine is seldom left alone for all of one. */
async function shortest(a: Command, b: Command, file: string): Promise<[ChildRun, ChildRun]> {
  let best: [ChildRun, ChildRun] | undefined;
  for (let round = 0; round < 3; round++) {
    const now = [await timed(a, file), await timed(b, file)] as const;
    best = [shorter(best?.[0], now[0]), shorter(best?.[1], now[1])];
  }
  return best ?? shortest(a, b, file);
}

const shorter = (a: ChildRun | undefined, b: ChildRun): ChildRun =>
  a !== undefined && a.seconds < b.seconds ? a : b;

async function timed([command, ...args]: Command, file: string): Promise<ChildRun> {
  await rm(file, { force: true });
  const run = await runChild(command, args);
  await rm(file, { force: true });
  return run;
}

const told = ({ seconds, peakMiB }: ChildRun): string =>
  `${seconds.toFixed(1)} s, peak ${Math.round(peakMiB)} MiB`;

const built = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const plimsoll = built("../../bin/plimsoll.js");
