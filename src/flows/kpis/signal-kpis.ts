import type { Kpi } from "#analysis/bridge/compare-kpis.ts";
import { MOMENT, type SignalName } from "#facts/signal.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { answerSignals, type SignalGroup } from "#flows/signals/answer-signals.ts";
import { grouped } from "#units/grouped.ts";
import { type KpiKey, type KpisByKey, measured, quantity } from "./kpi-row.ts";

/** How each signal is told; those that are not named are not told. */
const told: Readonly<Partial<Record<SignalName, readonly [name: string, better: Kpi["better"]]>>> = {
  requests_finished: ["requests", "neither"],
  requests_failed: ["failed requests", "lower"],
  requests_waiting: ["requests in the queue", "lower"],
  input_tokens: ["served input tokens", "neither"],
  output_tokens: ["served output tokens", "neither"],
  request_seconds: ["request", "lower"],
  first_token_seconds: ["served first token", "lower"],
  queue_seconds: ["time in the queue", "lower"],
  gpu_active: ["GPU busy", "higher"],
  gpu_memory_used: ["GPU memory", "neither"],
  gpu_power: ["GPU power", "lower"],
  kv_cache_usage: ["KV cache", "neither"],
  cpu_seconds: ["CPU time", "neither"],
  memory_used: ["memory", "neither"],
  storage_operations: ["disk operations", "neither"],
  storage_bytes: ["disk data", "neither"],
  network_bytes: ["data moved", "neither"],
  restarts: ["restarts", "lower"],
  jobs_succeeded: ["succeeded jobs", "neither"],
  jobs_failed: ["failed jobs", "lower"],
};

const columns: Readonly<Partial<Record<KpiKey, string>>> = { workload: "workload", model: "model" };

/** What servers and clusters measured; nothing by keys that their series don't name. */
export async function signalKpis(asked: TimeAsked, by: KpiKey): Promise<KpisByKey> {
  const column = columns[by];
  if (column === undefined) return new Map();
  const { groups } = await answerSignals({
    ...asked,
    signals: Object.keys(told),
    by: [column],
    where: [],
    momentsOf: ["storage_operations"],
  });
  const named = grouped(groups, ({ keys }) => keys[0] ?? "");
  return new Map(
    [...named].map(([key, own]) => [key === "" ? null : key, [...own.flatMap(kpisOf), ...ofSeveral(own)]]),
  );
}

/** What two signals, or a signal and its time, come to. */
function ofSeveral(groups: readonly SignalGroup[]): Kpi[] {
  const of = (name: SignalName): SignalGroup | undefined => groups.find(({ signal }) => signal === name);
  const { total: operations, moments = 0 } = of("storage_operations") ?? {};
  const [well, badly] = [of("jobs_succeeded")?.mean, of("jobs_failed")?.mean];
  return [
    ...(operations === undefined || moments === 0
      ? []
      : [quantity("IOPS", "operations/s", measured((operations * 1000) / (moments * MOMENT)))]),
    ...(well === undefined || badly === undefined || well + badly === 0
      ? []
      : [quantity("batch completion", "ratio", measured(well / (well + badly)), "higher")]),
  ];
}

function kpisOf({ signal, kind, unit, mean, total, p50, p95, p99 }: SignalGroup): Kpi[] {
  const [name, better] = told[signal] ?? [];
  if (name === undefined || better === undefined) return [];
  if (kind === "gauge") return [quantity(name, unit, measured(mean), better)];
  if (kind === "counter") return [quantity(name, unit, measured(total), better)];
  return [p50, p95, p99].map((each, index) =>
    quantity(`${name} ${["p50", "p95", "p99"][index] ?? ""}`, unit, measured(each?.value), better),
  );
}
