import { nodeObject, type Place, volumeObjects } from "./cluster-machines.ts";
import { controllerObject, middle, podObject, templateOf } from "./cluster-objects.ts";
import { type ClusterPlan, clusterPlans } from "./cluster-plans.ts";
import type { Emission } from "./emit-focus.ts";
import type { Resource } from "./model.ts";
import { hexId } from "./random.ts";
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
