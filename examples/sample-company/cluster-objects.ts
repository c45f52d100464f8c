import { isoTime } from "./clock.ts";
import { nodeName, type Place, uid } from "./cluster-machines.ts";
import type { ClusterPlan } from "./cluster-plans.ts";
import type { Resource } from "./model.ts";
import { teams, workloadOf } from "./workloads.ts";

/** What a controller makes its pods from. */
export type Template = Readonly<{
  metadata: { labels: Record<string, string> };
  spec: Record<string, unknown>;
}>;

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

/** The pods of a plan. */
export function templateOf(plan: ClusterPlan): Template {
  const gpus =
    plan.gpus === undefined ? {} : { resources: { limits: { "nvidia.com/gpu": String(plan.gpus) } } };
  const args = plan.args === undefined || plan.kind === "RayJob" ? {} : { args: plan.args };
  const mounts = plan.volumes === undefined ? {} : { volumeMounts: [{ name: "data", mountPath: "/data" }] };
  return {
    metadata: { labels: labelsOf(plan) },
    spec: { containers: [{ name: "main", image: plan.image, ...args, ...gpus, ...mounts }] },
  };
}

/** The object that controls them; undefined for a pod that nothing controls. */
export function controllerObject(
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
export function middle(
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

/** One pod on its node. */
export function podObject(
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
