import { isoTime } from "./clock.ts";
import type { ClusterPlan } from "./cluster-plans.ts";
import type { Resource } from "./model.ts";
import { hexId } from "./random.ts";
import type { World } from "./world.ts";

/** A cluster with the nodes that are up. */
export interface Place {
  readonly world: World;
  readonly cluster: string;
  readonly nodes: readonly Resource[];
}

/** A node's name, as EC2 gives it. */
export const nodeName = ({ world }: Place, node: Resource): string => {
  const octets = [0, 2, 4].map((at) => parseInt(hexId(world.seed, `ip/${node.id}`, 6).slice(at, at + 2), 16));
  return `ip-10-${octets.join("-")}.ec2.internal`;
};

/** A machine as the cluster's node. */
export function nodeObject(place: Place, node: Resource): object {
  const { instanceType = "", nodePool = "" } = node.labels;
  const sku = place.world.estate.meters.find(({ resource }) => resource === node)?.sku;
  const gpus = sku?.details.GpuCount;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName(place, node),
      uid: uid(place, `node/${node.id}`),
      creationTimestamp: isoTime(node.from),
      labels: {
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": instanceType,
        "eks.amazonaws.com/nodegroup": nodePool,
        "topology.kubernetes.io/zone": node.zone ?? "",
        ...(gpus === undefined ? {} : { "nvidia.com/gpu.product": `NVIDIA-${String(sku?.details.GpuType)}` }),
      },
    },
    spec: { providerID: `aws:///${node.zone ?? ""}/${node.id}` },
    status: {
      capacity: {
        cpu: String(sku?.details.CoreCount ?? 0),
        memory: `${String(sku?.details.MemorySize ?? 0)}Gi`,
        ...(gpus === undefined ? {} : { "nvidia.com/gpu": String(gpus) }),
      },
    },
  };
}

/** Claims of a StatefulSet with the volumes behind them; the estate counts from 1, Kubernetes from 0. */
export function volumeObjects(place: Place, plan: ClusterPlan): object[] {
  if (plan.volumes === undefined) return [];
  const stem = `${plan.volumes}-`;
  return place.world.estate.resources
    .filter(({ type, name }) => type === "volume" && name.startsWith(stem))
    .flatMap(({ id, name }) => {
      const number = Number(name.slice(stem.length)) - 1;
      const volume = `pvc-${hexId(place.world.seed, `pv/${id}`, 12)}`;
      const claim = { name: `data-${plan.name}-${number}`, namespace: plan.namespace };
      return [
        {
          apiVersion: "v1",
          kind: "PersistentVolume",
          metadata: { name: volume },
          spec: { csi: { driver: "ebs.csi.aws.com", volumeHandle: id }, claimRef: claim },
        },
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { ...claim, creationTimestamp: isoTime(0) },
          spec: { volumeName: volume },
        },
      ];
    });
}

/** An object's uid: the same for the same key. */
export function uid({ world, cluster }: Place, key: string): string {
  const hash = hexId(world.seed, `uid/${cluster}/${key}`, 32);
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
