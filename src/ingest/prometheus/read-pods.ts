import { type ClusterNode, type ClusterPod, MICRO, type Steps, UNKNOWN } from "#facts/cluster-usage.ts";
import type { UsageQueries } from "./queries.ts";
import type { Labels, SeriesReader } from "./read-series.ts";
import { addStep, endStep, firstStep, hasStep, type StepRuns } from "./step-runs.ts";

/** A pod while its series are read. */
export interface ReadPod extends ClusterPod {
  readonly runs: StepRuns;
  networkBytes: number;
}

/** Nodes and pods of a window, and how other series find them. */
export interface ReadPods {
  readonly nodes: readonly ClusterNode[];
  readonly pods: readonly ReadPod[];
  readonly nodeIndex: (cluster: string, name: string | undefined) => number;
  /** The pod that a series means in a step: by its uid, else the one of that name that was there then. UNKNOWN if there is none. */
  readonly podAt: (pod: PodName) => (step: number) => number;
}

export interface PodName {
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  readonly uid: string | undefined;
}

const join = (...parts: readonly (string | undefined)[]): string => parts.join("\u0000");

/** Reads nodes first, then the pods that ran on them, their owners and labels. */
export async function readPods(
  reader: SeriesReader,
  queries: UsageQueries,
  steps: Steps,
  defaultCluster: string,
): Promise<ReadPods> {
  const clusterOf = (labels: Labels): string => labels["cluster"] ?? defaultCluster;
  const nodes = await readNodes(reader, queries, steps, clusterOf);
  const byName = new Map(nodes.map(({ cluster, name }, index) => [join(cluster, name), index]));
  const nodeIndex = (cluster: string, name: string | undefined): number =>
    byName.get(join(cluster, name)) ?? UNKNOWN;
  const owners = await readOwners(reader, queries, clusterOf);
  const labels = await readPodLabels(reader, queries, clusterOf);
  const pods: ReadPod[] = [];
  const names = new Map<string, number[]>();
  await reader.values(queries.pods, (series) => {
    const cluster = clusterOf(series);
    const { namespace = "", pod: name = "", uid = "" } = series;
    const id = join(cluster, namespace, name);
    const pod: ReadPod = {
      cluster,
      namespace,
      name,
      uid,
      node: nodeIndex(cluster, series["node"]),
      ...owners(cluster, series),
      labels: labels.get(join(id, uid)) ?? {},
      networkBytes: UNKNOWN,
      runs: [],
    };
    names.set(id, [...(names.get(id) ?? []), pods.length]);
    pods.push(pod);
    return (step) => addStep(pod.runs, step);
  });
  const podAt = ({ cluster, namespace, pod, uid }: PodName): ((step: number) => number) => {
    const named = names.get(join(cluster, namespace, pod)) ?? [];
    const [sole = UNKNOWN, ...others] = named;
    const own = uid === undefined || uid === "" ? undefined : named.find((index) => pods[index]?.uid === uid);
    if (own !== undefined) return () => own;
    if (others.length === 0) return (step) => (isDuring(pods[sole], step) ? sole : UNKNOWN);
    return (step) =>
      named.find((index) => hasStep(pods[index]?.runs ?? [], step)) ??
      named.find((index) => isDuring(pods[index], step)) ??
      UNKNOWN;
  };
  return { nodes, pods, nodeIndex, podAt };
}

const isDuring = (pod: ReadPod | undefined, step: number): boolean =>
  pod !== undefined && step >= firstStep(pod.runs) && step < endStep(pod.runs);

