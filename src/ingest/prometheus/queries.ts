/** What is added to every selector, such as cluster="prod"; empty for none. */
export type Matchers = string;

const POD = "cluster, namespace, pod, uid";
/** Engines of containers, not the pause container and not the sums of a pod. */
const CONTAINERS = `container!="", container!="POD"`;
const WORKLOAD_LABELS =
  "exported_namespace, exported_pod, exported_container, namespace, pod, container, pod_namespace, pod_name, container_name, pod_uid";
const DEVICE_LABELS = "cluster, node, Hostname, hostname, UUID, gpu, modelName, GPU_I_ID, GPU_I_PROFILE";

/** {own, more} without empty parts. */
const pick = (own: string, more: Matchers): string => {
  const parts = [own, more].filter((part) => part !== "").join(", ");
  return parts === "" ? "" : `{${parts}}`;
};

/**
 * The PromQL of everything that is read. `max by` folds the copies that several scrapers make of one fact. A step's value is what was so
 * at its end; use is the mean of the step, and rate() steps over resets of counters.
 * @param step length of a step, such as 300s
 * @see kube-state-metrics docs/metrics; cAdvisor docs/storage/prometheus.md; dcgm-exporter
 */
export function usageQueries(step: string, more: Matchers) {
  const max = (by: string, metric: string, own = ""): string =>
    `max by (${by}) (${metric}${pick(own, more)})`;
  /** Labels of all series that a look of this length back finds. */
  const all =
    (by: string, metric: string, own = "") =>
    (look: string): string =>
      `max by (${by}) (last_over_time(${metric}${pick(own, more)}[${look}]))`;
  const every =
    (metric: string) =>
    (look: string): string =>
      `last_over_time(${metric}${pick("", more)}[${look}])`;
  const gpu = (metric: string): string =>
    `max by (${DEVICE_LABELS}, ${WORKLOAD_LABELS}) (avg_over_time(${metric}${pick("", more)}[${step}]))`;
  const network = (direction: string): string =>
    `sum by (cluster, namespace, pod) (max by (cluster, namespace, pod, interface) (increase(container_network_${direction}_bytes_total${pick(`pod!=""`, more)}[${step}])))`;
  return {
    nodeCapacity: max("cluster, node, resource", "kube_node_status_capacity"),
    nodeAllocatable: max("cluster, node, resource", "kube_node_status_allocatable"),
    nodeLabels: every("kube_node_labels"),
    nodeMachines: all("cluster, node, provider_id", "kube_node_info"),
    // What has ended keeps its object, and its requests with it, but holds nothing. What has no node yet holds nothing either.
    pods: `max by (${POD}, node, created_by_kind, created_by_name) (kube_pod_info${pick(`node!=""`, more)}) unless on (${POD}) (${max(POD, "kube_pod_status_phase", `phase=~"Succeeded|Failed"`)} == 1)`,
    podOwners: all(`${POD}, owner_kind, owner_name`, "kube_pod_owner", `owner_is_controller="true"`),
    replicaSetOwners: all(
      "cluster, namespace, replicaset, owner_kind, owner_name",
      "kube_replicaset_owner",
      `owner_kind!="<none>"`,
    ),
    jobOwners: all(
      "cluster, namespace, job_name, owner_kind, owner_name",
      "kube_job_owner",
      `owner_kind="CronJob"`,
    ),
    podLabels: every("kube_pod_labels"),
    requests: max(`${POD}, container, resource`, "kube_pod_container_resource_requests"),
    waiting: `${max(`${POD}, container`, "kube_pod_container_status_waiting_reason", `reason=~"ImagePullBackOff|ErrImagePull"`)} == 1`,
    // A container that restarts within a step is two series; both are its use, copies of one are not.
    cpuUsage: `sum by (cluster, namespace, pod, container) (max by (cluster, namespace, pod, container, id) (rate(container_cpu_usage_seconds_total${pick(CONTAINERS, more)}[${step}])))`,
    ramUsage: `max by (cluster, namespace, pod, container) (avg_over_time(container_memory_working_set_bytes${pick(CONTAINERS, more)}[${step}]))`,
    networkReceived: network("receive"),
    networkSent: network("transmit"),
    gpuMemory: gpu("DCGM_FI_DEV_FB_USED"),
    gpuActivity: gpu,
    volumes: max(
      "cluster, namespace, persistentvolumeclaim",
      "kube_persistentvolumeclaim_resource_requests_storage_bytes",
    ),
    volumeClasses: all(
      "cluster, namespace, persistentvolumeclaim, storageclass",
      "kube_persistentvolumeclaim_info",
    ),
    volumeMounts: max(`${POD}, persistentvolumeclaim`, "kube_pod_spec_volumes_persistentvolumeclaims_info"),
  };
}

export type UsageQueries = ReturnType<typeof usageQueries>;
