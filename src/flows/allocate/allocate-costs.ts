import { allocateCluster } from "#analysis/allocation/allocate-cluster.ts";
import type { Allocation } from "#analysis/allocation/allocation.ts";
import type { ClusterUsage, Steps } from "#facts/cluster-usage.ts";
import { readUsage } from "#ingest/prometheus/read-usage.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import type { AllocateRequest } from "./allocate-request.ts";
import { type AllocateAnswer, answerOf, summaryOf } from "./allocation-answer.ts";
import { firstPrice, priceOf } from "./node-prices.ts";

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
