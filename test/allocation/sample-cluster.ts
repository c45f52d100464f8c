import { nodeSeries, podSeries, type Recorded, type RecordedPod, useSeries } from "./history.ts";

const GIB = 2 ** 30;
const train: RecordedPod = {
  namespace: "ml",
  pod: "train-0",
  uid: "t1",
  node: "gpu-node",
  owner: ["Job", "train"],
  requests: { cpu: 4, memory: 16 * GIB, nvidia_com_gpu: 1 },
  labels: { label_team: "vision" },
};
const api: RecordedPod = {
  namespace: "web",
  pod: "api-5d9f-x",
  uid: "a1",
  node: "cpu-node",
  owner: ["ReplicaSet", "api-5d9f"],
  requests: { cpu: 1, memory: 4 * GIB },
};
const stuck: RecordedPod = {
  namespace: "web",
  pod: "stuck",
  uid: "s1",
  node: "cpu-node",
  requests: { cpu: 2, memory: 2 * GIB },
};
/** The same name twice: first on one node, then on the other. */
const db: RecordedPod = {
  namespace: "web",
  pod: "db-0",
  uid: "d1",
  node: "cpu-node",
  owner: ["StatefulSet", "db"],
  requests: { cpu: 1, memory: GIB },
  to: 54,
};
const dbAgain: RecordedPod = { ...db, uid: "d2", node: "gpu-node", from: 60, to: 120 };
const done: RecordedPod = { ...stuck, pod: "done", uid: "f1", owner: ["Job", "done"] };
const exporter: RecordedPod = {
  namespace: "gpu-operator",
  pod: "dcgm-exporter-7",
  uid: "e1",
  node: "gpu-node",
};

const constant = (value: number) => (): number => value;
const gpu = (metric: string, labels: Record<string, string>, value: number): Recorded => ({
  metric,
  labels: {
    namespace: exporter.namespace,
    pod: exporter.pod,
    container: "exporter",
    Hostname: "gpu-node",
    modelName: "NVIDIA A10G",
    ...labels,
  },
  value: constant(value),
});
const first = {
  gpu: "0",
  UUID: "GPU-1",
  exported_namespace: "ml",
  exported_pod: "train-0",
  exported_container: "main",
};
const second = { gpu: "1", UUID: "GPU-2" };

/** Two hours of a cluster of two nodes. GPU 1 works at half for a training job; nobody holds GPU 2. */
export const sampleCluster: readonly Recorded[] = [
  ...nodeSeries(
    "gpu-node",
    { cpu: 8, memory: 32 * GIB, nvidia_com_gpu: 2 },
    {
      label_node_kubernetes_io_instance_type: "g5.12xlarge",
      label_topology_kubernetes_io_region: "us-east-1",
    },
    "aws:///us-east-1a/i-0abcdef0123456789",
  ),
  ...nodeSeries(
    "cpu-node",
    { cpu: 4, memory: 16 * GIB },
    { label_node_kubernetes_io_instance_type: "m5.xlarge", label_karpenter_sh_capacity_type: "spot" },
  ),
  ...[train, api, stuck, db, dbAgain, done, exporter].flatMap(podSeries),
  ...useSeries(train, 2, constant(8), 60),
  ...useSeries(api, 0.5, (minute) => (minute > 30 && minute <= 60 ? undefined : 1)),
  ...useSeries(exporter, 0.25, constant(0.5)),
  {
    metric: "kube_replicaset_owner",
    labels: { namespace: "web", replicaset: "api-5d9f", owner_kind: "Deployment", owner_name: "api" },
    value: constant(1),
  },
  {
    metric: "kube_pod_container_status_waiting_reason",
    labels: { namespace: "web", pod: "stuck", uid: "s1", container: "main", reason: "ImagePullBackOff" },
    value: constant(1),
  },
  {
    metric: "kube_pod_status_phase",
    labels: { namespace: "web", pod: "done", uid: "f1", phase: "Succeeded", instance: "late" },
    value: constant(1),
  },
  gpu("DCGM_FI_DEV_FB_USED", first, 20_000),
  gpu("DCGM_FI_PROF_GR_ENGINE_ACTIVE", first, 0.5),
  gpu("DCGM_FI_DEV_GPU_UTIL", first, 100),
  gpu("DCGM_FI_DEV_FB_USED", second, 0),
  gpu("DCGM_FI_PROF_GR_ENGINE_ACTIVE", second, 0),
  {
    metric: "kube_persistentvolumeclaim_resource_requests_storage_bytes",
    labels: { namespace: "web", persistentvolumeclaim: "data" },
    value: constant(100 * GIB),
  },
  {
    metric: "kube_persistentvolumeclaim_info",
    labels: { namespace: "web", persistentvolumeclaim: "data", storageclass: "gp3", volumename: "pv1" },
    value: constant(1),
  },
  ...[db, dbAgain].map(({ namespace, pod, uid, from, to }): Recorded => ({
    metric: "kube_pod_spec_volumes_persistentvolumeclaims_info",
    labels: { namespace, pod, uid, persistentvolumeclaim: "data", volume: "v" },
    value: constant(1),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  })),
  {
    metric: "container_network_receive_bytes_total",
    labels: { namespace: "web", pod: "api-5d9f-x", interface: "eth0" },
    value: (minute) => (minute + 6) * 15 * 2 ** 20,
  },
];
