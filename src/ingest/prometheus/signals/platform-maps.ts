import { gpuActivityMetrics } from "#facts/cluster-usage.ts";
import type { SignalMap, SignalMetric } from "./signal-source.ts";

const PER_CENT = 0.01;

/** GPU_UTIL is in per cent, the profiling metrics from 0 to 1. */
const activity = gpuActivityMetrics.map((name) =>
  name === "DCGM_FI_DEV_GPU_UTIL" ? { name, scale: PER_CENT } : { name },
);
const containers = (name: string): SignalMetric => ({ name, matchers: `container!="", container!="POD"` });
const pods = (name: string): SignalMetric => ({ name, matchers: `pod!=""` });

/**
 * What the platform beneath tells of GPUs, containers, controllers and nodes.
 * @see dcgm-exporter etc/default-counters.csv; cAdvisor docs/storage/prometheus.md; kube-state-metrics docs/metrics; OpenCost docs/metrics
 */
export const platformMaps: readonly SignalMap[] = [
  {
    program: "dcgm-exporter",
    subject: "gpu",
    sources: [
      { signal: "gpu_active", metrics: activity },
      { signal: "gpu_tensor_active", metrics: ["DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"] },
      { signal: "gpu_memory_active", metrics: ["DCGM_FI_PROF_DRAM_ACTIVE"] },
      { signal: "gpu_memory_used", metrics: ["DCGM_FI_DEV_FB_USED"] },
      { signal: "gpu_power", metrics: ["DCGM_FI_DEV_POWER_USAGE"] },
    ],
  },
  {
    program: "cadvisor",
    subject: "pod",
    sources: [
      { signal: "cpu_seconds", metrics: [containers("container_cpu_usage_seconds_total")] },
      { signal: "memory_used", metrics: [containers("container_memory_working_set_bytes")] },
      { signal: "network_bytes", metrics: [pods("container_network_receive_bytes_total")] },
      { signal: "network_bytes", metrics: [pods("container_network_transmit_bytes_total")] },
      { signal: "storage_operations", metrics: [containers("container_fs_reads_total")] },
      { signal: "storage_operations", metrics: [containers("container_fs_writes_total")] },
      { signal: "storage_bytes", metrics: [containers("container_fs_reads_bytes_total")] },
      { signal: "storage_bytes", metrics: [containers("container_fs_writes_bytes_total")] },
    ],
  },
  {
    program: "kube-state-metrics",
    subject: "pod",
    sources: [{ signal: "restarts", metrics: ["kube_pod_container_status_restarts_total"] }],
  },
  {
    program: "kube-state-metrics",
    subject: "deployment",
    sources: [{ signal: "replicas_ready", metrics: ["kube_deployment_status_replicas_ready"] }],
  },
  {
    program: "kube-state-metrics",
    subject: "job",
    sources: [
      { signal: "jobs_failed", metrics: ["kube_job_status_failed"] },
      { signal: "jobs_succeeded", metrics: ["kube_job_status_succeeded"] },
    ],
  },
  {
    program: "opencost",
    subject: "node",
    sources: [{ signal: "node_cost", metrics: ["node_total_hourly_cost"] }],
  },
];
