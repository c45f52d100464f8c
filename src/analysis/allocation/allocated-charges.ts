import { type AllocationTarget, allocationTarget } from "#facts/allocation-target.ts";
import type { IdleKind } from "#facts/charge-columns.ts";
import { type ClusterUsage, UNKNOWN } from "#facts/cluster-usage.ts";
import { ONE } from "#units/decimal.ts";
import { allocateUnits } from "#units/money.ts";
import type { AllocatedCost, Allocation } from "./allocation.ts";
import { type Component, type GpuState, gpuStates, nodeComponents } from "./components.ts";

/** What a part of the cost was of, as FOCUS's ResourceType. */
export type AllocatedOrigin = "Node" | "Volume" | "Network";

/** What one workload was given of one node in one component, or what of it nobody held: one row of the books. */
export interface AllocatedCharge {
  readonly origin: AllocatedOrigin;
  /** Index of the node; UNKNOWN for storage and network, which no node's price holds. */
  readonly node: number;
  /** Index of the volume that no pod mounted; UNKNOWN for all else. */
  readonly volume: number;
  /** Undefined for what nobody bears. */
  readonly target: AllocationTarget | undefined;
  readonly component: Component;
  /** What a held GPU was doing. */
  readonly state: GpuState | undefined;
  readonly idleKind: IdleKind | undefined;
  readonly currency: string;
  readonly cost: bigint;
  /** Core, GiB or GPU hours; undefined where the allocation knows none. */
  readonly quantity: bigint | undefined;
  /** Of the node's cost, at the 18th decimal; the rows of a node add up to 1. Undefined where there is nothing to be a share of. */
  readonly ratio: bigint | undefined;
}

type Part = Omit<AllocatedCharge, "ratio">;

const idleOf: Readonly<Record<GpuState, IdleKind | undefined>> = {
  active: undefined,
  warmIdle: "warm-idle",
  allocatedIdle: "allocated-idle",
  // Neither used nor idle: the state beside it says so.
  unknown: undefined,
};

/**
 * An allocation as charges: per node, workload, component and state of its GPUs, with what nobody held beside them. They add up to the
 * allocation in each currency, at the 18th decimal. What has no price makes no charge: its cost is unknown.
 */
export function allocatedCharges(usage: ClusterUsage, allocation: Allocation): AllocatedCharge[] {
  const parts = new Map<string, Part>();
  const add = (part: Part): void => {
    if (part.cost === 0n && (part.quantity ?? 0n) === 0n) return;
    const { origin, node, volume, target, component, state, currency } = part;
    const id = JSON.stringify([
      origin,
      node,
      volume,
      target?.id,
      target?.tags,
      component,
      state,
      part.idleKind,
      currency,
    ]);
    const before = parts.get(id);
    parts.set(id, before === undefined ? part : added(before, part));
  };
  const targets = new Map<number, AllocationTarget>();
  const targetOf = ({ pod }: AllocatedCost): AllocationTarget | undefined => {
    const known = targets.get(pod);
    const found = usage.pods[pod];
    if (known !== undefined || found === undefined) return known;
    const target = allocationTarget(found);
    targets.set(pod, target);
    return target;
  };
  for (const row of allocation.rows) for (const part of rowParts(row, targetOf(row))) add(part);
  for (const part of idleParts(allocation)) add(part);
  return withRatios([...parts.values()]);
}

const added = (a: Part, b: Part): Part => ({
  ...a,
  cost: a.cost + b.cost,
  quantity:
    a.quantity === undefined && b.quantity === undefined
      ? undefined
      : (a.quantity ?? 0n) + (b.quantity ?? 0n),
});

function rowParts(row: AllocatedCost, target: AllocationTarget | undefined): Part[] {
  const { currency, costs, quantities, gpuStates: stateCosts, gpuStateHours, node } = row;
  if (currency === undefined) return [];
  const part = (component: Component, cost: bigint, quantity: bigint | undefined): Part => ({
    origin: "Node",
    node,
    volume: UNKNOWN,
    target,
    component,
    state: undefined,
    idleKind: undefined,
    currency,
    cost,
    quantity,
  });
  return [
    part("cpu", costs.cpu, quantities.coreHours),
    part("ram", costs.ram, quantities.ramGibHours),
    ...gpuStates.map((state) => ({
      ...part("gpu", stateCosts[state], gpuStateHours[state]),
      state,
      idleKind: idleOf[state],
    })),
    { ...part("storage", costs.storage, undefined), origin: "Volume", node: UNKNOWN },
    { ...part("network", costs.network, undefined), origin: "Network", node: UNKNOWN },
  ];
}

/** What of nodes nobody held, and of volumes nobody mounted. */
function idleParts({ nodes, volumes }: Allocation): Part[] {
  const nobody = { target: undefined, state: undefined, idleKind: "unallocated" } as const;
  const hours = { cpu: "coreHours", ram: "ramGibHours", gpu: "gpuHours" } as const;
  return [
    ...nodes.flatMap(({ node, currency, idle, idleQuantities }) =>
      currency === undefined
        ? []
        : nodeComponents.map((component): Part => ({
            ...nobody,
            origin: "Node",
            node,
            volume: UNKNOWN,
            component,
            currency,
            cost: idle[component],
            quantity: idleQuantities[hours[component]],
          })),
    ),
    ...volumes.flatMap(({ volume, currency, unmounted }): Part[] =>
      currency === undefined
        ? []
        : [
            {
              ...nobody,
              origin: "Volume",
              node: UNKNOWN,
              volume,
              component: "storage",
              currency,
              cost: unmounted,
              quantity: undefined,
            },
          ],
    ),
  ];
}

/** Shares of each node's cost. */
function withRatios(parts: readonly Part[]): AllocatedCharge[] {
  const ofNode = new Map<number, Part[]>();
  for (const part of parts) {
    if (part.node === UNKNOWN) continue;
    const own = ofNode.get(part.node);
    if (own === undefined) ofNode.set(part.node, [part]);
    else own.push(part);
  }
  const ratios = new Map<Part, bigint>();
  for (const own of ofNode.values()) {
    const costs = own.map(({ cost }) => cost);
    if (costs.every((cost) => cost === 0n)) continue;
    allocateUnits(ONE, costs).forEach((ratio, at) => {
      const part = own[at];
      if (part !== undefined) ratios.set(part, ratio);
    });
  }
  return parts.map((part) => ({ ...part, ratio: ratios.get(part) }));
}
