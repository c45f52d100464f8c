import {
  type ClusterNode,
  type ClusterUsage,
  GPU_PARTS,
  KIB_PER_GIB,
  MICRO,
  UNKNOWN,
} from "#facts/cluster-usage.ts";
import { divideRounded, ONE } from "#units/decimal.ts";
import { allocateUnits } from "#units/money.ts";
import type { AllocatedCost, AllocatedNode, Quantities } from "./allocation.ts";
import { type GpuState, type GpuStateCosts, gpuStates, noCosts, noGpuStates } from "./components.ts";
import { type NoCost, type NodeCost, presentSteps } from "./node-cost.ts";
import type { ContainerTallies, Tally } from "./tally-containers.ts";
import type { GpuTally } from "./tally-gpus.ts";

/** What of a node is to be divided. */
export interface NodeShare {
  readonly index: number;
  readonly node: ClusterNode;
  /** Indices of its containers. */
  readonly members: readonly number[];
  readonly gpus: readonly GpuTally[];
  readonly cost: NodeCost | NoCost;
}

/** Parts of a component's cost: one per claim, in their order, and what is left. */
interface Split {
  readonly parts: readonly bigint[];
  readonly idle: bigint;
  /** The weight of what is left. */
  readonly left: number;
}

/** Divides a node's cost among its containers by largest remainder; what they did not take is its idle. */
export function allocateNode(
  usage: ClusterUsage,
  { index, node, members, gpus, cost }: NodeShare,
  tallies: ContainerTallies,
): { node: AllocatedNode; rows: AllocatedCost[] } {
  const steps = presentSteps(node);
  const priced = typeof cost === "string" ? { cpu: 0n, ram: 0n, gpu: 0n } : cost.costs;
  const amounts = ({ amount }: Tally): number[] => members.map((member) => amount[member] ?? 0);
  const cpu = split(priced.cpu, amounts(tallies.cpu), node.cpuMicroCores * steps);
  const ram = split(priced.ram, amounts(tallies.ram), node.ramKib * steps);
  const weights = gpus.flatMap(({ byState }) => gpuStates.map((state) => byState[state]));
  const gpu = split(priced.gpu, weights, node.gpus * GPU_PARTS * steps);
  const state =
    typeof cost === "string" ? { currency: undefined, reason: cost } : { currency: cost.currency };
  const gpuOf = gpuRows(usage, gpus, gpu.parts);
  const rows = members.map((member, at): AllocatedCost => {
    const costs = { ...noCosts, cpu: cpu.parts[at] ?? 0n, ram: ram.parts[at] ?? 0n };
    const held = gpuOf.get(member);
    const share = (tally: Tally, of: bigint, what: "known" | "used"): bigint =>
      portion(of, tally[what][member] ?? 0, tally.amount[member] ?? 0);
    return {
      container: member,
      pod: usage.containers.pod[member] ?? UNKNOWN,
      node: index,
      ...state,
      costs: held === undefined ? costs : { ...costs, gpu: held.cost },
      knownCost:
        share(tallies.cpu, costs.cpu, "known") + share(tallies.ram, costs.ram, "known") + (held?.known ?? 0n),
      usedCost:
        share(tallies.cpu, costs.cpu, "used") + share(tallies.ram, costs.ram, "used") + (held?.used ?? 0n),
      gpuStates: held?.states ?? noGpuStates,
      gpuStateHours: held === undefined ? noGpuStates : stateHours(usage, held.partsByState),
      gpuMetrics: held?.metrics ?? [],
      quantities: quantities(usage, tallies, member, held?.parts ?? 0),
      unknownSteps: tallies.unknownSteps[member] ?? 0,
    };
  });
  return {
    rows,
    node: {
      node: index,
      ...state,
      costs: priced,
      idle: { cpu: cpu.idle, ram: ram.idle, gpu: gpu.idle },
      gpuHours: hours(usage, node.gpus * GPU_PARTS * steps, GPU_PARTS),
      idleQuantities: {
        coreHours: hours(usage, cpu.left, MICRO),
        ramGibHours: hours(usage, ram.left, KIB_PER_GIB),
        gpuHours: hours(usage, gpu.left, GPU_PARTS),
      },
      presentSteps: steps,
      unseenSteps: unseenSteps(node.present),
    },
  };
}

