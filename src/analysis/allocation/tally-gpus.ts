import {
  type ClusterNode,
  GPU_PARTS,
  type GpuActivity,
  type GpuHold,
  MICRO,
  UNKNOWN,
} from "#facts/cluster-usage.ts";
import type { GpuState } from "./components.ts";
import { fitToCapacity } from "./fit-to-capacity.ts";

/** Up to where a GPU counts as idle. */
export interface GpuIdleLimits {
  /** Millionths of full activity. */
  readonly engine: number;
  /** MiB. */
  readonly memoryMib: number;
}

/**
 * Activity up to 1 % is noise of sampling and of the driver; memory up to 1 GiB is a CUDA context without a model (300 to 600 MiB).
 */
export const defaultIdleLimits: GpuIdleLimits = { engine: 10_000, memoryMib: 1024 };

/** Parts of a GPU times steps that a hold took, by state, and what of them was busy. */
export interface GpuTally {
  readonly container: number;
  readonly activity: number;
  readonly byState: Readonly<Record<GpuState, number>>;
  /** Of all, what stands in steps whose activity is known. */
  readonly known: number;
  readonly used: number;
}

interface Claim {
  readonly hold: GpuHold;
  readonly byState: Record<GpuState, number>;
  known: number;
  used: number;
}

/**
 * Adds up what the holders of a node's GPUs took. A device gives at most itself; holders whose device is not known share what the
 * others leave of the node.
 */
export function tallyGpus(
  node: ClusterNode,
  holds: readonly GpuHold[],
  activities: readonly GpuActivity[],
  limits: GpuIdleLimits,
): GpuTally[] {
  const claims = holds.map((hold): Claim => ({
    hold,
    byState: { active: 0, warmIdle: 0, allocatedIdle: 0, unknown: 0 },
    known: 0,
    used: 0,
  }));
  const taken = new Float64Array(node.present.length);
  const anywhere = claims.filter(({ hold }) => hold.device === UNKNOWN);
  const onDevices = byDevice(claims);
  for (let step = 0; step < node.present.length; step++) {
    if (node.present[step] !== 1) continue;
    const room = node.gpus * GPU_PARTS;
    const add = (group: readonly Claim[], capacity: number): void => {
      taken[step] = (taken[step] ?? 0) + addStep(group, step, capacity, activities, limits);
    };
    for (const group of onDevices) add(group, Math.min(GPU_PARTS, room - (taken[step] ?? 0)));
    add(anywhere, room - (taken[step] ?? 0));
  }
  return claims.map(({ hold: { container, activity }, byState, known, used }) => ({
    container,
    activity,
    byState,
    known,
    used,
  }));
}

/** The claims on each known device. */
function byDevice(claims: readonly Claim[]): Claim[][] {
  const devices = new Map<number, Claim[]>();
  for (const claim of claims) {
    if (claim.hold.device === UNKNOWN) continue;
    const before = devices.get(claim.hold.device);
    if (before === undefined) devices.set(claim.hold.device, [claim]);
    else before.push(claim);
  }
  return [...devices.values()];
}

/** @returns the parts given in this step */
function addStep(
  claims: readonly Claim[],
  step: number,
  capacity: number,
  activities: readonly GpuActivity[],
  limits: GpuIdleLimits,
): number {
  const holders = claims.filter(({ hold }) => hold.held[step] === 1);
  const asked = holders.map(({ hold }) => hold.parts);
  const sum = asked.reduce((a, b) => a + b, 0);
  const given = sum > capacity ? fitToCapacity(asked, capacity) : asked;
  holders.forEach((claim, index) => {
    const parts = given[index] ?? 0;
    const activity = activities[claim.hold.activity];
    const engine = activity?.engine[step] ?? UNKNOWN;
    claim.byState[stateOf(engine, activity?.memoryMib[step] ?? UNKNOWN, limits)] += parts;
    if (engine === UNKNOWN) return;
    claim.known += parts;
    // A sample tells of the whole device or instance: each sharer is credited with its own share of it, so copies never add up.
    claim.used += Math.floor((parts * Math.min(engine, MICRO)) / MICRO);
  });
  return Math.min(sum, capacity);
}

/** What a held GPU does: idle GPUs whose memory is unknown are unknown too, since either idle would be a guess. */
function stateOf(engine: number, memoryMib: number, limits: GpuIdleLimits): GpuState {
  if (engine === UNKNOWN) return "unknown";
  if (engine > limits.engine) return "active";
  if (memoryMib === UNKNOWN) return "unknown";
  return memoryMib > limits.memoryMib ? "warmIdle" : "allocatedIdle";
}
