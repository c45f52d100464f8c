/** The workload that a part of a cluster's cost belongs to, as FOCUS's columns of split cost allocation name it. */
export interface AllocationTarget {
  /** AllocatedResourceId: cluster/namespace/controllerKind/controller. */
  readonly id: string;
  /** AllocatedResourceName. */
  readonly name: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly controllerKind: string;
  readonly controller: string;
  /** AllocatedTags: labels that all its pods have alike, and its namespace. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A pod as a source knows it; empty controller where nothing created it. */
export interface TargetPod {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly controllerKind: string;
  readonly controller: string;
  /** Labels as kube-state-metrics writes them. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Labels that Kubernetes itself gives each pod, or each generation of pods, anew: they tell nothing of whom a workload belongs to, and would
 * cut it into its pods.
 */
const ofOnePod: ReadonlySet<string> = new Set([
  "pod_template_hash",
  "pod_template_generation",
  "controller_revision_hash",
  "controller_uid",
  "job_name",
  "batch_kubernetes_io_controller_uid",
  "batch_kubernetes_io_job_completion_index",
  "batch_kubernetes_io_job_name",
  "statefulset_kubernetes_io_pod_name",
  "apps_kubernetes_io_pod_index",
]);

/** The target that a pod's cost belongs to; a pod of its own is its own. */
export function allocationTarget({
  cluster,
  namespace,
  name,
  controllerKind,
  controller,
  labels,
}: TargetPod): AllocationTarget {
  const [kind, target] = controller === "" ? ["Pod", name] : [controllerKind, controller];
  const own = Object.entries(labels).filter(([label]) => !ofOnePod.has(label));
  return {
    id: [cluster, namespace, kind, target].join("/"),
    name: target,
    cluster,
    namespace,
    controllerKind: kind,
    controller: target,
    tags: Object.fromEntries(
      [...own, ["namespace", namespace] as const].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    ),
  };
}
