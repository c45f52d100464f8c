import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./run-child.ts";

const [NODES, PODS] = [1000, 10_000];
const child = fileURLToPath(new URL("allocation-child.js", import.meta.url));

interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly bytes: number;
}
interface Day extends Measured {
  readonly cells: number;
  readonly read: { readonly wall: number };
}
interface Scan extends Measured {
  readonly samples: number;
}

/** A day of 10,000 pods on 1,000 nodes in steps of five minutes: answers of Prometheus in, cost per controller out. */
export async function allocationBench(folder: string): Promise<string[]> {
  const answers = path.join(folder, "prometheus-answers");
  await rm(answers, { recursive: true, force: true });
  await mkdir(answers, { recursive: true });
  const run = async <M>(mode: string): Promise<M & { peakMiB: number }> => {
    const { output, peakMiB } = await runChild("node", [child, mode, answers, String(NODES), String(PODS)]);
    return { ...(JSON.parse(output) as M), peakMiB };
  };
  await run("generate");
  const [scan, day] = [await run<Scan>("scan"), await run<Day>("allocate")];
  await rm(answers, { recursive: true, force: true });
  const seconds = ({ wall, cpu }: Measured): string => `${wall.toFixed(2)} s (${cpu.toFixed(2)} s of CPU)`;
  return [
    `${PODS} pods on ${NODES} nodes, 24 h in steps of 5 min: ${(day.cells / 1e6).toFixed(2)} M container steps, ${(scan.samples / 1e6).toFixed(1)} M samples, ${Math.round(day.bytes / 1e6)} MB of answers`,
    `read and allocated in ${seconds(day)}, goal 5 s; of it ${(day.wall - day.read.wall).toFixed(2)} s to allocate; peak ${Math.round(day.peakMiB)} MiB, goal 477 MiB (500 MB)`,
    `raw scan of the same answers: ${seconds(scan)}, ratio ${(day.wall / scan.wall).toFixed(2)}`,
  ];
}
