import { allocateCluster } from "#analysis/allocation/allocate-cluster.ts";
import type { Allocation } from "#analysis/allocation/allocation.ts";
import type { AllocationDimension } from "#analysis/allocation/group-costs.ts";
import type { IdleMode } from "#analysis/allocation/share-idle.ts";
import type { GpuIdleLimits } from "#analysis/allocation/tally-gpus.ts";
import type { ClusterUsage, Steps } from "#facts/cluster-usage.ts";
import { readUsage } from "#ingest/prometheus/read-usage.ts";
import type { PrometheusServer } from "#ingest/prometheus/server.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { answerOf, summaryOf } from "./allocation-answer.ts";
import type { AllocationTable } from "./allocation-table.ts";
import type { CataloguePrices, UsedPrice } from "./catalogue-prices.ts";
import { firstPrice, type NodePrices, priceOf } from "./node-prices.ts";
import type { ClusterPrices } from "./price-file.ts";

/** One question about what workloads of clusters cost. */
export interface AllocateRequest {
  readonly server: PrometheusServer;
  readonly window: Window;
  readonly stepSeconds: number;
  readonly prices: ClusterPrices;
  /** Asked before the price file, in this order. */
  readonly nodePrices: readonly NodePrices[];
  /** Asked after the price file. */
  readonly catalogue?: CataloguePrices;
  readonly by: readonly AllocationDimension[];
  readonly idle: IdleMode;
  /** Added to every selector, such as cluster="prod"; empty for none. */
  readonly matchers: string;
  /** The name of series without a label `cluster`. */
  readonly cluster: string;
  readonly idleLimits: GpuIdleLimits;
}

/** A node that nobody priced, and what a price would hang on. */
export interface UnpricedNode {
  readonly cluster: string;
  readonly node: string;
  readonly instanceType: string | null;
  readonly reason: string;
  readonly hours: number;
}

export interface AllocateAnswer {
  readonly window: Window;
  readonly stepSeconds: number;
  readonly idle: IdleMode;
  readonly table: AllocationTable;
  readonly unpriced: readonly UnpricedNode[];
  /** Prices of the catalogue's layers that nodes were charged by. */
  readonly pricesUsed: readonly UsedPrice[];
  /** Hours of nodes between their first and last sample in which they were not seen: not charged, since unknown. */
  readonly unseenNodeHours: number;
  readonly read: {
    readonly nodes: number;
    readonly pods: number;
    readonly containers: number;
    readonly gpus: number;
  };
  /** Name of a query to its PromQL. */
  readonly queries: Readonly<Record<string, string>>;
}

const MOST_STEPS = 44_640;

/** Reads a window of usage and divides its cost. */
export async function allocateCosts(request: AllocateRequest): Promise<AllocateAnswer> {
  const { usage, allocation } = await allocateWindow(request, request.window);
  if (usage.nodes.length === 0) throw noNodes(request);
  return answerOf(request, [summaryOf(request, usage, allocation)]);
}

/** What a cluster ran in a window, and what it cost whom; no nodes if none was seen in it. */
export interface AllocatedWindow {
  readonly usage: ClusterUsage;
  readonly allocation: Allocation;
}

/** Reads what ran in a window, by everything else that a request asks, and divides its cost. */
export async function allocateWindow(request: AllocateRequest, window: Window): Promise<AllocatedWindow> {
  const { prices, stepSeconds } = request;
  const usage = await readUsage(request.server, {
    steps: stepsOf(window, stepSeconds),
    matchers: request.matchers,
    cluster: request.cluster,
    volumes: prices.pricesVolumes,
    network: prices.pricesNetwork,
  });
  const nodePrice = priceOf(
    firstPrice([
      ...request.nodePrices,
      prices.node,
      ...(request.catalogue === undefined ? [] : [request.catalogue.prices]),
    ]),
  );
  return {
    usage,
    allocation: allocateCluster(usage, { ...prices, nodePrice, idleLimits: request.idleLimits }),
  };
}

export const noNodes = ({ server }: AllocateRequest): Problem =>
  new Problem("series-missing", `${server.url} has no node of Kubernetes in that window.`);

/** @throws Problem "window-invalid" unless the window is a whole number of steps */
export function stepsOf({ start, end }: Window, stepSeconds: number): Steps {
  const count = (end - start) / (stepSeconds * 1000);
  if (!Number.isInteger(count) || count > MOST_STEPS)
    throw new Problem(
      "window-invalid",
      count > MOST_STEPS
        ? `The window has ${Math.ceil(count)} steps, and ${MOST_STEPS} are the most.`
        : `The window is not a whole number of steps of ${stepSeconds} seconds.`,
      { hint: "Choose --from, --to and --step so that the window is a whole number of steps." },
    );
  return { start, stepSeconds, count };
}
