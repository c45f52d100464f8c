import { type KubernetesObject, listAt, textAt } from "./fields.ts";
import { objectKey, rootOf } from "./owners.ts";
import { podSets } from "./pod-sets.ts";

/** A controller with everything below it. */
export interface Family {
  readonly root: KubernetesObject;
  readonly members: KubernetesObject[];
}

/** The objects of one cluster with what leads from one to another, looked up once. */
export interface Cluster {
  readonly name: string;
  readonly byKey: ReadonlyMap<string, KubernetesObject>;
  /** Roots by key, with everything they control. */
  readonly families: ReadonlyMap<string, Family>;
  /** Keys of the roots of the pods that are up on a node, DaemonSets apart. */
  readonly hosted: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of the roots that mount a claim, by `namespace/claim`. */
  readonly mounted: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Looks up once what leads from one object to another. */
export function clusterOf(name: string, objects: readonly KubernetesObject[]): Cluster {
  const byKey = new Map(objects.map((object) => [objectKey(object), object]));
  const families = new Map<string, Family>();
  const hosted = new Map<string, Set<string>>();
  const mounted = new Map<string, Set<string>>();
  for (const object of objects) {
    if (infrastructure.has(object.kind)) continue;
    const root = rootOf(object, byKey);
    const key = objectKey(root);
    const family = families.get(key) ?? { root, members: [] };
    families.set(key, family);
    if (object !== root) family.members.push(object);
    const node = textAt(object, "spec", "nodeName");
    if (node !== undefined && object.kind === "Pod" && isUp(object) && root.kind !== "DaemonSet")
      put(hosted, node, key);
    for (const claim of claimsOf(object)) put(mounted, `${namespaceOf(object)}/${claim}`, key);
  }
  return { name, byKey, families, hosted, mounted };
}

const infrastructure = new Set(["Node", "PersistentVolume", "PersistentVolumeClaim"]);

const isUp = (pod: KubernetesObject): boolean =>
  !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase") ?? "");

function put(index: Map<string, Set<string>>, key: string, value: string): void {
  index.set(key, (index.get(key) ?? new Set()).add(value));
}

/** An object's namespace, `default` where it names none. */
export const namespaceOf = (object: KubernetesObject): string =>
  textAt(object, "metadata", "namespace") ?? "default";

/** A key with its cluster before it. */
export const refOf = ({ name }: Cluster, key: string): string => `${name}/${key}`;

/** Claims that an object's pods mount; a StatefulSet's own ones are named after their template, itself and, here left off, a number. */
function claimsOf(object: KubernetesObject): string[] {
  const named = podSets(object).flatMap(({ podSpec }) =>
    listAt(podSpec, "volumes").flatMap(
      (volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? [],
    ),
  );
  if (object.kind !== "StatefulSet") return named;
  const own = listAt(object, "spec", "volumeClaimTemplates").map(
    (template) =>
      `${textAt(template, "metadata", "name") ?? ""}-${textAt(object, "metadata", "name") ?? ""}${NUMBERED}`,
  );
  return [...named, ...own];
}

/** Stands for the number at the end of a StatefulSet's claim. */
export const NUMBERED = "-#";
