import { mkdirSync } from "node:fs";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { allocationBench } from "./allocation-bench.ts";
import { billBench, exportsBench } from "./bill-bench.ts";
import { callsBench } from "./calls-bench.ts";
import { divisionBench } from "./division-bench.ts";
import { kpisBench } from "./kpis-bench.ts";
import { otlpBench } from "./otlp-bench.ts";
import { pricingBench } from "./pricing-bench.ts";
import { upBench } from "./up-bench.ts";

/** Makes figures in a folder that it may fill, and says each group of lines as soon as it has it. */
type Bench = (folder: string, say: (lines: readonly string[]) => void) => Promise<void>;

/** `npm run bench -- NAME`: figures of RESULTS.md as ratios in one run on one machine. Without a name, or with a number of rows: those for bills. */
const benches: Readonly<Record<string, Bench>> = {
  allocation: async (folder, say) => say(await allocationBench(folder)),
  calls: async (folder, say) => say(await callsBench(folder, 10_000_000)),
  division: async (folder, say) => say(await divisionBench(folder)),
  export: exportsBench,
  kpis: async (folder, say) => say(await kpisBench(folder)),
  otlp: async (_, say) => say(await otlpBench()),
  pricing: async (folder, say) => {
    for (const count of [1e6, 1e7]) say(await pricingBench(folder, count));
  },
  up: async (folder, say) => say(await upBench(folder)),
};

const [what = "10000000"] = process.argv.slice(2);
const bench = /^\d+$/.test(what) ? billBench(Number(what)) : benches[what];
const folder = process.env["PLIMSOLL_BENCH"] ?? path.join(tmpdir(), "plimsoll-bench");
const say = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join("\n")}\n\n`);
};
if (bench === undefined) {
  process.stderr.write(
    `There is no bench ${what}: give ${Object.keys(benches).join(", ")} or a number of rows.\n`,
  );
  process.exitCode = 2;
} else {
  mkdirSync(folder, { recursive: true });
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  say([
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "?"}, ${availableParallelism()} cores, ${memory}, Node ${process.version}`,
  ]);
  await bench(folder, say);
}
