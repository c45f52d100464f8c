import { UNKNOWN } from "#facts/cluster-usage.ts";
import type { SignalSubject } from "#facts/signal.ts";
import type { ReadPods } from "#ingest/prometheus/read-pods.ts";
import type { Labels } from "#ingest/prometheus/read-series.ts";
import { firstStep } from "#ingest/prometheus/step-runs.ts";
import { workloadName } from "#ingest/prometheus/workload-name.ts";
import type { SignalMap } from "./signal-source.ts";

/** Whom a series is of, step by step: names of pods are used again. */
export interface Subjects {
  readonly subjectOf: (labels: Labels, model: string) => (step: number) => SignalSubject;
  /** True in the first step of the pod that the series is of. */
  readonly isBorn: (labels: Labels) => (step: number) => boolean;
}

/** Which pods asked for GPUs: `cluster/namespace/pod`. */
export type GpuAskers = ReadonlySet<string>;

/** How the series of a map name what they are of. */
export function subjects(
  kind: SignalMap["subject"],
  pods: ReadPods,
  clusterOf: (labels: Labels) => string,
  askers: GpuAskers,
): Subjects {
  const nobody = (labels: Labels): SignalSubject => ({ ...NOBODY, cluster: clusterOf(labels) });
  const podOf = (labels: Labels): { namespace: string; pod: string } | undefined => {
    const name = kind === "gpu" ? workloadName(labels) : plainPod(labels);
    if (name === undefined) return undefined;
    const { pod, namespace = "", unsure } = name;
    if (unsure && !askers.has(`${clusterOf(labels)}/${namespace}/${pod}`)) return undefined;
    return { namespace, pod };
  };
  const indexAt = (labels: Labels): ((step: number) => number) => {
    const name = podOf(labels);
    if (name === undefined) return () => UNKNOWN;
    return pods.podAt({ cluster: clusterOf(labels), ...name, uid: labels["pod_uid"] ?? labels["uid"] });
  };
  const ofPod = (labels: Labels, model: string): ((step: number) => SignalSubject) => {
    const name = podOf(labels);
    const at = indexAt(labels);
    const unknown: SignalSubject = {
      ...nobody(labels),
      namespace: name?.namespace ?? (kind === "gpu" ? "" : (labels["namespace"] ?? "")),
      // Without kube-state-metrics the pod, else who was scraped, is all that is known.
      controller: name?.pod ?? (kind === "gpu" ? "" : (labels["instance"] ?? "")),
      model,
      node: labels["node"] ?? labels["Hostname"] ?? labels["hostname"] ?? "",
      device: kind === "gpu" ? deviceOf(labels) : "",
    };
    const known = new Map<number, SignalSubject>();
    return (step) => {
      const index = at(step);
      const pod = pods.pods[index];
      if (pod === undefined) return unknown;
      const subject = known.get(index) ?? {
        ...unknown,
        namespace: pod.namespace,
        controllerKind: pod.controllerKind,
        controller: pod.controller || pod.name,
        node: kind === "gpu" ? (pods.nodes[pod.node]?.name ?? unknown.node) : "",
      };
      known.set(index, subject);
      return subject;
    };
  };
  const fixed = (subject: SignalSubject) => (): SignalSubject => subject;
  return {
    subjectOf: (labels, model) => {
      if (kind === "node")
        return fixed({ ...nobody(labels), node: labels["node"] ?? labels["instance"] ?? "" });
      if (kind === "deployment" || kind === "job")
        return fixed({
          ...nobody(labels),
          namespace: labels["namespace"] ?? "",
          controllerKind: kind === "job" ? "Job" : "Deployment",
          controller: (kind === "job" ? labels["job_name"] : labels["deployment"]) ?? "",
        });
      return ofPod(labels, model);
    },
    isBorn: (labels) => {
      const at = indexAt(labels);
      return (step) => {
        const pod = pods.pods[at(step)];
        return pod !== undefined && firstStep(pod.runs) === step;
      };
    },
  };
}

const NOBODY: SignalSubject = {
  cluster: "",
  namespace: "",
  controllerKind: "",
  controller: "",
  model: "",
  node: "",
  device: "",
};

function plainPod(
  labels: Labels,
): { namespace?: string | undefined; pod: string; unsure: boolean } | undefined {
  const pod = labels["exported_pod"] || labels["pod"] || labels["pod_name"];
  if (pod === undefined || pod === "") return undefined;
  const namespace = labels["exported_namespace"] || labels["namespace"] || labels["pod_namespace"];
  return { namespace, pod, unsure: false };
}

/** A MIG instance is a device of its own. */
function deviceOf({ UUID, gpu, GPU_I_ID }: Labels): string {
  const own = UUID ?? gpu ?? "";
  return GPU_I_ID === undefined || GPU_I_ID === "" ? own : `${own}/${GPU_I_ID}`;
}
