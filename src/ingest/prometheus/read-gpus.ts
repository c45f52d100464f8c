import {
  type ClusterNode,
  type GpuActivity,
  gpuActivityMetrics,
  type GpuDevice,
  type GpuHold,
  MICRO,
  UNKNOWN,
} from "#facts/cluster-usage.ts";
import { heldParts, requestedParts } from "./gpu-shares.ts";
import type { UsageQueries } from "./queries.ts";
import type { ReadContainers } from "./read-containers.ts";
import type { PodName, ReadPods } from "./read-pods.ts";
import type { Labels, SeriesReader, StepSink } from "./read-series.ts";
import { fillSteps } from "./step-runs.ts";
import { workloadName } from "./workload-name.ts";

/** GPUs of a window: devices, what they did, who held them. */
export interface ReadGpus {
  readonly devices: readonly GpuDevice[];
  readonly activities: readonly GpuActivity[];
  readonly holds: readonly GpuHold[];
}

interface Holding {
  readonly container: number;
  readonly device: number;
  readonly profile: string | undefined;
  readonly held: Uint8Array;
  readonly engine: Int32Array;
  readonly memoryMib: Int32Array;
  metric: GpuActivity["metric"];
}

/**
 * Reads dcgm-exporter's series: which GPUs there are, which container holds which in which steps, and how busy they are by the best metric
 * that there is. Containers that ask for GPUs and have no such series hold what they asked for.
 */
export async function readGpus(
  reader: SeriesReader,
  queries: UsageQueries,
  pods: ReadPods,
  containers: ReadContainers,
  steps: number,
  clusterOf: (labels: Labels) => string,
): Promise<ReadGpus> {
  const devices: GpuDevice[] = [];
  const byId = new Map<string, number>();
  const holdings = new Map<string, Holding>();
  const workload = workloadOf(pods, containers, clusterOf);

  const deviceOf = (labels: Labels, node: number): number => {
    const id = labels["UUID"] ?? `${labels["Hostname"] ?? labels["hostname"] ?? ""}/${labels["gpu"] ?? ""}`;
    const before = byId.get(id);
    if (before !== undefined) return before;
    byId.set(id, devices.length);
    return devices.push({ node, id, model: labels["modelName"] ?? "" }) - 1;
  };
  const holdingOf = (container: number, device: number, labels: Labels): Holding => {
    const id = `${container} ${device} ${labels["GPU_I_ID"] ?? ""}`;
    const unknown = (): Int32Array => new Int32Array(steps).fill(UNKNOWN);
    const holding = holdings.get(id) ?? {
      container,
      device,
      profile: labels["GPU_I_PROFILE"],
      held: new Uint8Array(steps),
      engine: unknown(),
      memoryMib: unknown(),
      metric: undefined,
    };
    holdings.set(id, holding);
    return holding;
  };
  const sink = (labels: Labels, take: (holding: Holding, step: number, value: number) => void): StepSink => {
    const find = workload(labels);
    const place = nodeOf(labels, pods, clusterOf(labels));
    let [container, holding] = [UNKNOWN, undefined as Holding | undefined];
    return (step, value) => {
      const now = find(step);
      const pod = now === UNKNOWN ? UNKNOWN : now.pod;
      const node = pods.pods[pod]?.node ?? place(step);
      if (node === UNKNOWN) return;
      const device = deviceOf(labels, node);
      if (now === UNKNOWN) return;
      if (now.container !== container || holding === undefined)
        [container, holding] = [now.container, holdingOf(now.container, device, labels)];
      holding.held[step] = 1;
      take(holding, step, value);
    };
  };
  await reader.values(queries.gpuMemory, (labels) =>
    sink(labels, (holding, step, value) => {
      holding.memoryMib[step] = Math.round(value);
    }),
  );
  for (const metric of gpuActivityMetrics) {
    const scale = metric === "DCGM_FI_DEV_GPU_UTIL" ? MICRO / 100 : MICRO;
    await reader.values(queries.gpuActivity(metric), (labels) =>
      sink(labels, (holding, step, value) => {
        if (holding.metric !== undefined && holding.metric !== metric) return;
        holding.metric = metric;
        holding.engine[step] = Math.min(MICRO, Math.max(0, Math.round(value * scale)));
      }),
    );
  }
  const seen = [...holdings.values()];
  const activities = seen.map(({ metric, engine, memoryMib }) => ({ metric, engine, memoryMib }));
  const holds = seen.map((holding, activity): GpuHold => {
    const { container, device, held } = holding;
    return { container, device, activity, held, parts: partsOf(holding, seen, devices, pods, containers) };
  });
  return { devices, activities, holds: [...holds, ...requested(seen, pods, containers, steps)] };
}

