import type { SignalMap, SignalSource } from "./signal-source.ts";

const MILLI = 0.001;
const MICRO = 0.000_001;

const named = (model: string, sources: readonly SignalSource[]): SignalSource[] =>
  sources.map((source) => ({ model, ...source }));

/** Duration counters of Triton: microseconds in all, beside the number of requests. */
const triton = (
  signal: "request_seconds" | "queue_seconds" | "decode_seconds",
  sum: string,
): SignalSource => ({
  signal,
  metrics: [],
  mean: { sum: { name: sum, scale: MICRO }, count: { name: "nv_inference_request_success" } },
});

/**
 * What inference servers tell, by their own names.
 * @see vLLM docs/design/metrics.md and v1/metrics/loggers.py; SGLang references/production_metrics.md; text-generation-inference
 *   router metrics; Triton docs/user_guide/metrics.md; TensorRT-LLM by gateway-api-inference-extension docs/proposals/003; Ray
 *   doc/source/serve/monitoring.md
 */
export const servingMaps: readonly SignalMap[] = [
  {
    program: "vllm",
    subject: "pod",
    sources: named("model_name", [
      { signal: "requests_waiting", metrics: ["vllm:num_requests_waiting"] },
      { signal: "requests_running", metrics: ["vllm:num_requests_running"] },
      // Its counter of successes holds those that their clients gave up too.
      {
        signal: "requests_finished",
        metrics: [{ name: "vllm:request_success_total", matchers: `finished_reason!="abort"` }],
      },
      {
        signal: "requests_failed",
        metrics: [{ name: "vllm:request_success_total", matchers: `finished_reason="abort"` }],
      },
      { signal: "input_tokens", metrics: ["vllm:prompt_tokens_total"] },
      { signal: "output_tokens", metrics: ["vllm:generation_tokens_total"] },
      {
        signal: "prefix_tokens_asked",
        metrics: ["vllm:prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries_total"],
      },
      {
        signal: "prefix_tokens_hit",
        metrics: ["vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits_total"],
      },
      { signal: "preemptions", metrics: ["vllm:num_preemptions_total"] },
      { signal: "kv_cache_usage", metrics: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"] },
      { signal: "first_token_seconds", metrics: ["vllm:time_to_first_token_seconds"] },
      {
        signal: "inter_token_seconds",
        metrics: ["vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"],
      },
      { signal: "request_seconds", metrics: ["vllm:e2e_request_latency_seconds"] },
      { signal: "queue_seconds", metrics: ["vllm:request_queue_time_seconds"] },
      { signal: "prefill_seconds", metrics: ["vllm:request_prefill_time_seconds"] },
      { signal: "decode_seconds", metrics: ["vllm:request_decode_time_seconds"] },
    ]),
  },
  {
    program: "sglang",
    subject: "pod",
    sources: named("model_name", [
      { signal: "requests_waiting", metrics: ["sglang:num_queue_reqs"] },
      { signal: "requests_running", metrics: ["sglang:num_running_reqs"] },
      { signal: "requests_finished", metrics: ["sglang:num_requests_total"] },
      { signal: "input_tokens", metrics: ["sglang:prompt_tokens_total"] },
      { signal: "output_tokens", metrics: ["sglang:generation_tokens_total"] },
      { signal: "kv_cache_usage", metrics: ["sglang:token_usage"] },
      { signal: "first_token_seconds", metrics: ["sglang:time_to_first_token_seconds"] },
      {
        signal: "inter_token_seconds",
        metrics: ["sglang:inter_token_latency_seconds", "sglang:time_per_output_token_seconds"],
      },
      { signal: "request_seconds", metrics: ["sglang:e2e_request_latency_seconds"] },
    ]),
  },
  {
    program: "tgi",
    subject: "pod",
    sources: [
      { signal: "requests_waiting", metrics: ["tgi_queue_size"] },
      { signal: "requests_running", metrics: ["tgi_batch_current_size"] },
      { signal: "requests_finished", metrics: ["tgi_request_success"] },
      { signal: "requests_failed", metrics: ["tgi_request_failure"] },
      { signal: "input_tokens", metrics: ["tgi_request_input_length_sum"] },
      { signal: "output_tokens", metrics: ["tgi_request_generated_tokens_sum"] },
      { signal: "inter_token_seconds", metrics: ["tgi_request_mean_time_per_token_duration"] },
      { signal: "request_seconds", metrics: ["tgi_request_duration"] },
      { signal: "queue_seconds", metrics: ["tgi_request_queue_duration"] },
    ],
  },
  {
    program: "triton",
    subject: "pod",
    sources: named("model", [
      { signal: "requests_waiting", metrics: ["nv_inference_pending_request_count"] },
      { signal: "requests_finished", metrics: ["nv_inference_request_success"] },
      { signal: "requests_failed", metrics: ["nv_inference_request_failure"] },
      {
        signal: "first_token_seconds",
        metrics: [{ name: "nv_inference_first_response_histogram_ms", scale: MILLI }],
      },
      triton("request_seconds", "nv_inference_request_duration_us"),
      triton("queue_seconds", "nv_inference_queue_duration_us"),
      triton("decode_seconds", "nv_inference_compute_infer_duration_us"),
    ]),
  },
  {
    program: "tensorrt-llm",
    subject: "pod",
    sources: named("model", [
      {
        signal: "requests_waiting",
        metrics: [
          "trtllm_num_requests_waiting",
          { name: "nv_trt_llm_request_metrics", matchers: `request_type="waiting"` },
        ],
      },
      { signal: "requests_running", metrics: ["trtllm_num_requests_running"] },
      { signal: "kv_cache_usage", metrics: ["trtllm_kv_cache_utilization"] },
    ]),
  },
  {
    program: "ray-serve",
    subject: "pod",
    sources: named("deployment", [
      {
        signal: "requests_waiting",
        metrics: ["ray_serve_deployment_queued_queries", "ray_serve_replica_queued_queries"],
      },
      { signal: "requests_running", metrics: ["ray_serve_replica_processing_queries"] },
      {
        signal: "requests_finished",
        metrics: ["ray_serve_deployment_request_counter_total", "ray_serve_deployment_request_counter"],
      },
      {
        signal: "requests_failed",
        metrics: ["ray_serve_deployment_error_counter_total", "ray_serve_deployment_error_counter"],
      },
      {
        signal: "request_seconds",
        metrics: [{ name: "ray_serve_deployment_processing_latency_ms", scale: MILLI }],
      },
    ]),
  },
];
