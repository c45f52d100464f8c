import { type ClusterUsage, GPU_PARTS, type Steps, UNKNOWN } from "#facts/cluster-usage.ts";
import { divideRounded } from "#units/decimal.ts";
import { allocateUnits, type Money } from "#units/money.ts";
import { type AllocatedCost, type AllocatedVolume, nothingUsed } from "./allocation.ts";
import { noCosts } from "./components.ts";

/** Prices of what a pod uses beside its node. */
export interface PodPrices {
  /** A GiB of requested capacity for an hour; by storage class, undefined if it has no price. */
  readonly storagePerGibHour: (storageClass: string) => Money | undefined;
  /** A GiB sent or received. */
  readonly networkPerGib: Money | undefined;
}

const GIB = 2n ** 30n;

/** What volumes and network cost each pod: volumes by requested capacity, shared alike by the pods that mount them at a time. */
export function podCosts(
  usage: ClusterUsage,
  prices: PodPrices,
): { rows: AllocatedCost[]; volumes: AllocatedVolume[] } {
  const rows: AllocatedCost[] = [];
  const volumes = usage.volumes.map((volume, index): AllocatedVolume => {
    const price = prices.storagePerGibHour(volume.storageClass);
    const weights = mountWeights(volume.present, volume.mounts);
    const cost =
      price === undefined ? 0n : volumeCost(volume.requestedBytes, volume.present, usage.steps, price);
    const parts = weights.every((weight) => weight === 0n) ? [] : allocateUnits(cost, weights);
    volume.mounts.forEach(({ pod }, at) => {
      if ((weights[at] ?? 0n) > 0n) rows.push(podRow(usage, pod, price, { storage: parts[at] ?? 0n }));
    });
    return { volume: index, currency: price?.currency, cost, unmounted: parts.at(-1) ?? 0n };
  });
  usage.pods.forEach(({ networkBytes }, pod) => {
    if (networkBytes === UNKNOWN || networkBytes === 0 || prices.networkPerGib === undefined) return;
    const network = divideRounded(prices.networkPerGib.units * BigInt(networkBytes), GIB, "half-even");
    rows.push(podRow(usage, pod, prices.networkPerGib, { network }));
  });
  return { rows, volumes };
}

function volumeCost(bytes: number, present: Uint8Array, { stepSeconds }: Steps, price: Money): bigint {
  const seconds = BigInt(present.reduce((a, b) => a + b, 0)) * BigInt(stepSeconds);
  return divideRounded(price.units * BigInt(bytes) * seconds, GIB * 3600n, "half-even");
}

/** Each mount's share of the steps in which the volume was there, and at the end what nobody mounted. */
function mountWeights(present: Uint8Array, mounts: ClusterUsage["volumes"][number]["mounts"]): bigint[] {
  const weights = new Float64Array(mounts.length + 1);
  for (let step = 0; step < present.length; step++) {
    if (present[step] !== 1) continue;
    const holders = mounts.flatMap(({ held }, at) => (held[step] === 1 ? [at] : []));
    const sharers = holders.length === 0 ? [mounts.length] : holders;
    // The number of parts is one that small numbers divide.
    for (const at of sharers) weights[at] = (weights[at] ?? 0) + Math.floor(GPU_PARTS / sharers.length);
  }
  return Array.from(weights, BigInt);
}

function podRow(
  { pods }: ClusterUsage,
  pod: number,
  price: Money | undefined,
  costs: { storage?: bigint; network?: bigint },
): AllocatedCost {
  return {
    container: UNKNOWN,
    pod,
    node: pods[pod]?.node ?? UNKNOWN,
    ...(price === undefined ? { currency: undefined, reason: "unpriced" } : { currency: price.currency }),
    costs: { ...noCosts, ...costs },
    ...nothingUsed,
  };
}