function partsOf(
  { container, device, profile }: Holding,
  seen: readonly Holding[],
  devices: readonly GpuDevice[],
  { nodes }: ReadPods,
  { gpuRequests }: ReadContainers,
): number {
  const { node = UNKNOWN, model = "" } = devices[device] ?? {};
  const own = new Set(seen.filter((each) => each.container === container).map((each) => each.device));
  return heldParts({
    profile,
    model,
    requests: gpuRequests.get(container) ?? new Map<string, number>(),
    nodeLabels: nodes[node]?.labels ?? {},
    devices: own.size,
  });
}

/** Holds of containers that asked for GPUs and of which no GPU tells. */
function requested(
  seen: readonly Holding[],
  { nodes, pods }: ReadPods,
  { columns, gpuRequests }: ReadContainers,
  steps: number,
): GpuHold[] {
  const told = new Set(seen.map(({ container }) => container));
  return [...gpuRequests].flatMap(([container, requests]) => {
    const pod = pods[columns.pod[container] ?? UNKNOWN];
    const parts = requestedParts(requests, nodes[pod?.node ?? UNKNOWN]?.labels ?? {});
    if (told.has(container) || pod === undefined || parts === 0) return [];
    const held = fillSteps(pod.runs, new Uint8Array(steps));
    return [{ container, device: UNKNOWN, activity: UNKNOWN, parts, held }];
  });
}

interface Workload {
  readonly pod: number;
  readonly container: number;
}

/**
 * Who holds the GPU of a series. With honorLabels off a scrape renames the workload's labels to exported_…, and `pod` is the exporter's own
 * pod: where a series has `pod` alone, that one counts only if it asked for a GPU.
 */
function workloadOf(
  { podAt }: ReadPods,
  { columns, gpuRequests, find }: ReadContainers,
  clusterOf: (labels: Labels) => string,
): (labels: Labels) => (step: number) => Workload | typeof UNKNOWN {
  const askers = new Set([...gpuRequests.keys()].map((container) => columns.pod[container] ?? UNKNOWN));
  return (labels) => {
    const name = workloadName(labels);
    if (name === undefined) return () => UNKNOWN;
    const at = podAt({ ...name, cluster: clusterOf(labels), uid: labels["pod_uid"] });
    return (step) => {
      const pod = at(step);
      if (pod === UNKNOWN || (name.unsure && !askers.has(pod))) return UNKNOWN;
      const container = find(pod, name.container);
      return container === UNKNOWN ? UNKNOWN : { pod, container };
    };
  };
}

/** The node of a GPU that no pod holds: by a label that names it, else where the exporter runs. */
function nodeOf(
  labels: Labels,
  { nodeIndex, podAt, pods }: ReadPods,
  cluster: string,
): (step: number) => number {
  const named = [labels["node"], labels["Hostname"], labels["hostname"]]
    .map((name) => nodeIndex(cluster, name))
    .find((index) => index !== UNKNOWN);
  if (named !== undefined) return () => named;
  const exporter: PodName = { cluster, namespace: labels["namespace"], pod: labels["pod"], uid: undefined };
  const at = podAt(exporter);
  return (step) => pods[at(step)]?.node ?? UNKNOWN;
}

/** Nodes with as many GPUs as were seen on them; what they tell of themselves counts slices as GPUs. */
export function withDevices(nodes: readonly ClusterNode[], devices: readonly GpuDevice[]): ClusterNode[] {
  const counts = new Map<number, number>();
  for (const { node } of devices) counts.set(node, (counts.get(node) ?? 0) + 1);
  return nodes.map((node, index) => ({ ...node, gpus: counts.get(index) ?? node.gpus }));
}
