import type { WorkloadState } from "./model.ts";
import * as batch from "./states-batch.ts";
import * as calls from "./states-calls.ts";
import * as serving from "./states-serving.ts";

/** The state of every workload at every hour; names are workloads, and parts of one where it has several. */
export type States = ReturnType<typeof simulateStates>;

/** All of the company's activity follows from the seed; every emitter reads it here. */
export function simulateStates(seed: number) {
  const train = batch.visionTrain();
  const nat = batch.nat(seed);
  return {
    "assistant-chat": serving.assistantChat(seed),
    "assistant-agents": { tasks: calls.agentTasks(seed) } as WorkloadState,
    agentsAnthropic: calls.agentsAt(seed, "anthropic"),
    agentsOpenai: calls.agentsAt(seed, "openai"),
    "assistant-classify": calls.assistantClassify(seed),
    "search-embed": serving.searchEmbed(seed),
    "search-rerank": serving.searchRerank(seed),
    "search-rerank-v1": serving.searchRerankV1(seed),
    "vision-train": train,
    "vision-infer": serving.visionInfer(seed),
    "vision-datasets": batch.buckets.datasets(),
    datasetsCopy: batch.buckets.datasetsCopy(),
    "vision-checkpoints": batch.buckets.checkpoints(train),
    sweeps: batch.sweeps(seed),
    "finetune-weekly": batch.finetuneWeekly(),
    "etl-daily": batch.etlDaily(seed),
    features: batch.buckets.features(),
    logs: batch.buckets.logs(),
    cluster: batch.cluster(seed),
    nat: nat.main,
    natData: nat.data,
    natEurope: nat.eu,
    natExtra: nat.extra,
    staging: serving.staging(seed),
    "eval-nightly": batch.evalNightly(),
    evalCalls: calls.evalCalls(seed),
  };
}
