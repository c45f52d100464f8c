import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { once } from "node:events";
import { importCallFiles } from "#flows/calls/import-call-files.ts";
import { importDelivery } from "#flows/import/import-delivery.ts";
import { kpiRows } from "#flows/kpis/answer-kpis.ts";
import { callKpis } from "#flows/kpis/call-kpis.ts";
import { chargeKpis } from "#flows/kpis/charge-kpis.ts";
import { outcomeKpis } from "#flows/kpis/outcome-kpis.ts";
import { signalKpis } from "#flows/kpis/signal-kpis.ts";
import { importOutcomeFiles } from "#flows/outcomes/import-outcomes.ts";
import { importSignals } from "#flows/signals/import-signals.ts";
import { medianMilliseconds } from "./measure.ts";

const [WORKLOADS, DAYS] = [200, 90];
const START = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const now = START + DAYS * DAY;

/** The questions of a row of KPIs, over 90 days of 200 workloads: each kind by itself, and all of them. */
export async function kpisBench(folder: string): Promise<string[]> {
  const data = path.join(folder, "kpis");
  await rm(data, { recursive: true, force: true });
  await fill(data);
  const window = { start: START, end: now };
  const span = { data, now, from: new Date(START).toISOString(), to: new Date(now).toISOString() };
  const asked: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["charges", () => chargeKpis(span, "workload")],
    ["calls", () => callKpis(span, "workload")],
    ["signals", () => signalKpis(span, "workload")],
    ["outcomes", () => outcomeKpis(span, "workload", () => [])],
    ["all of a row", () => kpiRows(data, now, window, "workload")],
  ];
  const lines = [`rows of KPIs, ${DAYS} days of ${WORKLOADS} workloads (goal 50 ms a question):`];
  for (const [what, ask] of asked) {
    await ask();
    lines.push(`${what}: ${(await medianMilliseconds(9, ask)).toFixed(0)} ms`);
  }
  return lines;
}

async function fill(data: string): Promise<void> {
  await mkdir(data, { recursive: true });
  const options = { now };
  const file = (name: string): string => path.join(data, name);
  await write(file("calls.jsonl"), callLines());
  await importCallFiles(data, [file("calls.jsonl")], "bench", options);
  await write(file("signals.csv"), signalLines());
  await importSignals(data, [file("signals.csv")], "bench", options);
  await write(file("outcomes.csv"), outcomeLines());
  await importOutcomeFiles(data, [file("outcomes.csv")], "bench", options);
  await write(file("bill.csv"), chargeLines());
  const delivery = {
    data,
    inputs: [file("bill.csv")],
    source: "bench",
    role: "invoice",
    values: {},
    force: false,
    now,
  } as const;
  await importDelivery(delivery, () => {});
}

async function write(file: string, lines: Iterable<string>): Promise<void> {
  const out = createWriteStream(file);
  for (const line of lines) if (!out.write(`${line}\n`)) await once(out, "drain");
  out.end();
  await once(out, "close");
}

function* each(): Generator<{ workload: string; index: number; time: string; end: string; day: number }> {
  for (let day = 0; day < DAYS; day++)
    for (let index = 0; index < WORKLOADS; index++)
      yield {
        workload: `workload-${index}`,
        index,
        day,
        time: new Date(START + day * DAY).toISOString(),
        end: new Date(START + (day + 1) * DAY).toISOString(),
      };
}

function* callLines(): Generator<string> {
  const models = ["gpt-5", "gpt-4o-mini", "claude-sonnet-4-6", "claude-haiku-4-5"];
  for (const { workload, index, day, time } of each())
    for (let call = 0; call < 10; call++)
      yield JSON.stringify({
        id: `${index}-${day}-${call}`,
        start: time,
        provider: call % 4 < 2 ? "openai" : "anthropic",
        responseModel: models[call % 4],
        status: call === 9 ? "error" : "ok",
        durationSeconds: 0.2 + ((index * 7 + day * 13 + call * 29) % 900) / 100,
        tokens: { input: 1000 + index, output: 100 + day },
        attributes: { workload, team: `team-${index % 20}` },
      });
}

function* signalLines(): Generator<string> {
  yield "time,signal,value,count,max,lower,upper,controller,model";
  const bounds = ["0,0.5", "0.5,1", "1,2", "2,4", "4,8", "8,Inf"];
  for (const { workload, index, time } of each()) {
    for (const signal of [
      "requests_finished",
      "requests_failed",
      "input_tokens",
      "output_tokens",
      "network_bytes",
    ])
      yield `${time},${signal},${1000 + index},1,,,,${workload},m`;
    for (const signal of ["requests_waiting", "gpu_active", "gpu_memory_used", "memory_used"])
      yield `${time},${signal},0.5,1,0.9,,,${workload},m`;
    for (const signal of ["request_seconds", "first_token_seconds"]) {
      yield `${time},${signal},100,60,,,,${workload},m`;
      for (const bound of bounds) yield `${time},${signal},0,10,,${bound},${workload},m`;
    }
  }
}

function* outcomeLines(): Generator<string> {
  yield "id,time,kind,count,success,workload";
  for (const { workload, index, day, time } of each())
    for (const went of ["yes", "no"])
      yield `${index}-${day}-${went},${time},resolved-ticket,${index + 1},${went},${workload}`;
}

function* chargeLines(): Generator<string> {
  yield "BilledCost,EffectiveCost,ContractedCost,ListCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,ServiceCategory,Tags";
  for (const { workload, time, end } of each()) {
    const month = time.slice(0, 7);
    const next = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString();
    for (const category of ["Compute", "Storage", "Networking"])
      yield `1.5,1.5,1.5,1.5,USD,${month}-01T00:00:00Z,${next},${time},${end},Usage,${category},${category},"{""workload"":""${workload}""}"`;
  }
}
