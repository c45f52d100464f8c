import { declaredBy } from "#facts/declared-values.ts";
import { identifiersOf } from "#facts/resource-identity.ts";
import type { Sighting } from "#facts/sighting.ts";
import { type KubernetesObject, listAt, textAt, textsAt, timeAt } from "./fields.ts";
import { type Cluster, clusterOf, type Family, namespaceOf, NUMBERED, refOf } from "./cluster.ts";
import { gpuRequest } from "./gpu-requests.ts";
import { objectKey } from "./owners.ts";
import { type PodSet, podSets } from "./pod-sets.ts";
import { hintsOf, wordsOf } from "./tells.ts";

/** Labels that name a component, and so no workload. */
const componentLabels = ["app", "service", "application"] as const;

/**
 * What the objects of one cluster say, one sighting per controller, node and claim: pods and what lies between are counted to the
 * controller at the top.
 * @param name of the cluster, as it becomes part of places and references
 */
export function clusterSightings(name: string, objects: readonly KubernetesObject[]): Sighting[] {
  const cluster = clusterOf(name, objects);
  const ofKind = (kind: string): KubernetesObject[] => objects.filter((object) => object.kind === kind);
  return [
    // A ReplicaSet without its Deployment stands for nothing that is up, unless it has pods.
    ...[...cluster.families.values()]
      .filter(({ root, members }) => root.kind !== "ReplicaSet" || members.length > 0)
      .map((family) => controllerSighting(cluster, family)),
    ...ofKind("Node").map((node) => nodeSighting(cluster, node)),
    ...ofKind("PersistentVolumeClaim").map((claim) => claimSighting(cluster, claim)),
  ];
}

function controllerSighting(cluster: Cluster, { root, members }: Family): Sighting {
  const namespace = namespaceOf(root);
  const own = podSets(root);
  // A custom resource whose pods we can't read off still has those that run.
  const sets = own.length > 0 ? own : members.filter(({ kind }) => kind === "Pod").flatMap(podSets);
  const labels = { ...templateLabels(sets), ...textsAt(root, "metadata", "labels") };
  const annotations = textsAt(root, "metadata", "annotations");
  const requests = sets.map(({ podSpec, pods }) => ({ ...gpuRequest(podSpec), pods }));
  const times = [root, ...members].flatMap(timesOf);
  return {
    source: "kubernetes",
    ref: refOf(cluster, objectKey(root)),
    name: labels["app.kubernetes.io/part-of"] ?? textAt(root, "metadata", "name") ?? "",
    place: `${cluster.name}/${namespace}`,
    ids: [root, ...members].map((object) => refOf(cluster, objectKey(object)).toLowerCase()),
    declared: { ...declaredBy(annotations, componentLabels), ...declaredBy(labels, componentLabels) },
    ...hintsOf(root, sets, namespace),
    traits: {
      kind: root.kind,
      images: [...new Set(sets.flatMap(imagesOf))].sort(),
      gpus: requests.reduce((sum, { devices, pods }) => sum + devices * pods, 0),
      words: wordsOf(root, sets),
    },
    ...seen(times),
  };
}

function templateLabels(sets: readonly PodSet[]): Record<string, string> {
  return Object.assign({}, ...sets.map(({ metadata }) => textsAt(metadata, "labels"))) as Record<
    string,
    string
  >;
}

const imagesOf = ({ podSpec }: PodSet): string[] =>
  listAt(podSpec, "containers").flatMap((container) => textAt(container, "image") ?? []);

const timesOf = (object: KubernetesObject): number[] =>
  [
    timeAt(object, "metadata", "creationTimestamp"),
    timeAt(object, "status", "startTime"),
    timeAt(object, "status", "completionTime"),
    timeAt(object, "status", "lastScheduleTime"),
  ].flatMap((time) => time ?? []);

function seen(times: readonly number[]): Pick<Sighting, "first" | "last"> {
  if (times.length === 0) return {};
  return { first: times.reduce((a, b) => Math.min(a, b)), last: times.reduce((a, b) => Math.max(a, b)) };
}

const instanceTypeLabels = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"] as const;

/** A node is a machine that the bill knows by its provider id; what runs on it, DaemonSets apart, says whose it is. */
function nodeSighting(cluster: Cluster, node: KubernetesObject): Sighting {
  const name = textAt(node, "metadata", "name") ?? "";
  const ref = refOf(cluster, objectKey(node));
  const labels = textsAt(node, "metadata", "labels");
  const instanceType = instanceTypeLabels.map((key) => labels[key]).find((value) => value !== undefined);
  const gpuType = labels["nvidia.com/gpu.product"];
  const gpus = Number(textAt(node, "status", "capacity", "nvidia.com/gpu") ?? "0");
  return {
    source: "kubernetes",
    ref,
    name,
    place: `${cluster.name}/nodes`,
    ids: [ref.toLowerCase(), ...identifiersOf(textAt(node, "spec", "providerID") ?? "")],
    hosts: [...(cluster.hosted.get(name) ?? [])].map((key) => refOf(cluster, key).toLowerCase()),
    declared: declaredBy(labels, componentLabels),
    traits: {
      kind: "Node",
      gpus: Number.isSafeInteger(gpus) ? gpus : 0,
      ...(instanceType === undefined ? {} : { instanceTypes: [instanceType] }),
      ...(gpuType === undefined ? {} : { gpuType }),
    },
    ...seen(timesOf(node)),
  };
}

/** A claim belongs to whoever mounts it; the volume behind it is what the bill names. */
function claimSighting(cluster: Cluster, claim: KubernetesObject): Sighting {
  const name = textAt(claim, "metadata", "name") ?? "";
  const ref = refOf(cluster, objectKey(claim));
  const volume = cluster.byKey.get(`/PersistentVolume/${textAt(claim, "spec", "volumeName") ?? ""}`);
  const handle =
    textAt(volume, "spec", "csi", "volumeHandle") ??
    textAt(volume, "spec", "awsElasticBlockStore", "volumeID") ??
    textAt(volume, "spec", "gcePersistentDisk", "pdName");
  const place = `${namespaceOf(claim)}/`;
  const users = [name, name.replace(/-\d+$/, NUMBERED)].flatMap((each) => [
    ...(cluster.mounted.get(place + each) ?? []),
  ]);
  const labels = { ...textsAt(volume, "metadata", "labels"), ...textsAt(claim, "metadata", "labels") };
  return {
    source: "kubernetes",
    ref,
    name,
    place: `${cluster.name}/${namespaceOf(claim)}`,
    ids: [ref.toLowerCase(), ...identifiersOf(handle ?? "")],
    partOf: [...new Set(users)].map((key) => refOf(cluster, key).toLowerCase()),
    declared: declaredBy(labels, componentLabels),
    traits: { kind: "PersistentVolumeClaim" },
    ...seen(timesOf(claim)),
  };
}
