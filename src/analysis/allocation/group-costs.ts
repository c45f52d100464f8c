import type { ClusterNode, ClusterPod, ClusterUsage, GpuActivityMetric } from "#facts/cluster-usage.ts";
import { Problem } from "#units/problems.ts";
import { type AllocatedCost, type Allocation, nothingUsed, type Quantities } from "./allocation.ts";
import {
  addCosts,
  addGpuStates,
  type Costs,
  type GpuStateCosts,
  noCosts,
  type NodeCosts,
  sumCosts,
} from "./components.ts";
import type { SharedIdle } from "./share-idle.ts";

/** What costs can be grouped by; a pod's label is written label:key. */
const allocationDimensions = [
  "cluster",
  "namespace",
  "controllerKind",
  "controller",
  "pod",
  "container",
  "node",
] as const;
type Named = (typeof allocationDimensions)[number];
export type AllocationDimension = Named | `label:${string}`;

/** workload: what containers and pods were given; idle: of nodes, borne by nobody; unmounted: volumes that no pod mounted. */
export type GroupKind = "workload" | "idle" | "unmounted";

/** Costs of one group in one currency. */
export interface CostGroup {
  readonly kind: GroupKind;
  /** One per dimension asked for; null where the group has none, such as the namespace of idle. */
  readonly keys: readonly (string | null)[];
  /** Undefined: the group's cost is not known. */
  readonly currency: string | undefined;
  readonly costs: Costs;
  /** Idle of nodes that the group bears, not in `costs`. */
  readonly idleShare: bigint;
  readonly knownCost: bigint;
  readonly usedCost: bigint;
  readonly gpuStates: GpuStateCosts;
  readonly gpuMetrics: readonly GpuActivityMetric[];
  readonly quantities: Quantities;
  readonly unknownSteps: number;
}

/** @throws Problem "option-invalid" for a name that nothing is grouped by */
export function allocationDimension(name: string): AllocationDimension {
  const named = allocationDimensions.find((each) => each === name);
  if (named !== undefined) return named;
  if (/^label:./.test(name)) return name as AllocationDimension;
  throw new Problem("option-invalid", `Costs can't be grouped by "${name}".`, {
    at: { value: name },
    hint: `Group by ${allocationDimensions.join(", ")} or label:key.`,
  });
}

/**
 * Adds up rows, idle and unmounted volumes by dimensions and currency. The groups of one currency add up to its nodes, volumes and
 * network, whatever the dimensions. Without cost come last, then by size.
 */
export function groupCosts(
  usage: ClusterUsage,
  allocation: Allocation,
  idle: SharedIdle,
  by: readonly AllocationDimension[],
): CostGroup[] {
  const groups: CostGroup[] = [];
  const add = (group: CostGroup): void => {
    groups.push(group);
  };
  allocation.rows.forEach((row, index) => add(ofRow(usage, row, by, idle.rows[index] ?? 0n)));
  allocation.nodes.forEach(({ node, currency, idleQuantities }, index) => {
    const left = idle.left[index];
    if (left === undefined || currency === undefined || isNothing(left)) return;
    add({
      ...besides("idle", currency, { ...noCosts, ...left }),
      keys: nodeKeys(usage.nodes[node], by),
      quantities: quantitiesLeft(idleQuantities, left),
    });
  });
  for (const { volume, currency, unmounted } of allocation.volumes) {
    if (currency === undefined || unmounted === 0n) continue;
    const { cluster = null, namespace = null } = usage.volumes[volume] ?? {};
    const keys = by.map((name) => (name === "cluster" ? cluster : name === "namespace" ? namespace : null));
    add({ ...besides("unmounted", currency, { ...noCosts, storage: unmounted }), keys });
  }
  return mergeGroups(groups);
}

