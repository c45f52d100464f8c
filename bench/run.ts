import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "#sample/generate.ts";
import { allocationBench } from "./allocation-bench.ts";
import { callsBench } from "./calls-bench.ts";
import { importBench, lakeOf } from "./import-bench.ts";
import { overview, overviewTimes, reportBench } from "./report-bench.ts";
import { runChild } from "./run-child.ts";

/**
 * `npm run bench [-- ROWS]`: the figures of RESULTS.md for bills, as ratios in one run on one machine. 10 M rows by default (9 GB of CSV).
 * `npm run bench -- allocation`: those for allocating a cluster's cost; `npm run bench -- calls [ROWS]`: those for calls to models.
 */
const [what = "10000000", count = "10000000"] = process.argv.slice(2);
const rows = Number(what);
const small = rows / 10;
const folder = process.env["PLIMSOLL_BENCH"] ?? path.join(tmpdir(), "plimsoll-bench");

const say = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join("\n")}\n\n`);
};

const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
say([
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "?"}, ${availableParallelism()} cores, ${memory}, Node ${process.version}`,
]);
if (what === "allocation") say(await allocationBench(folder));
else if (what === "calls") say(await callsBench(folder, Number(count)));
else await billBench();

async function billBench(): Promise<void> {
  for (const count of [small, rows]) {
    const out = path.join(folder, `csv-${count}`);
    if (existsSync(path.join(out, "truth.json"))) continue;
    await mkdir(out, { recursive: true });
    await generate({ out, rows: count, singleCsv: true });
  }
  say(await startup());
  say(await importBench(folder, small));
  say(await importBench(folder, rows));
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
