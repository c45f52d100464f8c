import { type ClusterNode, KIB_PER_GIB, MICRO, type Steps, UNKNOWN } from "#facts/cluster-usage.ts";
import { divideRounded } from "#units/decimal.ts";
import { allocateUnits, type Money } from "#units/money.ts";
import type { NodeCosts } from "./components.ts";

/** Prices whose ratio says how a node's price is made up: of a core, a GiB of memory and a GPU, all in one unit per hour. */
export interface ComponentPrices {
  readonly cpu: bigint;
  readonly ram: bigint;
  readonly gpu: bigint;
}

/** What an hour of a node costs, and the ratio of its parts where the default's is not wanted. */
export interface NodePrice {
  readonly hourly: Money;
  readonly ratio?: ComponentPrices | undefined;
}

/** Why a node's cost is not known. */
export type NoCost = "unpriced" | "capacity-unknown";

/** What a node cost in the window, divided among its components. */
export interface NodeCost {
  readonly currency: string;
  readonly costs: NodeCosts;
}

export const presentSteps = ({ present }: ClusterNode): number => present.reduce((a, b) => a + b, 0);

/**
 * The cost of the steps in which the node was seen, rounded once, half to even, and divided so that component prices keep their ratio
 * and add up to the node's price.
 * @see OpenCost specification 0.1, appendix A
 */
export function nodeCost(
  node: ClusterNode,
  price: NodePrice | undefined,
  steps: Steps,
  ratio: ComponentPrices,
): NodeCost | NoCost {
  if (price === undefined) return "unpriced";
  if (node.cpuMicroCores === UNKNOWN || node.ramKib === UNKNOWN) return "capacity-unknown";
  const weights = componentWeights(node, price.ratio ?? ratio);
  if (weights.every((weight) => weight === 0n)) return "capacity-unknown";
  const seconds = BigInt(presentSteps(node)) * BigInt(steps.stepSeconds);
  const units = divideRounded(price.hourly.units * seconds, 3600n, "half-even");
  const [cpu = 0n, ram = 0n, gpu = 0n] = allocateUnits(units, weights);
  return { currency: price.hourly.currency, costs: { cpu, ram, gpu } };
}

/** Price × capacity of each component, in one unit of measure. */
function componentWeights(node: ClusterNode, { cpu, ram, gpu }: ComponentPrices): bigint[] {
  const [cores, kib, micro] = [BigInt(node.cpuMicroCores), BigInt(KIB_PER_GIB), BigInt(MICRO)];
  return [cpu * cores * kib, ram * BigInt(node.ramKib) * micro, gpu * BigInt(node.gpus) * micro * kib];
}
