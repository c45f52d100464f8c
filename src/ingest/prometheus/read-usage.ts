import { type ClusterUsage, type Steps, UNKNOWN } from "#facts/cluster-usage.ts";
import { type Matchers, usageQueries } from "./queries.ts";
import type { QueryIo, QueryLimits } from "./query-range.ts";
import { readContainers } from "./read-containers.ts";
import { readGpus, withDevices } from "./read-gpus.ts";
import { type PodName, readPods, type ReadPods } from "./read-pods.ts";
import { type Labels, type SeriesReader, seriesReader } from "./read-series.ts";
import { readVolumes } from "./read-volumes.ts";
import type { PrometheusServer } from "./server.ts";

/** What is read, and what may be left out because nothing prices it. */
export interface UsageRequest {
  readonly steps: Steps;
  /** Added to every selector, such as cluster="prod"; empty for none. */
  readonly matchers: Matchers;
  /** The name of series without a label `cluster`. */
  readonly cluster: string;
  readonly volumes: boolean;
  readonly network: boolean;
}

/**
 * Reads what clusters ran from a Prometheus that scrapes kube-state-metrics, cAdvisor and, for GPUs, dcgm-exporter.
 * @throws Problem of `queryRange` and `seriesReader`
 */
export function readUsage(
  server: PrometheusServer,
  request: UsageRequest,
  limits?: QueryLimits,
  io?: QueryIo,
): Promise<ClusterUsage> {
  return usageFrom(seriesReader(server, request.steps, limits, io), request);
}

/** The same from any reader of series. */
export async function usageFrom(
  reader: SeriesReader,
  { steps, matchers, cluster, volumes, network }: UsageRequest,
): Promise<ClusterUsage> {
  const queries = usageQueries(`${steps.stepSeconds}s`, matchers);
  const clusterOf = (labels: Labels): string => labels["cluster"] ?? cluster;
  const nameOf = (labels: Labels): PodName => ({
    cluster: clusterOf(labels),
    namespace: labels["namespace"],
    pod: labels["pod"],
    uid: labels["uid"],
  });
  const pods = await readPods(reader, queries, steps, cluster);
  const containers = await readContainers(reader, queries, pods, nameOf);
  const gpus = await readGpus(reader, queries, pods, containers, steps.count, clusterOf);
  if (network)
    for (const query of [queries.networkReceived, queries.networkSent])
      await addNetwork(reader, query, pods, nameOf);
  return {
    steps,
    nodes: withDevices(pods.nodes, gpus.devices),
    pods: pods.pods,
    containers: containers.columns,
    ...gpus,
    volumes: volumes ? await readVolumes(reader, queries, pods, steps, nameOf) : [],
  };
}

async function addNetwork(
  reader: SeriesReader,
  query: string,
  { pods, podAt }: ReadPods,
  nameOf: (labels: Labels) => PodName,
): Promise<void> {
  await reader.values(query, (labels) => {
    const at = podAt(nameOf(labels));
    return (step, value) => {
      const pod = pods[at(step)];
      if (pod === undefined) return;
      pod.networkBytes = (pod.networkBytes === UNKNOWN ? 0 : pod.networkBytes) + Math.round(value);
    };
  });
}
