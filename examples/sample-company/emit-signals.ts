import { activityHours, CHAT_MODEL, partOf } from "./activity.ts";
import { unixTime } from "./clock.ts";
import type { Emission } from "./emit-focus.ts";
import type { WorkloadState } from "./model.ts";
import { chance } from "./random.ts";
import { createLineFile } from "./write-lines.ts";

/** What was written of one server's signals; the truth about them. */
export interface SignalTotals {
  readonly workload: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Mean over the time of how busy its GPUs were, 0 to 1. */
  readonly gpuActive: number;
}

/** Five minutes of an hour. */
const MOMENTS = 12;
const bounds = [0.5, 1, 2, 4, 8, Infinity] as const;
/** Share of requests that take at most so long. */
const shares = [0.18, 0.46, 0.78, 0.95, 0.99, 1] as const;

interface Served {
  readonly workload: string;
  readonly namespace: string;
  readonly model: string;
  readonly state: WorkloadState;
  /** Seconds of prefill and of decoding for a token. */
  readonly perToken?: { readonly prefill: number; readonly decode: number };
}

/** Signals of the endpoints on machines of their own, by five minutes, as an export of their Prometheus. */
export async function emitSignals({ out, world, files }: Emission): Promise<SignalTotals[]> {
  const { states } = world;
  const served: readonly Served[] = [
    {
      workload: "assistant-chat",
      namespace: "assistant-prod",
      model: CHAT_MODEL,
      state: states["assistant-chat"],
      perToken: { prefill: 0.0002, decode: 0.009 },
    },
    {
      workload: "search-rerank",
      namespace: "search-prod",
      model: "bge-reranker-v2",
      state: states["search-rerank"],
    },
    { workload: "vision-infer", namespace: "vision", model: "halyard-detect", state: states["vision-infer"] },
  ];
  const name = "activity/signals.csv.gz";
  const file = createLineFile(out, name);
  file.add("time,signal,value,count,max,lower,upper,cluster,namespace,kind,controller,model\n");
  const { from, until } = activityHours(world);
  const totals: SignalTotals[] = [];
  for (const each of served) {
    const sum = { requests: 0, inputTokens: 0, outputTokens: 0, active: 0 };
    for (let moment = from * MOMENTS; moment < until * MOMENTS; moment++) {
      const told = pointsOf(each, moment, world.seed);
      file.add(told.lines);
      sum.requests += told.requests;
      sum.inputTokens += told.inputTokens;
      sum.outputTokens += told.outputTokens;
      sum.active += told.active;
    }
    await file.settle();
    const { active, ...counted } = sum;
    totals.push({ workload: each.workload, ...counted, gpuActive: active / ((until - from) * MOMENTS) });
  }
  await file.close();
  files.push(name);
  return totals;
}

function pointsOf(
  { workload, namespace, model, state, perToken }: Served,
  moment: number,
  seed: number,
): { lines: string; requests: number; inputTokens: number; outputTokens: number; active: number } {
  const [hour, part] = [Math.floor(moment / MOMENTS), moment % MOMENTS];
  const of = chance(seed, `signals/${workload}`);
  const at = (values: Float64Array | undefined): number => values?.[hour] ?? 0;
  const spread = (values: Float64Array | undefined): number => partOf(at(values), part, MOMENTS);
  const [requests, input, output] = [state.requests, state.inputTokens, state.outputTokens].map(spread) as [
    number,
    number,
    number,
  ];
  const gpus = at(state.gpus);
  // A GPU that serves is busy three quarters of the time; one that waits for requests is not.
  const active = gpus === 0 ? 0 : Math.round(((at(state.busyGpus) * 0.75) / gpus) * 1e6) / 1e6;
  const queue = Math.round(of(moment) * 40 * active) / 10;
  const time = new Date((unixTime(hour) + part * 300) * 1000).toISOString();
  const line = (
    signal: string,
    value: number,
    more: { count?: number; max?: number; lower?: number; upper?: string; model?: string } = {},
  ): string =>
    `${time},${signal},${value},${more.count ?? 1},${more.max ?? ""},${more.lower ?? ""},${more.upper ?? ""},prod-us,${namespace},Deployment,${workload},${more.model ?? model}\n`;
  const seconds = Math.round(requests * 1.6 * 1000) / 1000;
  let lines = line("requests_finished", requests) + line("request_seconds", seconds, { count: requests });
  let [lower, below] = [0, 0];
  for (const [index, bound] of bounds.entries()) {
    const upto = Math.round(requests * (shares[index] ?? 1));
    lines += line("request_seconds", 0, {
      count: upto - below,
      lower,
      upper: bound === Infinity ? "Inf" : String(bound),
    });
    [lower, below] = [bound, upto];
  }
  lines += line("requests_waiting", queue, { count: Math.max(1, at(state.replicas)), max: Math.ceil(queue) });
  lines += line("replicas_ready", at(state.replicas), { model: "" });
  lines += line("gpu_active", Math.round(active * gpus * 1e6) / 1e6, {
    count: Math.max(1, gpus),
    max: active,
    model: "",
  });
  if (perToken !== undefined) {
    lines += line("input_tokens", input) + line("output_tokens", output);
    lines += line("prefill_seconds", Math.round(input * perToken.prefill * 1000) / 1000, { count: requests });
    lines += line("decode_seconds", Math.round(output * perToken.decode * 1000) / 1000, { count: requests });
    // The prefix cache holds the system prompt, a third of what is sent.
    lines += line("prefix_tokens_hit", Math.floor(input / 3));
  }
  return { lines, requests, inputTokens: input, outputTokens: output, active };
}
