import { isoTime } from "./clock.ts";
import { type ClusterPlan, clusterPlans } from "./cluster-plans.ts";
import type { Emission } from "./emit-focus.ts";
import type { Resource } from "./model.ts";
import { hexId } from "./random.ts";
import { teams, workloadOf } from "./workloads.ts";
import type { World } from "./world.ts";
import { writeText } from "./write-lines.ts";

/** `kubectl get -A -o json` of each cluster at the world's last hour, as `kubernetes/<cluster>.json`. */
export async function emitKubernetes({ out, world, files }: Emission): Promise<void> {
  for (const cluster of Object.keys(clusterPlans)) {
    const list = { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" } };
    const name = `kubernetes/${cluster}.json`;
    await writeText(
      out,
      name,
      `${JSON.stringify({ ...list, items: clusterObjects(world, cluster) }, null, 1)}\n`,
    );
    files.push(name);
  }
}

interface Place {
  readonly world: World;
  readonly cluster: string;
  readonly nodes: readonly Resource[];
}

type Template = Readonly<{ metadata: { labels: Record<string, string> }; spec: Record<string, unknown> }>;

function clusterObjects(world: World, cluster: string): object[] {
  const now = world.hours - 1;
  const nodes = world.estate.resources.filter(
    ({ type, labels, from, until }) =>
      type === "instance" && labels.cluster === cluster && from <= now && now < until,
  );
  const place = { world, cluster, nodes };
  return [
    ...nodes.map((node) => nodeObject(place, node)),
    ...(clusterPlans[cluster] ?? []).flatMap((plan) => planObjects(place, plan)),
  ];
}

const nodeName = ({ world }: Place, node: Resource): string => {
  const octets = [0, 2, 4].map((at) => parseInt(hexId(world.seed, `ip/${node.id}`, 6).slice(at, at + 2), 16));
  return `ip-10-${octets.join("-")}.ec2.internal`;
};

function nodeObject(place: Place, node: Resource): object {
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

function planObjects(place: Place, plan: ClusterPlan): object[] {
  const nodes = plan.kind === "DaemonSet" ? place.nodes : poolOf(place, plan);
  const template = templateOf(plan);
  const pods = nodes.flatMap((node) => Array.from({ length: plan.perNode ?? 1 }, () => node));
  const set = `${plan.name}-${hexId(place.world.seed, `rs/${place.cluster}/${plan.name}`, 10)}`;
  const owner = {
    Deployment: ["ReplicaSet", set],
    CronJob: ["Job", `${plan.name}-29367360`],
    RayJob: ["RayCluster", `${plan.name}-x7k2p`],
  };
  const [kind = plan.kind, name = plan.name] = owner[plan.kind as "Deployment"] ?? [];
  const podObjects = pods.map((node, index) =>
    podObject(place, plan, { node, index, owner: { kind, name } }),
  );
  const controller = controllerObject(place, plan, template, pods.length);
  const between =
    plan.kind === "Pod" || kind === plan.kind
      ? []
      : [middle(place, plan, { kind, name, template, pods: pods.length })];
  return [
    ...(controller === undefined ? [] : [controller]),
    ...between,
    ...podObjects,
    ...volumeObjects(place, plan),
  ];
}

/** Nodes of a pool, or of those the ones that are named after what they are for. */
function poolOf({ nodes }: Place, { pool = "" }: ClusterPlan): Resource[] {
  const [group, name] = pool.split("/");
  return nodes.filter(
    (node) => node.labels.nodePool === group && (name === undefined || node.name.startsWith(name)),
  );
}

function labelsOf({ name, workload, labels = {} }: ClusterPlan): Record<string, string> {
  const own = { "app.kubernetes.io/name": name, ...labels };
  if (workload === undefined) return own;
  const { team, environment } = workloadOf(workload);
  return { ...own, workload, team, environment, "cost-center": teams[team].costCenter };
}

/** Owners have an @, which no label may hold: they are annotations. */
function metadata(
  place: Place,
  plan: ClusterPlan,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const owner = plan.workload === undefined ? undefined : teams[workloadOf(plan.workload).team].owner;
  return {
    name: plan.name,
    namespace: plan.namespace,
    uid: uid(place, `${plan.kind}/${plan.namespace}/${plan.name}`),
    creationTimestamp: isoTime(0),
    labels: labelsOf(plan),
    ...(owner === undefined ? {} : { annotations: { "halyard.example/owner": owner } }),
    ...more,
  };
}

function templateOf(plan: ClusterPlan): Template {
  const gpus =
    plan.gpus === undefined ? {} : { resources: { limits: { "nvidia.com/gpu": String(plan.gpus) } } };
  const args = plan.args === undefined || plan.kind === "RayJob" ? {} : { args: plan.args };
  const mounts = plan.volumes === undefined ? {} : { volumeMounts: [{ name: "data", mountPath: "/data" }] };
  return {
    metadata: { labels: labelsOf(plan) },
    spec: { containers: [{ name: "main", image: plan.image, ...args, ...gpus, ...mounts }] },
  };
}

function controllerObject(
  place: Place,
  plan: ClusterPlan,
  template: Template,
  pods: number,
): object | undefined {
  const head = { kind: plan.kind, metadata: metadata(place, plan) };
  switch (plan.kind) {
    case "Pod":
      return undefined;
    case "CronJob":
      return {
        apiVersion: "batch/v1",
        ...head,
        spec: { schedule: "0 1 * * *", jobTemplate: { spec: { template } } },
      };
    case "RayJob": {
      const group = { groupName: "gpu", replicas: pods, template };
      const headGroupSpec = { template: { spec: { containers: [{ name: "head", image: plan.image }] } } };
      return {
        apiVersion: "ray.io/v1",
        ...head,
        spec: {
          entrypoint: plan.args?.[0] ?? "",
          rayClusterSpec: { headGroupSpec, workerGroupSpecs: [group] },
        },
      };
    }
    case "DaemonSet":
      return { apiVersion: "apps/v1", ...head, spec: { template }, status: { desiredNumberScheduled: pods } };
    case "StatefulSet":
      return {
        apiVersion: "apps/v1",
        ...head,
        spec: {
          replicas: pods,
          template,
          ...(plan.volumes === undefined ? {} : { volumeClaimTemplates: [{ metadata: { name: "data" } }] }),
        },
      };
    case "Deployment":
      return { apiVersion: "apps/v1", ...head, spec: { replicas: pods, template } };
  }
}

const versions = { ReplicaSet: "apps/v1", Job: "batch/v1", RayCluster: "ray.io/v1" } as const;

/** The ReplicaSet, Job or RayCluster between a controller and its pods. */
function middle(
  place: Place,
  plan: ClusterPlan,
  { kind, name, template, pods }: { kind: string; name: string; template: Template; pods: number },
): object {
  return {
    apiVersion: versions[kind as "Job"],
    kind,
    metadata: metadata(place, plan, {
      name,
      uid: uid(place, `${kind}/${name}`),
      ownerReferences: [{ kind: plan.kind, name: plan.name, controller: true }],
    }),
    spec: kind === "ReplicaSet" ? { replicas: pods, template } : { parallelism: pods, template },
  };
}

function podObject(
  place: Place,
  plan: ClusterPlan,
  { node, index, owner }: { node: Resource; index: number; owner: { kind: string; name: string } },
): object {
  const own = plan.kind === "Pod" ? {} : { ownerReferences: [{ ...owner, controller: true }] };
  const name = plan.kind === "Pod" ? plan.name : `${owner.name}-${index}`;
  const { spec } = templateOf(plan);
  const claims =
    plan.volumes === undefined
      ? {}
      : { volumes: [{ name: "data", persistentVolumeClaim: { claimName: `data-${plan.name}-${index}` } }] };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(place, plan, {
      name,
      uid: uid(place, `pod/${name}`),
      creationTimestamp: isoTime(node.from),
      ...own,
    }),
    spec: { ...spec, ...claims, nodeName: nodeName(place, node) },
    status: { phase: "Running", startTime: isoTime(node.from) },
  };
}

/** Claims of a StatefulSet with the volumes behind them; the estate counts from 1, Kubernetes from 0. */
function volumeObjects(place: Place, plan: ClusterPlan): object[] {
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

function uid({ world, cluster }: Place, key: string): string {
  const hash = hexId(world.seed, `uid/${cluster}/${key}`, 32);
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
