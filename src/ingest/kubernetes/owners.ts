import { isFields, type KubernetesObject, listAt, textAt } from "./fields.ts";

/** An object's place in its cluster: `namespace/Kind/name`, `/Kind/name` for one without a namespace. */
export function objectKey(object: KubernetesObject): string {
  const namespace = textAt(object, "metadata", "namespace") ?? defaultNamespace(object.kind);
  return `${namespace}/${object.kind}/${textAt(object, "metadata", "name") ?? ""}`;
}

const clusterWide = new Set(["Node", "PersistentVolume"]);
const defaultNamespace = (kind: string): string => (clusterWide.has(kind) ? "" : "default");

/** No real chain of owners is longer; one that is goes in a circle. */
const LONGEST = 10;

/**
 * The key of the object that in the end controls an object, by owner references: a pod's Deployment, a job's CronJob, a cluster's
 * RayJob. A dump may lack the ReplicaSet between a pod and its Deployment; then the hash in the ReplicaSet's name is taken off.
 * Owners that are not in the dump and can't be had so are no owners: the object stands for itself.
 */
export function rootOf(
  object: KubernetesObject,
  byKey: ReadonlyMap<string, KubernetesObject>,
): KubernetesObject {
  let root = object;
  for (let step = 0; step < LONGEST; step++) {
    const owner = ownerOf(root, byKey);
    if (owner === undefined) return root;
    root = owner;
  }
  return object;
}

function ownerOf(
  object: KubernetesObject,
  byKey: ReadonlyMap<string, KubernetesObject>,
): KubernetesObject | undefined {
  const references = listAt(object, "metadata", "ownerReferences").filter(isFields);
  const reference = references.find((each) => each["controller"] === true) ?? references[0];
  const [kind, name] = [textAt(reference, "kind"), textAt(reference, "name")];
  if (kind === undefined || name === undefined) return undefined;
  const namespace = textAt(object, "metadata", "namespace") ?? defaultNamespace(object.kind);
  const owner = byKey.get(`${namespace}/${kind}/${name}`);
  if (owner !== undefined || kind !== "ReplicaSet") return owner;
  return byKey.get(`${namespace}/Deployment/${name.replace(/-[a-z0-9]{5,10}$/, "")}`);
}
