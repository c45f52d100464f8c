/** Kinds that are read: where their API lists them, and whether they can stand for a workload by themselves. */
export interface ReadKind {
  readonly kind: string;
  /** `/api/v1` or `/apis/<group>/<version>`; several where clusters differ, the newest first. */
  readonly apis: readonly string[];
  readonly plural: string;
}

const core = ["/api/v1"];

/** In the order in which a live cluster is asked. ReplicaSets and volumes are read only to follow them. */
export const readKinds: readonly ReadKind[] = [
  { kind: "Node", apis: core, plural: "nodes" },
  { kind: "PersistentVolume", apis: core, plural: "persistentvolumes" },
  { kind: "PersistentVolumeClaim", apis: core, plural: "persistentvolumeclaims" },
  { kind: "Pod", apis: core, plural: "pods" },
  { kind: "ReplicaSet", apis: ["/apis/apps/v1"], plural: "replicasets" },
  { kind: "Deployment", apis: ["/apis/apps/v1"], plural: "deployments" },
  { kind: "StatefulSet", apis: ["/apis/apps/v1"], plural: "statefulsets" },
  { kind: "DaemonSet", apis: ["/apis/apps/v1"], plural: "daemonsets" },
  { kind: "Job", apis: ["/apis/batch/v1"], plural: "jobs" },
  { kind: "CronJob", apis: ["/apis/batch/v1"], plural: "cronjobs" },
  {
    kind: "Notebook",
    apis: ["/apis/kubeflow.org/v1", "/apis/kubeflow.org/v1beta1"],
    plural: "notebooks",
  },
  { kind: "InferenceService", apis: ["/apis/serving.kserve.io/v1beta1"], plural: "inferenceservices" },
  {
    kind: "LLMInferenceService",
    apis: ["/apis/serving.kserve.io/v1alpha2", "/apis/serving.kserve.io/v1alpha1"],
    plural: "llminferenceservices",
  },
  { kind: "RayCluster", apis: ["/apis/ray.io/v1"], plural: "rayclusters" },
  { kind: "RayJob", apis: ["/apis/ray.io/v1"], plural: "rayjobs" },
  { kind: "RayService", apis: ["/apis/ray.io/v1"], plural: "rayservices" },
  { kind: "PyTorchJob", apis: ["/apis/kubeflow.org/v1"], plural: "pytorchjobs" },
  {
    kind: "MPIJob",
    apis: ["/apis/kubeflow.org/v2beta1", "/apis/kubeflow.org/v1"],
    plural: "mpijobs",
  },
  { kind: "Workflow", apis: ["/apis/argoproj.io/v1alpha1"], plural: "workflows" },
  { kind: "CronWorkflow", apis: ["/apis/argoproj.io/v1alpha1"], plural: "cronworkflows" },
];

const byKind = new Set(readKinds.map(({ kind }) => kind));

export const isReadKind = (kind: string): boolean => byKind.has(kind);
