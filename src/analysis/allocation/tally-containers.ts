import { type ClusterNode, type ContainerColumns, UNKNOWN } from "#facts/cluster-usage.ts";
import { fitToCapacity } from "./fit-to-capacity.ts";

/** Sums over the steps of each container, in its unit times steps; indexed as the containers are. */
export interface Tally {
  /** max(request, use), cut to what the node has. */
  readonly amount: Float64Array;
  /** Of `amount`, what stands in steps whose use is known. */
  readonly known: Float64Array;
  /** What was used, cut alike. */
  readonly used: Float64Array;
}

/** CPU and memory of all containers, and the steps in which neither request nor use is known. */
export interface ContainerTallies {
  readonly cpu: Tally;
  readonly ram: Tally;
  readonly unknownSteps: Int32Array;
}

export const noTally = (count: number): Tally => ({
  amount: new Float64Array(count),
  known: new Float64Array(count),
  used: new Float64Array(count),
});

type Column = Int32Array | Float64Array;
interface Series {
  readonly request: Column;
  readonly usage: Column;
  readonly capacity: number;
  readonly tally: Tally;
}

/**
 * Adds the steps of a node's containers to the tallies. In a step where they exceed the node's capacity all are cut in proportion.
 * @param members indices of the node's containers
 */
export function tallyNode(
  containers: ContainerColumns,
  members: readonly number[],
  node: ClusterNode,
  tallies: ContainerTallies,
): void {
  const { cpuRequest, cpuUsage, ramRequest, ramUsage } = containers;
  const cpu = { request: cpuRequest, usage: cpuUsage, capacity: node.cpuMicroCores, tally: tallies.cpu };
  const ram = { request: ramRequest, usage: ramUsage, capacity: node.ramKib, tally: tallies.ram };
  for (const series of [cpu, ram]) {
    const sums = addSteps(containers, members, node.present, series);
    // A node whose capacity is not known has no cost to divide either.
    if (series.capacity === UNKNOWN) continue;
    for (let step = 0; step < sums.length; step++)
      if ((sums[step] ?? 0) > series.capacity) cutStep(containers, members, step, series);
  }
  for (const member of members) tallies.unknownSteps[member] = unknownSteps(containers, member, node.present);
}

/** @returns the sum of the amounts in each step */
function addSteps(
  { first, offset, charged }: ContainerColumns,
  members: readonly number[],
  present: Uint8Array,
  { request, usage, tally }: Series,
): Float64Array {
  const sums = new Float64Array(present.length);
  for (const member of members) {
    const [from = 0, to = 0, start = 0] = [offset[member], offset[member + 1], first[member]];
    let amounts = 0;
    let known = 0;
    let used = 0;
    for (let at = from, step = start; at < to; at++, step++) {
      if (charged[at] !== 1 || present[step] !== 1) continue;
      const asked = request[at] ?? UNKNOWN;
      const use = usage[at] ?? UNKNOWN;
      const amount = asked > use ? asked : use;
      if (amount === UNKNOWN) continue;
      amounts += amount;
      sums[step] = (sums[step] ?? 0) + amount;
      if (use === UNKNOWN) continue;
      known += amount;
      used += use;
    }
    tally.amount[member] = amounts;
    tally.known[member] = known;
    tally.used[member] = used;
  }
  return sums;
}

/** Takes the amounts of one step back and adds them cut to the capacity. */
function cutStep(
  { first, offset, charged }: ContainerColumns,
  members: readonly number[],
  step: number,
  { request, usage, capacity, tally }: Series,
): void {
  const claims = members.flatMap((member) => {
    const [from = 0, to = 0, start = 0] = [offset[member], offset[member + 1], first[member]];
    const at = from + step - start;
    if (at < from || at >= to || charged[at] !== 1) return [];
    const [asked = UNKNOWN, use = UNKNOWN] = [request[at], usage[at]];
    const amount = Math.max(asked, use);
    return amount === UNKNOWN ? [] : [{ member, amount, use }];
  });
  const cut = fitToCapacity(
    claims.map(({ amount }) => amount),
    capacity,
  );
  claims.forEach(({ member, amount, use }, index) => {
    const fit = cut[index] ?? 0;
    addTo(tally.amount, member, fit - amount);
    if (use === UNKNOWN) return;
    addTo(tally.known, member, fit - amount);
    // Amounts are whole and below 2^53, but their product is not.
    const useCut = amount === 0 ? 0 : Number((BigInt(use) * BigInt(fit)) / BigInt(amount));
    addTo(tally.used, member, useCut - use);
  });
}

function addTo(column: Float64Array, index: number, change: number): void {
  column[index] = (column[index] ?? 0) + change;
}

/** Steps in which a charged container has neither a request nor a measured use of CPU or of memory. */
function unknownSteps(
  { first, offset, charged, cpuRequest, cpuUsage, ramRequest, ramUsage }: ContainerColumns,
  member: number,
  present: Uint8Array,
): number {
  const [from = 0, to = 0, start = 0] = [offset[member], offset[member + 1], first[member]];
  let count = 0;
  for (let at = from, step = start; at < to; at++, step++) {
    if (charged[at] !== 1) continue;
    const cpu = cpuRequest[at] === UNKNOWN && cpuUsage[at] === UNKNOWN;
    const ram = ramRequest[at] === UNKNOWN && ramUsage[at] === UNKNOWN;
    if (cpu || ram || present[step] !== 1) count++;
  }
  return count;
}