function split(cost: bigint, weights: readonly number[], capacity: number): Split {
  const taken = weights.reduce((a, b) => a + b, 0);
  const left = Math.max(0, capacity - taken);
  if (taken + left === 0) return { parts: weights.map(() => 0n), idle: cost, left };
  const parts = allocateUnits(cost, [...weights, left].map(BigInt));
  return { parts: parts.slice(0, -1), idle: parts.at(-1) ?? 0n, left };
}

/** cost × part ÷ whole; all of it is known to be nothing where the whole is. */
const portion = (cost: bigint, part: number, whole: number): bigint =>
  whole === 0 ? 0n : divideRounded(cost * BigInt(part), BigInt(whole), "half-even");

interface GpuRow {
  cost: bigint;
  known: bigint;
  used: bigint;
  parts: number;
  partsByState: Readonly<Record<GpuState, number>>;
  states: AllocatedCost["gpuStates"];
  metrics: AllocatedCost["gpuMetrics"];
}

const noParts: Readonly<Record<GpuState, number>> = { active: 0, warmIdle: 0, allocatedIdle: 0, unknown: 0 };

const stateHours = (usage: ClusterUsage, parts: Readonly<Record<GpuState, number>>): GpuStateCosts => ({
  active: hours(usage, parts.active, GPU_PARTS),
  warmIdle: hours(usage, parts.warmIdle, GPU_PARTS),
  allocatedIdle: hours(usage, parts.allocatedIdle, GPU_PARTS),
  unknown: hours(usage, parts.unknown, GPU_PARTS),
});

/** The GPU costs of each container; it may hold several GPUs. */
function gpuRows(
  { activities }: ClusterUsage,
  gpus: readonly GpuTally[],
  parts: readonly bigint[],
): Map<number, GpuRow> {
  const rows = new Map<number, GpuRow>();
  gpus.forEach(({ container, activity, byState, known, used }, at) => {
    const row = rows.get(container) ?? {
      cost: 0n,
      known: 0n,
      used: 0n,
      parts: 0,
      partsByState: noParts,
      states: noGpuStates,
      metrics: [],
    };
    const costs = gpuStates.map((_, state) => parts[at * gpuStates.length + state] ?? 0n);
    const cost = costs.reduce((a, b) => a + b, 0n);
    const held = gpuStates.reduce((sum, state) => sum + byState[state], 0);
    const metric = activities[activity]?.metric;
    const [active = 0n, warmIdle = 0n, allocatedIdle = 0n, unknown = 0n] = costs;
    rows.set(container, {
      cost: row.cost + cost,
      known: row.known + portion(cost, known, held),
      used: row.used + portion(cost, used, held),
      parts: row.parts + held,
      partsByState: {
        active: row.partsByState.active + byState.active,
        warmIdle: row.partsByState.warmIdle + byState.warmIdle,
        allocatedIdle: row.partsByState.allocatedIdle + byState.allocatedIdle,
        unknown: row.partsByState.unknown + byState.unknown,
      },
      states: {
        active: row.states.active + active,
        warmIdle: row.states.warmIdle + warmIdle,
        allocatedIdle: row.states.allocatedIdle + allocatedIdle,
        unknown: row.states.unknown + unknown,
      },
      metrics: metric === undefined || row.metrics.includes(metric) ? row.metrics : [...row.metrics, metric],
    });
  });
  return rows;
}

function quantities(
  usage: ClusterUsage,
  { cpu, ram }: ContainerTallies,
  member: number,
  gpuParts: number,
): Quantities {
  return {
    coreHours: hours(usage, cpu.amount[member] ?? 0, MICRO),
    ramGibHours: hours(usage, ram.amount[member] ?? 0, KIB_PER_GIB),
    gpuHours: hours(usage, gpuParts, GPU_PARTS),
  };
}

/** Hours of a unit that `perUnit` of the counted ones make, at the 18th decimal. */
const hours = ({ steps }: ClusterUsage, counted: number, perUnit: number): bigint =>
  (BigInt(counted) * BigInt(steps.stepSeconds) * ONE) / (BigInt(perUnit) * 3600n);

function unseenSteps(present: Uint8Array): number {
  const life = present.subarray(present.indexOf(1), present.lastIndexOf(1) + 1);
  return life.reduce((missing, seen) => missing + (seen === 1 ? 0 : 1), 0);
}
