import type { Instant } from "#units/instant.ts";

/**
 * What a point of a signal holds.
 * - gauge: `sum` over the series of their mean in the bucket, `max` the highest, `count` the series
 * - counter: `sum` is the increase in the bucket, `count` the series
 * - histogram: rows with bounds hold in `count` the observations above `lower` and up to `upper`; the row without bounds holds the sum of all
 *   observed values in `sum` and their number in `count`
 */
export type SignalKind = "gauge" | "counter" | "histogram";

/** Points are of so many milliseconds: five minutes. */
export const MOMENT = 300_000;

/** A measured quantity, whichever program measures it and whatever it is called there. */
export interface SignalFact {
  readonly kind: SignalKind;
  readonly unit:
    | "1"
    | "requests"
    | "tokens"
    | "seconds"
    | "ratio"
    | "MiB"
    | "W"
    | "bytes"
    | "operations"
    | "currency/hour";
  readonly what: string;
}

/** All signals, by the name that they have in the lake. */
export const signals = {
  requests_waiting: { kind: "gauge", unit: "requests", what: "requests in the queue" },
  requests_running: { kind: "gauge", unit: "requests", what: "requests being worked on" },
  requests_finished: { kind: "counter", unit: "requests", what: "requests that ended well" },
  requests_failed: { kind: "counter", unit: "requests", what: "requests that failed" },
  input_tokens: { kind: "counter", unit: "tokens", what: "tokens of prompts" },
  output_tokens: { kind: "counter", unit: "tokens", what: "tokens generated" },
  prefix_tokens_asked: { kind: "counter", unit: "tokens", what: "tokens looked for in the prefix cache" },
  prefix_tokens_hit: { kind: "counter", unit: "tokens", what: "tokens found in the prefix cache" },
  preemptions: { kind: "counter", unit: "requests", what: "requests put back for want of memory" },
  kv_cache_usage: { kind: "gauge", unit: "ratio", what: "share of the KV cache in use" },
  first_token_seconds: { kind: "histogram", unit: "seconds", what: "time to the first token" },
  inter_token_seconds: { kind: "histogram", unit: "seconds", what: "time from one token to the next" },
  request_seconds: { kind: "histogram", unit: "seconds", what: "time of a whole request" },
  queue_seconds: { kind: "histogram", unit: "seconds", what: "time of a request in the queue" },
  prefill_seconds: { kind: "histogram", unit: "seconds", what: "time of a request's prefill" },
  decode_seconds: { kind: "histogram", unit: "seconds", what: "time of a request's decoding" },
  gpu_active: {
    kind: "gauge",
    unit: "ratio",
    what: "how busy a GPU is: engine, else SM activity, else utilisation",
  },
  gpu_tensor_active: { kind: "gauge", unit: "ratio", what: "tensor cores busy" },
  gpu_memory_active: { kind: "gauge", unit: "ratio", what: "memory bandwidth in use" },
  gpu_memory_used: { kind: "gauge", unit: "MiB", what: "memory of GPUs that is held" },
  gpu_power: { kind: "gauge", unit: "W", what: "power of GPUs" },
  cpu_seconds: { kind: "counter", unit: "seconds", what: "CPU time used" },
  memory_used: { kind: "gauge", unit: "bytes", what: "working set of containers" },
  network_bytes: { kind: "counter", unit: "bytes", what: "received and sent" },
  storage_operations: { kind: "counter", unit: "operations", what: "reads and writes of disks" },
  storage_bytes: { kind: "counter", unit: "bytes", what: "read from and written to disks" },
  restarts: { kind: "counter", unit: "1", what: "restarts of containers" },
  replicas_ready: { kind: "gauge", unit: "1", what: "replicas that are ready" },
  jobs_failed: { kind: "gauge", unit: "1", what: "pods of jobs that have failed" },
  jobs_succeeded: { kind: "gauge", unit: "1", what: "pods of jobs that have ended well" },
  used_input_tokens: { kind: "counter", unit: "tokens", what: "tokens of prompts, as clients count them" },
  used_output_tokens: { kind: "counter", unit: "tokens", what: "tokens of answers, as clients count them" },
  calls_finished: { kind: "counter", unit: "requests", what: "calls of clients that ended well" },
  calls_failed: { kind: "counter", unit: "requests", what: "calls of clients that failed" },
  call_seconds: { kind: "histogram", unit: "seconds", what: "time of a call, as its client measures it" },
  first_chunk_seconds: {
    kind: "histogram",
    unit: "seconds",
    what: "time to the first chunk that a client sees",
  },
  node_cost: { kind: "gauge", unit: "currency/hour", what: "what OpenCost says a node costs" },
} as const satisfies Record<string, SignalFact>;

/** The name of a signal. */
export type SignalName = keyof typeof signals;
/** Names of all signals. */
export const signalNames = Object.keys(signals) as SignalName[];

/** Who or what a point is of; empty where that is not known or not meant. */
export interface SignalSubject {
  readonly cluster: string;
  readonly namespace: string;
  /** Deployment, StatefulSet, Job, …; empty for a pod of its own or where there is no pod. */
  readonly controllerKind: string;
  /** The controller, else the pod. */
  readonly controller: string;
  /** The model that a server names. */
  readonly model: string;
  readonly node: string;
  /** A GPU's UUID or index. */
  readonly device: string;
}

/** One signal of one subject in one bucket of time. A bucket without a sample has no point: a gap is a gap. */
export interface SignalPoint extends SignalSubject {
  /** The bucket's start. */
  readonly time: Instant;
  readonly signal: SignalName;
  /** Only of a histogram's buckets: above lower, up to upper; upper may be Infinity. */
  readonly lower?: number;
  readonly upper?: number;
  readonly sum: number;
  readonly max?: number;
  readonly count: number;
}
