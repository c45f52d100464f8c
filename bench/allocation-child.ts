import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { allocateCluster } from "#analysis/allocation/allocate-cluster.ts";
import { groupCosts } from "#analysis/allocation/group-costs.ts";
import { shareIdle } from "#analysis/allocation/share-idle.ts";
import { decodeMatrix } from "#ingest/prometheus/decode-matrix.ts";
import { defaultLimits } from "#ingest/prometheus/query-range.ts";
import { seriesReader } from "#ingest/prometheus/read-series.ts";
import { usageFrom } from "#ingest/prometheus/read-usage.ts";
import { usd } from "#units/money.ts";
import { generatedSeries, matrixBody } from "./generated-cluster.ts";

/**
 * generate: writes the answers of a generated day as files, in the order in which they are asked for; scan: decodes them; allocate: reads
 * and allocates them. What was measured is written as JSON; seconds are of the wall clock and of this process's threads.
 */
const [mode, folder = "", nodes, pods] = process.argv.slice(2);
const steps = { start: Date.parse("2026-07-01T00:00:00Z"), stepSeconds: 300, count: 288 };
const prices = {
  nodePrice: () => ({ hourly: usd("3.06") }),
  storagePerGibHour: () => undefined,
  networkPerGib: undefined,
};
const cluster = { nodes: Number(nodes), pods: Number(pods), stepSeconds: steps.stepSeconds };
let asked = 0;
let bytes = 0;

/** Answers from the files, or writes them first. */
const answer: typeof fetch = async (_, init) => {
  const file = path.join(folder, `${asked++}.json`);
  if (mode === "generate") await writeFile(file, generated(init?.body as URLSearchParams));
  const body = await readFile(file);
  bytes += body.length;
  // A stream of the file's own bytes: a plain body would be copied first.
  return new Response(
    new ReadableStream<Uint8Array>({
      start: (stream) => {
        stream.enqueue(body);
        stream.close();
      },
    }),
  );
};
const answers = mode === "generate" ? generatedSeries(cluster) : undefined;
const generated = (form: URLSearchParams): Buffer => {
  const [start = 0, end = 0, step = 1] = ["start", "end", "step"].map((name) => Number(form.get(name)));
  return matrixBody(answers?.get(form.get("query") ?? "")?.() ?? [], { start, end, step });
};

const clock = (): { wall: number; cpu: number } => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now() / 1000, cpu: (user + system) / 1e6 };
};
const since = (before: { wall: number; cpu: number }): { wall: number; cpu: number } => {
  const { wall, cpu } = clock();
  return { wall: wall - before.wall, cpu: cpu - before.cpu };
};
const say = (measured: object): void => {
  process.stdout.write(`${JSON.stringify(measured)}\n`);
};

if (mode === "scan") await scan();
else await allocate();

async function scan(): Promise<void> {
  let samples = 0;
  const total = { wall: 0, cpu: 0 };
  for (let file = 0; ; file++) {
    const body = await readFile(path.join(folder, `${file}.json`)).catch(() => undefined);
    if (body === undefined) break;
    bytes += body.length;
    const before = clock();
    decodeMatrix(body, () => () => samples++);
    const { wall, cpu } = since(before);
    total.wall += wall;
    total.cpu += cpu;
  }
  say({ ...total, samples, bytes });
}

async function allocate(): Promise<void> {
  const before = clock();
  const io = { fetch: answer, wait: () => Promise.resolve() };
  const reader = seriesReader({ url: "http://generated" }, steps, defaultLimits, io);
  const request = { steps, matchers: "", cluster: "bench", volumes: false, network: false };
  const usage = await usageFrom(reader, request);
  const read = since(before);
  const allocation = allocateCluster(usage, prices);
  const shared = shareIdle(usage, allocation, "by-cluster");
  const groups = groupCosts(usage, allocation, shared, ["namespace", "controller"]);
  const { wall, cpu } = since(before);
  const cells = usage.containers.charged.length;
  say({ wall, cpu, read, cells, groups: groups.length, bytes });
}