/** Groups of several windows as those of one: what has the same keys, kind and currency is added up. */
export function mergeGroups(groups: readonly CostGroup[]): CostGroup[] {
  const merged = new Map<string, CostGroup>();
  for (const group of groups) {
    const id = JSON.stringify([group.kind, group.currency ?? null, group.keys]);
    const before = merged.get(id);
    merged.set(id, before === undefined ? group : addGroups(before, group));
  }
  return [...merged.values()].sort(bySize);
}

/** What a group costs with the idle it bears. */
export const totalCost = ({ costs, idleShare }: CostGroup): bigint => sumCosts(costs) + idleShare;

function ofRow(
  usage: ClusterUsage,
  row: AllocatedCost,
  by: readonly AllocationDimension[],
  idleShare: bigint,
): CostGroup {
  const pod = usage.pods[row.pod];
  const own: Partial<Record<Named, string | undefined>> = {
    container: usage.containers.name[row.container],
    node: usage.nodes[row.node]?.name,
  };
  return {
    kind: "workload",
    keys: by.map((name) => own[name as Named] ?? podKey(pod, name)),
    currency: row.currency,
    costs: row.costs,
    idleShare,
    knownCost: row.knownCost,
    usedCost: row.usedCost,
    gpuStates: row.gpuStates,
    gpuMetrics: row.gpuMetrics,
    quantities: row.quantities,
    unknownSteps: row.unknownSteps,
  };
}

function podKey(pod: ClusterPod | undefined, by: AllocationDimension): string | null {
  if (pod === undefined) return null;
  switch (by) {
    case "cluster":
    case "namespace":
    case "controllerKind":
    case "controller":
      return pod[by] || null;
    case "pod":
      return pod.name;
    case "container":
    case "node":
      return null;
    default:
      return pod.labels[by.slice("label:".length)] ?? null;
  }
}

const nodeKeys = (node: ClusterNode | undefined, by: readonly AllocationDimension[]): (string | null)[] =>
  by.map((name) => (name === "cluster" ? node?.cluster : name === "node" ? node?.name : undefined) ?? null);

const besides = (kind: GroupKind, currency: string, costs: Costs) => ({
  kind,
  currency,
  costs,
  idleShare: 0n,
  ...nothingUsed,
});

/** What of a node's idle nobody bears; where its cost was shared, its hours were too. */
const quantitiesLeft = ({ coreHours, ramGibHours, gpuHours }: Quantities, left: NodeCosts): Quantities => ({
  coreHours: left.cpu === 0n ? 0n : coreHours,
  ramGibHours: left.ram === 0n ? 0n : ramGibHours,
  gpuHours: left.gpu === 0n ? 0n : gpuHours,
});

const isNothing = ({ cpu, ram, gpu }: NodeCosts): boolean => cpu === 0n && ram === 0n && gpu === 0n;

function addGroups(a: CostGroup, b: CostGroup): CostGroup {
  const { coreHours, ramGibHours, gpuHours } = a.quantities;
  return {
    ...a,
    costs: addCosts(a.costs, b.costs),
    idleShare: a.idleShare + b.idleShare,
    knownCost: a.knownCost + b.knownCost,
    usedCost: a.usedCost + b.usedCost,
    gpuStates: addGpuStates(a.gpuStates, b.gpuStates),
    gpuMetrics: [...new Set([...a.gpuMetrics, ...b.gpuMetrics])],
    quantities: {
      coreHours: coreHours + b.quantities.coreHours,
      ramGibHours: ramGibHours + b.quantities.ramGibHours,
      gpuHours: gpuHours + b.quantities.gpuHours,
    },
    unknownSteps: a.unknownSteps + b.unknownSteps,
  };
}

function bySize(a: CostGroup, b: CostGroup): number {
  if (a.currency !== b.currency)
    return a.currency === undefined || (b.currency !== undefined && a.currency > b.currency) ? 1 : -1;
  const [x, y] = [totalCost(a), totalCost(b)];
  if (x !== y) return x > y ? -1 : 1;
  return JSON.stringify(a.keys) < JSON.stringify(b.keys) ? -1 : 1;
}