async function readNodes(
  reader: SeriesReader,
  queries: UsageQueries,
  steps: Steps,
  clusterOf: (labels: Labels) => string,
): Promise<ClusterNode[]> {
  const found = new Map<
    string,
    { cluster: string; name: string; present: Uint8Array; has: Map<string, number> }
  >();
  const capacity = (labels: Labels) => {
    const [cluster, name] = [clusterOf(labels), labels["node"] ?? ""];
    const resource = labels["resource"] ?? "";
    const node = found.get(join(cluster, name)) ?? {
      cluster,
      name,
      has: new Map<string, number>(),
      present: new Uint8Array(steps.count),
    };
    found.set(join(cluster, name), node);
    return (step: number, value: number): void => {
      node.present[step] = 1;
      node.has.set(resource, Math.max(node.has.get(resource) ?? 0, value));
    };
  };
  await reader.values(queries.nodeCapacity, capacity);
  // An old kube-state-metrics, or one that drops it, may tell only what can be requested.
  if (found.size === 0) await reader.values(queries.nodeAllocatable, capacity);
  const labels = new Map<string, Labels>();
  await reader.labels(queries.nodeLabels, (series) => {
    labels.set(join(clusterOf(series), series["node"]), series);
  });
  const machines = new Map<string, Set<string>>();
  await reader.labels(queries.nodeMachines, (series) => {
    const { node, provider_id: id = "" } = series;
    const known = machines.get(join(clusterOf(series), node)) ?? new Set();
    if (id !== "") machines.set(join(clusterOf(series), node), known.add(id));
  });
  return [...found.values()].map(({ cluster, name, present, has }): ClusterNode => {
    const [cores, bytes] = [has.get("cpu"), has.get("memory")];
    const own = objectLabels(labels.get(join(cluster, name)) ?? {});
    // A name that was used again is of two machines; which of them ran what can't be told.
    const [providerId, ...others] = machines.get(join(cluster, name)) ?? [];
    return {
      cluster,
      name,
      providerId: others.length === 0 ? providerId : undefined,
      present,
      labels: own,
      cpuMicroCores: cores === undefined ? UNKNOWN : Math.round(cores * MICRO),
      ramKib: bytes === undefined ? UNKNOWN : Math.round(bytes / 1024),
      gpus: physicalGpus(has, own),
    };
  });
}

/** GPUs as the node tells them: its label, else its resource, of which time slicing makes several. */
function physicalGpus(has: ReadonlyMap<string, number>, labels: Readonly<Record<string, string>>): number {
  const replicas = Math.max(1, Number(labels["nvidia_com_gpu_replicas"] ?? 1) || 1);
  const counted = Number(labels["nvidia_com_gpu_count"] ?? 0) || 0;
  const whole = (has.get("nvidia_com_gpu") ?? 0) + (has.get("nvidia_com_gpu_shared") ?? 0);
  return counted > 0 ? counted : Math.ceil(whole / replicas) + (has.get("amd_com_gpu") ?? 0);
}

/** Labels of the Kubernetes object, which kube-state-metrics writes as label_…. */
const objectLabels = (labels: Labels): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([name, value = ""]) =>
      name.startsWith("label_") ? [[name.slice("label_".length), value]] : [],
    ),
  );

interface Owner {
  readonly controllerKind: string;
  readonly controller: string;
}

/** Who controls a pod: past its ReplicaSet the Deployment, past its Job the CronJob. */
async function readOwners(
  { labels: read }: SeriesReader,
  queries: UsageQueries,
  clusterOf: (labels: Labels) => string,
): Promise<(cluster: string, pod: Labels) => Owner> {
  const direct = new Map<string, Owner>();
  const above = new Map<string, Owner>();
  const ownerOf = (labels: Labels): Owner => ({
    controllerKind: labels["owner_kind"] ?? "",
    controller: labels["owner_name"] ?? "",
  });
  const { podOwners, replicaSetOwners, jobOwners } = queries;
  await read(podOwners, (series) => {
    direct.set(join(clusterOf(series), series["namespace"], series["pod"], series["uid"]), ownerOf(series));
  });
  await read(replicaSetOwners, (series) => {
    above.set(
      join(clusterOf(series), series["namespace"], "ReplicaSet", series["replicaset"]),
      ownerOf(series),
    );
  });
  await read(jobOwners, (series) => {
    above.set(join(clusterOf(series), series["namespace"], "Job", series["job_name"]), ownerOf(series));
  });
  const named = (text: string | undefined): string => (text === undefined || text === "<none>" ? "" : text);
  return (cluster, pod) => {
    const own = direct.get(join(cluster, pod["namespace"], pod["pod"], pod["uid"])) ?? {
      controllerKind: named(pod["created_by_kind"]),
      controller: named(pod["created_by_name"]),
    };
    return above.get(join(cluster, pod["namespace"], own.controllerKind, own.controller)) ?? own;
  };
}

async function readPodLabels(
  { labels: read }: SeriesReader,
  queries: UsageQueries,
  clusterOf: (labels: Labels) => string,
): Promise<Map<string, Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  await read(queries.podLabels, (series) => {
    const { namespace, pod, uid = "" } = series;
    found.set(join(join(clusterOf(series), namespace, pod), uid), objectLabels(series));
  });
  return found;
}
