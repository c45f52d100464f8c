import type { GpuActivityMetric, Steps } from "#facts/cluster-usage.ts";
import { type Costs, type GpuStateCosts, noGpuStates, type NodeCosts } from "./components.ts";
import type { NoCost } from "./node-cost.ts";

/** Amounts over the window; exact at the 18th decimal, rounded down. */
export interface Quantities {
  readonly coreHours: bigint;
  readonly ramGibHours: bigint;
  readonly gpuHours: bigint;
}

/** Why a container's cost is not known: its node's is not, or no node is known. */
export type NoContainerCost = NoCost | "node-unknown";

/** What one container, or one pod as a whole (storage and network), costs. */
export interface AllocatedCost {
  /** Index of the container; UNKNOWN for the pod's own. */
  readonly container: number;
  readonly pod: number;
  /** Index of the node; UNKNOWN if none is known. */
  readonly node: number;
  /** Currency of the costs, or why there are none. */
  readonly currency: string | undefined;
  readonly reason?: NoContainerCost;
  readonly costs: Costs;
  /** Of CPU, memory and GPU: cost of what stands in steps whose use is known, and of what was used. */
  readonly knownCost: bigint;
  readonly usedCost: bigint;
  /** What the GPU cost is made of. */
  readonly gpuStates: GpuStateCosts;
  /** Hours of GPUs by state; together the GPU hours of `quantities`, but for rounding down. */
  readonly gpuStateHours: GpuStateCosts;
  /** Which metric told the GPU's activity; several where its GPUs differ. */
  readonly gpuMetrics: readonly GpuActivityMetric[];
  readonly quantities: Quantities;
  /** Steps in which it ran and neither a request nor a use of CPU or memory is known. */
  readonly unknownSteps: number;
}

/** What is said of a row that took nothing of a node, or of a node without a price. */
export const nothingUsed = {
  knownCost: 0n,
  usedCost: 0n,
  gpuStates: noGpuStates,
  gpuStateHours: noGpuStates,
  gpuMetrics: [],
  quantities: { coreHours: 0n, ramGibHours: 0n, gpuHours: 0n },
  unknownSteps: 0,
} as const;

/** What one node cost and how much of that nobody held. */
export interface AllocatedNode {
  readonly node: number;
  readonly currency: string | undefined;
  readonly reason?: NoCost;
  readonly costs: NodeCosts;
  /** CPU and memory that nobody requested or used, GPUs that no pod held ("unallocated"). Never negative. */
  readonly idle: NodeCosts;
  /** What of it that is; its GPU hours are the unallocated ones. */
  readonly idleQuantities: Quantities;
  readonly gpuHours: bigint;
  readonly presentSteps: number;
  /** Steps between the first and the last in which the node was not seen: its cost there is unknown. */
  readonly unseenSteps: number;
}

/** What a volume cost. */
export interface AllocatedVolume {
  readonly volume: number;
  readonly currency: string | undefined;
  readonly cost: bigint;
  /** Of it, what no pod mounted. */
  readonly unmounted: bigint;
}

export interface Allocation {
  readonly steps: Steps;
  readonly rows: readonly AllocatedCost[];
  readonly nodes: readonly AllocatedNode[];
  readonly volumes: readonly AllocatedVolume[];
}
