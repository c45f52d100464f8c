import { allocateUnits } from "#units/money.ts";
import type { ClusterUsage } from "#facts/cluster-usage.ts";
import type { AllocatedCost, AllocatedNode, Allocation } from "./allocation.ts";
import { type NodeComponent, nodeComponents, type NodeCosts } from "./components.ts";

/** Who bears the idle cost: nobody, the node's own containers, or all containers of the cluster. */
export const idleModes = ["separate", "by-node", "by-cluster"] as const;
export type IdleMode = (typeof idleModes)[number];

/** Idle as it is borne: a part for each row, and what nobody can bear for each node. */
export interface SharedIdle {
  readonly mode: IdleMode;
  /** One per row of the allocation, in their order. */
  readonly rows: readonly bigint[];
  /** One per node, in their order: all of it if separate, else idle of a component that no container of those asked held. */
  readonly left: readonly NodeCosts[];
}

/**
 * Shares each component's idle cost among containers in proportion to their cost of the same component, by largest remainder. Rows, their
 * shares and what is left add up to the same in every mode. Currencies stay apart, and what nobody used stays idle.
 */
export function shareIdle(usage: ClusterUsage, allocation: Allocation, mode: IdleMode): SharedIdle {
  const { rows, nodes } = allocation;
  const shares = rows.map(() => 0n);
  const left = nodes.map(({ idle }) => ({ ...idle }));
  if (mode === "separate") return { mode, rows: shares, left };
  for (const group of groupsOf(usage, allocation, mode))
    for (const component of nodeComponents) shareOne(group, component, rows, shares, left);
  return { mode, rows: shares, left };
}

interface Group {
  readonly nodes: number[];
  readonly rows: number[];
}

/** Nodes that share their idle, with their containers' rows. */
function groupsOf({ nodes: facts }: ClusterUsage, { rows, nodes }: Allocation, mode: IdleMode): Group[] {
  const groups = new Map<string, Group>();
  const idOf = ({ node, currency }: AllocatedNode): string =>
    mode === "by-node" ? String(node) : JSON.stringify([facts[node]?.cluster, currency]);
  const ofNode = new Map<number, Group>();
  nodes.forEach((each, index) => {
    if (each.currency === undefined) return;
    const group = groups.get(idOf(each)) ?? { nodes: [], rows: [] };
    group.nodes.push(index);
    groups.set(idOf(each), group);
    ofNode.set(each.node, group);
  });
  rows.forEach((row, index) => {
    if (isContainer(row)) ofNode.get(row.node)?.rows.push(index);
  });
  return [...groups.values()];
}

const isContainer = ({ container }: AllocatedCost): boolean => container >= 0;

function shareOne(
  group: Group,
  component: NodeComponent,
  rows: readonly AllocatedCost[],
  shares: bigint[],
  left: Record<NodeComponent, bigint>[],
): void {
  const weights = group.rows.map((row) => rows[row]?.costs[component] ?? 0n);
  if (weights.every((weight) => weight === 0n)) return;
  let idle = 0n;
  for (const node of group.nodes) {
    const costs = left[node];
    if (costs === undefined) continue;
    idle += costs[component];
    costs[component] = 0n;
  }
  allocateUnits(idle, weights).forEach((part, at) => {
    const row = group.rows[at] ?? 0;
    shares[row] = (shares[row] ?? 0n) + part;
  });
}
