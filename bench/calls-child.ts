import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Call } from "#facts/call.ts";
import { callRow, callsTable } from "#facts/call-columns.ts";
import { eventLine } from "#facts/event-line.ts";
import { compactCalls } from "#flows/calls/compact-calls.ts";
import { recordCalls } from "#flows/calls/record-calls.ts";
import { eventsOf } from "#lake/events/event-days.ts";
import { rollUp as rollUpDay } from "#lake/events/write-day.ts";
import { frameHead } from "#lake/journal/frames.ts";
import { readLake } from "#lake/snapshot.ts";
import { openWriter } from "#lake/writer.ts";

/**
 * The parts of the bench of calls, each a process of its own: generate FILE, compact FILE, bare FILE, roll-up, bare-roll-up, journal
 * SENDERS SIZE. What was measured is written as JSON.
 */
const [mode, folder = "", rowsText = "0", ...args] = process.argv.slice(2);
const rows = Number(rowsText);
const data = path.join(folder, "data");
const now = Date.UTC(2026, 6, 20);
const say = (measured: object): void => {
  process.stdout.write(`${JSON.stringify(measured)}\n`);
};

/** What calls are of, and what their tokens cost per million, as the hand-written query knows it: input, from a cache, output. */
const models = [
  { provider: "openai", model: "gpt-5", rates: ["1.25", "0.125", "10"] },
  { provider: "openai", model: "gpt-4o-mini", rates: ["0.15", "0.075", "0.6"] },
  { provider: "openai", model: "o3", rates: ["2", "0.5", "8"] },
  { provider: "anthropic", model: "claude-sonnet-4-5", rates: ["3", "0.3", "15"] },
  { provider: "anthropic", model: "claude-haiku-4-5", rates: ["1", "0.1", "5"] },
  { provider: "google", model: "gemini-2.5-pro", rates: ["1.25", "0.125", "10"] },
  { provider: "google", model: "gemini-2.5-flash", rates: ["0.3", "0.03", "2.5"] },
  { provider: "deepseek", model: "deepseek-chat", rates: ["0.28", "0.028", "0.42"] },
] as const;

/** 100 workloads of 20 teams, each with two models, 50 customers; 2 % fail. */
function generated(number: number): Call {
  const random = Math.imul(number ^ 0x9e3779b9, 2654435761) >>> 0;
  const workload = random % 100;
  const failed = random % 50 === 7;
  const latency = Math.round(Math.exp(11 + ((random >>> 7) % 1000) / 250));
  return {
    source: "gateway",
    id: `${random.toString(16).padStart(8, "0")}${number.toString(16).padStart(24, "0")}`,
    start: Date.UTC(2026, 6, 14) + Math.floor((number / rows) * 86_400_000),
    duration: latency * 3,
    firstToken: workload % 4 === 0 ? null : latency,
    provider: models[workload % models.length]?.provider ?? "",
    operation: workload % 10 === 0 ? "embeddings" : "chat",
    requestModel: models[workload % models.length]?.model ?? "",
    responseModel: models[workload % models.length]?.model ?? "",
    region: "eu-west-1",
    tier: "standard",
    status: failed ? "error" : "ok",
    error: failed ? "timeout" : null,
    retry: (random >>> 3) % 70 === 0,
    tokens: failed
      ? null
      : {
          uncachedInput: random % 4000,
          cacheRead: (random >>> 5) % 4000,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          visibleOutput: (random >>> 4) % 900,
          reasoningOutput: (random >>> 6) % 300,
          audioInput: 0,
          imageInput: 0,
          videoInput: 0,
          audioOutput: 0,
        },
    tokensFault: null,
    requests: {},
    statedCost: `0.00${String(random % 100_000).padStart(5, "0")}`,
    statedCurrency: "USD",
    traceId: null,
    conversation: null,
    step: `step-${workload % 7}`,
    customer: `customer-${(random >>> 8) % 50}`,
    promptHash: null,
    attributes: { team: `team-${workload % 20}`, "service.name": `workload-${workload}`, env: "prod" },
  };
}

