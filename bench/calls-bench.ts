import { existsSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./run-child.ts";

const child = fileURLToPath(new URL("calls-child.js", import.meta.url));

interface Timed {
  readonly seconds: number;
}
interface Journalled {
  readonly rows: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Generated calls of a day: kept in the journal, compacted and rolled up, against what someone who knows DuckDB would write for the same lines.
 * @param rows how many calls are compacted
 */
export async function callsBench(folder: string, rows: number): Promise<string[]> {
  const own = path.join(folder, "calls");
  await mkdir(own, { recursive: true });
  const lines = path.join(own, `lines-${rows}.jsonl`);
  const run = async <M>(mode: string, ...args: string[]): Promise<M & { peakMiB: number }> => {
    const { output, peakMiB } = await runChild("node", [child, mode, own, String(rows), ...args]);
    return { ...(JSON.parse(output) as M), peakMiB };
  };
  if (!existsSync(lines)) await run("generate", lines);
  const bytes = (await stat(lines)).size;
  const [ours, bare] = [await run<Timed>("compact", lines), await run<Timed>("bare", lines)];
  const [rollUps, bareRollUps] = [await run<Timed>("roll-up"), await run<Timed>("bare-roll-up")];
  const single = await run<Journalled>("journal", "1", "1");
  const many = await run<Journalled>("journal", "64", "1");
  const lists = await run<Journalled>("journal", "8", "100");
  for (const each of ["data", "journal", "bare"])
    await rm(path.join(own, each), { recursive: true, force: true });
  const millions = rows / 1e6;
  const against = (a: Timed, b: Timed, goal: number): string =>
    `${a.seconds.toFixed(1)} s, by hand ${b.seconds.toFixed(1)} s, ratio ${(a.seconds / b.seconds).toFixed(2)} (goal ${goal})`;
  const journal = (name: string, { rows: count, seconds, p50, p99 }: Journalled): string =>
    `journal, ${name}: ${Math.round(count / seconds).toLocaleString("en-US")} calls/s durable, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  return [
    `${millions} M calls, ${Math.round(bytes / 1e6)} MB of lines, compacted with duplicates sought and rollups: ${against(ours, bare, 2)}; ${Math.round(rows / ours.seconds).toLocaleString("en-US")} calls/s, peak ${Math.round(ours.peakMiB)} MiB (by hand ${Math.round(bare.peakMiB)})`,
    `rollups of ${millions} M calls that are in the lake, with latency buckets: ${against(rollUps, bareRollUps, 2)} (goal 10 s)`,
    journal("one sender, a call each", single),
    journal("64 senders, a call each", many),
    journal("8 senders, 100 calls each", lists),
  ];
}
