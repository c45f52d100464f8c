import { podSeries, type Recorded, START } from "../allocation/history.ts";

/** An hour in pieces of five minutes: what is asked of the history below. */
export const steps = { start: START * 1000, stepSeconds: 300, count: 12 };
/** The start of a step. */
export const at = (step: number): number => steps.start + step * 300_000;

/** Two replicas of one Deployment; the second is started in minute 20, the first ends in minute 80. */
const pods = [
  { pod: "chat-1", uid: "u1", from: -6, to: 80 },
  { pod: "chat-2", uid: "u2", from: 20, to: 120 },
].map((pod) =>
  podSeries({
    ...pod,
    namespace: "ml",
    node: "n1",
    owner: ["ReplicaSet", "chat-7f"],
    requests: { nvidia_com_gpu: 1 },
  }),
);
const owner: Recorded = {
  metric: "kube_replicaset_owner",
  labels: { namespace: "ml", replicaset: "chat-7f", owner_kind: "Deployment", owner_name: "chat" },
  value: () => 1,
};
const vllm = (pod: string) => ({
  namespace: "ml",
  pod,
  model_name: "llama",
  instance: `${pod}:8000`,
  job: "vllm",
});
const counter = (
  metric: string,
  labels: Record<string, string>,
  value: Recorded["value"],
  from = -6,
  to = 120,
) => ({
  metric,
  labels,
  value,
  from,
  to,
});

/** What servers of models and GPUs told for 80 to 120 minutes. */
export const series: Recorded[] = [
  ...pods.flat(),
  owner,
  // 60 tokens a minute. The first pod's counter is reset in minute 12; nothing was scraped from minute 27 to 47.
  counter(
    "vllm:prompt_tokens_total",
    vllm("chat-1"),
    (minute) => {
      if (minute >= 27 && minute <= 47) return undefined;
      return minute < 12 ? 1_000_000 + 60 * minute : 60 * (minute - 12);
    },
    -6,
    80,
  ),
  counter("vllm:prompt_tokens_total", vllm("chat-2"), (minute) => 60 * (minute - 20), 20),
  // A second scraper of the same pods.
  counter(
    "vllm:prompt_tokens_total",
    { ...vllm("chat-2"), job: "again" },
    (minute) => 60 * (minute - 20),
    20,
  ),
  // The gauge was renamed; both names are there for a while.
  counter("vllm:gpu_cache_usage_perc", vllm("chat-1"), () => 0.25, -6, 15),
  counter("vllm:kv_cache_usage_perc", vllm("chat-1"), () => 0.5, 10, 40),
  counter("vllm:num_requests_waiting", vllm("chat-1"), (minute) => (minute === 3 ? 30 : 5), -6, 80),
  // 10 requests a minute: 6 within a second, 3 more within 4 s, one beyond.
  ...[
    ["1", 6],
    ["4", 9],
    ["+Inf", 10],
  ].map(([le, rate]) =>
    counter(
      "vllm:time_to_first_token_seconds_bucket",
      { ...vllm("chat-1"), le: String(le) },
      (m) => Number(rate) * (m + 6),
      -6,
      80,
    ),
  ),
  counter("vllm:time_to_first_token_seconds_sum", vllm("chat-1"), (m) => 20 * (m + 6), -6, 80),
  counter("vllm:time_to_first_token_seconds_count", vllm("chat-1"), (m) => 10 * (m + 6), -6, 80),
  // Triton tells microseconds in all, without buckets.
  counter(
    "nv_inference_request_duration_us",
    { namespace: "ml", pod: "t-0", model: "bert" },
    (m) => 4e6 * (m + 6),
  ),
  counter("nv_inference_request_success", { namespace: "ml", pod: "t-0", model: "bert" }, (m) => 2 * (m + 6)),
  // A GPU under honorLabels: false, by both of its activity metrics, and one that nobody holds.
  counter(
    "DCGM_FI_DEV_GPU_UTIL",
    {
      UUID: "GPU-1",
      Hostname: "n1",
      pod: "dcgm-x",
      namespace: "gpu",
      exported_pod: "chat-1",
      exported_namespace: "ml",
    },
    () => 100,
    -6,
    80,
  ),
  counter(
    "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
    {
      UUID: "GPU-1",
      Hostname: "n1",
      pod: "dcgm-x",
      namespace: "gpu",
      exported_pod: "chat-1",
      exported_namespace: "ml",
    },
    () => 0.4,
    -6,
    80,
  ),
  counter(
    "DCGM_FI_DEV_GPU_UTIL",
    { UUID: "GPU-2", Hostname: "n1", pod: "dcgm-x", namespace: "gpu" },
    () => 7,
  ),
  counter(
    "kube_deployment_status_replicas_ready",
    { namespace: "ml", deployment: "chat", instance: "a" },
    () => 2,
  ),
  counter(
    "kube_deployment_status_replicas_ready",
    { namespace: "ml", deployment: "chat", instance: "b" },
    () => 2,
  ),
];
