import { type ClusterNode, type ClusterUsage, UNKNOWN } from "#facts/cluster-usage.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { allocateNode } from "./allocate-node.ts";
import { type AllocatedCost, type AllocatedNode, type Allocation, nothingUsed } from "./allocation.ts";
import { noCosts } from "./components.ts";
import { type ComponentPrices, nodeCost, type NodePrice } from "./node-cost.ts";
import { podCosts, type PodPrices } from "./pod-costs.ts";
import { type ContainerTallies, noTally, tallyNode } from "./tally-containers.ts";
import { defaultIdleLimits, type GpuIdleLimits, tallyGpus } from "./tally-gpus.ts";

/** What things cost, and from where on a GPU is busy. */
export interface AllocationPrices extends PodPrices {
  /** Undefined if the node has no price: its pods are then unpriced, never free. */
  readonly nodePrice: (node: ClusterNode) => NodePrice | undefined;
  readonly ratio?: ComponentPrices;
  readonly idleLimits?: GpuIdleLimits;
}

/**
 * The ratio of a core, a GiB and a GPU where a node's price says none: OpenCost's default prices per hour, in USD. Only their ratio
 * counts.
 * @see opencost/opencost configs/default.json
 */
const defaultRatio: ComponentPrices = {
  cpu: decimal("0.031611"),
  ram: decimal("0.004237"),
  gpu: decimal("0.95"),
};

/**
 * Divides what the nodes, volumes and network of a window cost among containers and pods. Rows and idle of a node add up to its cost at
 * the 18th decimal, in its currency.
 * @throws Problem "input-too-large" if the window has more steps than sums of 53 bits hold
 */
export function allocateCluster(usage: ClusterUsage, prices: AllocationPrices): Allocation {
  const members = membersOf(usage);
  const tallies = noTallies(usage.containers.pod.length);
  const holds = holdsOf(usage);
  const nodes: AllocatedNode[] = [];
  const rows: AllocatedCost[] = [];
  usage.nodes.forEach((node, index) => {
    refuseOverflow(node, usage.steps.count);
    const own = members.nodes[index] ?? [];
    tallyNode(usage.containers, own, node, tallies);
    const gpus = tallyGpus(
      node,
      holds[index] ?? [],
      usage.activities,
      prices.idleLimits ?? defaultIdleLimits,
    );
    const cost = nodeCost(node, prices.nodePrice(node), usage.steps, prices.ratio ?? defaultRatio);
    const done = allocateNode(usage, { index, node, members: own, gpus, cost }, tallies);
    nodes.push(done.node);
    rows.push(...done.rows);
  });
  for (const container of members.homeless) rows.push(homeless(usage, container));
  const beside = podCosts(usage, prices);
  return { steps: usage.steps, rows: [...rows, ...beside.rows], nodes, volumes: beside.volumes };
}

const noTallies = (count: number): ContainerTallies => ({
  cpu: noTally(count),
  ram: noTally(count),
  unknownSteps: new Int32Array(count),
});

/** The containers of each node, and those whose node is not known. */
function membersOf({ nodes, pods, containers }: ClusterUsage): { nodes: number[][]; homeless: number[] } {
  const found = { nodes: nodes.map((): number[] => []), homeless: [] as number[] };
  containers.pod.forEach((pod, container) => {
    (found.nodes[pods[pod]?.node ?? UNKNOWN] ?? found.homeless).push(container);
  });
  return found;
}

function holdsOf({ nodes, pods, containers, holds }: ClusterUsage): ClusterUsage["holds"][] {
  const found = nodes.map((): ClusterUsage["holds"][number][] => []);
  for (const hold of holds)
    found[pods[containers.pod[hold.container] ?? UNKNOWN]?.node ?? UNKNOWN]?.push(hold);
  return found;
}

function refuseOverflow({ name, cpuMicroCores, ramKib }: ClusterNode, steps: number): void {
  // Before it is cut, a step may hold several times what the node has.
  if (Math.max(cpuMicroCores, ramKib) * steps * 16 > Number.MAX_SAFE_INTEGER)
    throw new Problem("input-too-large", `The window has too many steps (${steps}) for node ${name}.`, {
      hint: "Ask for a shorter window or longer steps.",
    });
}

function homeless({ containers }: ClusterUsage, container: number): AllocatedCost {
  const [from = 0, to = 0] = [containers.offset[container], containers.offset[container + 1]];
  return {
    container,
    pod: containers.pod[container] ?? UNKNOWN,
    node: UNKNOWN,
    currency: undefined,
    reason: "node-unknown",
    costs: noCosts,
    ...nothingUsed,
    unknownSteps: containers.charged.subarray(from, to).reduce((a, b) => a + b, 0),
  };
}