async function generate(file: string): Promise<void> {
  const out = createWriteStream(file);
  for (let first = 0; first < rows; first += 5000) {
    const calls = Array.from({ length: Math.min(5000, rows - first) }, (_, index) =>
      generated(first + index),
    );
    const lines = Buffer.from(calls.map((call) => `${eventLine(callsTable, callRow(call))}\n`).join(""));
    out.write(frameHead([lines], calls.length));
    if (!out.write(lines)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  say({});
}

/** One segment of all: the journal would have many, which are read alike. */
async function compact(file: string): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await mkdir(path.join(data, "journal", "calls"), { recursive: true });
  await copyFile(file, path.join(data, "journal", "calls", "00000001-00000000.jsonl"));
  const started = performance.now();
  const { added } = await compactCalls(data, { now });
  if (added !== rows) throw new Error(`${added} calls came through, not ${rows}`);
  say({ seconds: (performance.now() - started) / 1000 });
}

const dimensions = `"x_Source", "Provider", "x_ModelId", "Operation", "x_Team", "x_Environment", "x_Workload", "Tier", "Status"`;
const sums = Object.keys(callsTable.columns)
  .filter((name) => /Tokens$|Microseconds$/.test(name))
  .map((name) => `sum("${name}")::bigint as "${name}", count("${name}") as "n_${name}"`)
  .join(", ");
const bucket = (name: string): string =>
  `select date_trunc('hour', "StartTime") as h, ${dimensions}, '${name}' as m, ceil(log2(greatest("${name}", 1)) * 8)::smallint as b, count(*) as n from calls where "${name}" is not null group by all`;
/** What someone who knows DuckDB would write: nothing checked, no duplicates sought. */
const bareRollUps = [
  `select date_trunc('hour', "StartTime") as h, ${dimensions}, "Customer", "StatedCurrency", count(*) as calls, count(*) filter ("Status" = 'error') as failed,
     count(*) filter ("Retry") as retried, ${sums}, sum("StatedCost") as stated, count("StatedCost") as n_stated, sum("PricedCost") as cost, count("PricedCost") as n_cost from calls group by all order by 1`,
  `select date_trunc('day', "StartTime") as d, ${dimensions}, "Customer", "StatedCurrency", count(*) as calls, ${sums}, sum("StatedCost") as stated, sum("PricedCost") as cost from calls group by all order by 1`,
  `select * from (${bucket("DurationMicroseconds")} union all ${bucket("FirstTokenMicroseconds")}) order by 1`,
  `select date_trunc('day', h) as d, ${dimensions}, m, b, sum(n) as n from (${bucket("DurationMicroseconds")} union all ${bucket("FirstTokenMicroseconds")}) group by all`,
];

const handRates = (at: number): string =>
  `case "ResponseModel" ${models.map(({ model, rates }) => `when '${model}' then ${rates[at]}::decimal(18,6)`).join(" ")} end`;
const handPriced = `("UncachedInputTokens" * ${handRates(0)} + "CacheReadTokens" * ${handRates(1)} + ("VisibleOutputTokens" + "ReasoningOutputTokens") * ${handRates(2)})::decimal(38,6)`;

async function bare(file: string | undefined): Promise<void> {
  const own = path.join(folder, "bare");
  const parquet = path.join(own, "calls.parquet");
  await mkdir(own, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(availableParallelism()),
    memory_limit: "1024MiB",
    temp_directory: path.join(own, "spill"),
  });
  const db = await instance.connect();
  const started = performance.now();
  const json = {
    text: "VARCHAR",
    time: "BIGINT",
    count: "BIGINT",
    money: "DECIMAL(18,12)",
    flag: "BOOLEAN",
    measure: "DECIMAL(38,9)",
  };
  const maps = { tags: "MAP(VARCHAR, VARCHAR)", counts: "MAP(VARCHAR, BIGINT)" };
  const types = Object.entries(callsTable.columns).map(
    ([name, { type }]) => `'${name}': '${{ ...json, ...maps }[type]}'`,
  );
  if (file !== undefined)
    await db.run(`copy (select * replace (make_timestamp("StartTime" * 1000) as "StartTime", "StatedCost"::decimal(38,18) as "StatedCost")
      , ${handPriced} as "PricedCost"
      from read_json('${file}', format = 'newline_delimited', columns = {${types.join(", ")}}) where "Id" is not null order by "StartTime")
      to '${parquet}' (format parquet, compression zstd)`);
  const calls = file === undefined ? await liveFiles() : `'${parquet}'`;
  for (const [index, query] of bareRollUps.entries())
    await db.run(
      `copy (${query.replaceAll("from calls", `from read_parquet([${calls}])`)}) to '${path.join(own, `rollup-${index}.parquet`)}' (format parquet, compression zstd)`,
    );
  say({ seconds: (performance.now() - started) / 1000 });
}

const liveFiles = async (): Promise<string> =>
  eventsOf((await readLake(data)).events, callsTable)
    .days.flatMap(({ parts }) => parts.map(({ file }) => `'${path.join(data, "lake", file)}'`))
    .join(", ");

async function rollUp(): Promise<void> {
  const { days } = eventsOf((await readLake(data)).events, callsTable);
  const writer = await openWriter(data, [], now, () => {});
  const started = performance.now();
  for (const day of days) {
    const { db, lake } = writer;
    await rollUpDay({ db, lake, table: callsTable, part: "again", now }, day.day, day.parts);
  }
  say({ seconds: (performance.now() - started) / 1000 });
  await writer.close();
}

/** Senders that wait for each answer before they send again, for five seconds. */
async function journal(senders: number, size: number): Promise<void> {
  const own = path.join(folder, "journal");
  await rm(own, { recursive: true, force: true });
  const recorder = await recordCalls(own);
  const latencies: number[] = [];
  let sent = 0;
  const started = performance.now();
  const send = async (): Promise<void> => {
    while (performance.now() - started < 5000) {
      const calls = Array.from({ length: size }, () => generated(sent++));
      const began = performance.now();
      await recorder.record(calls);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  const seconds = (performance.now() - started) / 1000;
  await recorder.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? NaN;
  if ((await readdir(path.join(own, "journal", "calls"))).length < 2) throw new Error("nothing was kept");
  say({ rows: sent, seconds, p50: at(0.5), p99: at(0.99) });
}

const [first = "", second = "1"] = args;
if (mode === "generate") await generate(first);
else if (mode === "compact") await compact(first);
else if (mode === "bare") await bare(first);
else if (mode === "roll-up") await rollUp();
else if (mode === "bare-roll-up") await bare(undefined);
else await journal(Number(first), Number(second));
