import { type ContainerColumns, MICRO, UNKNOWN } from "#facts/cluster-usage.ts";
import { growingContainers } from "./growing-containers.ts";
import type { UsageQueries } from "./queries.ts";
import type { PodName, ReadPods } from "./read-pods.ts";
import type { Labels, SeriesReader, StepSink } from "./read-series.ts";
import { endStep, fillSteps, firstStep } from "./step-runs.ts";

/** What a container asked of GPUs: resource name, as kube-state-metrics writes it, to how much. */
export type GpuRequests = ReadonlyMap<string, number>;

export interface ReadContainers {
  readonly columns: ContainerColumns;
  /** Per container that asks for GPUs. */
  readonly gpuRequests: ReadonlyMap<number, GpuRequests>;
  /** The container of that name in a pod, else the one that asked for a GPU, else any; UNKNOWN if no series told of one. */
  readonly find: (pod: number, name: string) => number;
}

/** Takes a sample at its place in the columns. */
type Take = (at: number, value: number, step: number) => unknown;

const microOf = (cores: number): number => Math.round(cores * MICRO);
const kibOf = (bytes: number): number => Math.round(bytes / 1024);

interface Life {
  readonly first: number;
  readonly last: number;
}

const isGpu = (resource: string): boolean => /^(nvidia|amd)_com_/.test(resource);

/** Reads requests, use and waiting of all containers. */
export async function readContainers(
  reader: SeriesReader,
  queries: UsageQueries,
  { pods, podAt }: ReadPods,
  nameOf: (labels: Labels) => PodName,
): Promise<ReadContainers> {
  // Most pods have one container that counts.
  const containers = growingContainers(
    pods.reduce((steps, { runs }) => steps + endStep(runs) - firstStep(runs), 0),
  );
  const gpuRequests = new Map<number, Map<string, number>>();
  /** Containers with a request, and for the others their first and last step with a measured use. */
  const asking = new Set<number>();
  const seen = new Map<number, Life>();
  const indexOf = (pod: number, name: string): number => {
    const runs = pods[pod]?.runs ?? [];
    return containers.indexOf(pod, name, firstStep(runs), endStep(runs) - firstStep(runs));
  };
  /** Opens a container once, then takes its samples at their places in the columns. */
  const sink = (labels: Labels, open: (index: number) => Take): StepSink => {
    const at = podAt(nameOf(labels));
    const name = labels["container"] ?? "";
    let pod = UNKNOWN;
    let [from, first, length] = [0, 0, 0];
    let take: Take = () => undefined;
    return (step, value) => {
      const now = at(step);
      if (now === UNKNOWN) return;
      if (now !== pod) {
        pod = now;
        const index = indexOf(now, name);
        const { offset, first: firsts } = containers.columns();
        from = offset[index] ?? 0;
        length = (offset[index + 1] ?? 0) - from;
        first = firsts[index] ?? 0;
        take = open(index);
      }
      const place = step - first;
      if (place >= 0 && place < length) take(from + place, value, step);
    };
  };
  await reader.values(queries.requests, (labels) => {
    const resource = labels["resource"] ?? "";
    return sink(labels, (index) => {
      asking.add(index);
      if (resource === "cpu") return (at, value) => (containers.columns().cpuRequest[at] = microOf(value));
      if (resource === "memory") return (at, value) => (containers.columns().ramRequest[at] = kibOf(value));
      if (!isGpu(resource)) return () => undefined;
      const asked = gpuRequests.get(index) ?? new Map<string, number>();
      gpuRequests.set(index, asked);
      return (_, value) => asked.set(resource, value);
    });
  });
  /** Where no request tells how long a container lived, its use does. */
  const noting = (index: number, take: (at: number, value: number) => void): Take => {
    if (asking.has(index)) return take;
    return (at, value, step) => {
      const { first, last } = seen.get(index) ?? { first: step, last: step };
      seen.set(index, { first: Math.min(first, step), last: Math.max(last, step) });
      take(at, value);
    };
  };
  await reader.values(queries.cpuUsage, (labels) =>
    sink(labels, (index) =>
      noting(index, (at, value) => (containers.columns().cpuUsage[at] = microOf(value))),
    ),
  );
  await reader.values(queries.ramUsage, (labels) =>
    sink(labels, (index) => noting(index, (at, value) => (containers.columns().ramUsage[at] = kibOf(value)))),
  );
  const columns = containers.finish();
  charge(columns, pods, asking, seen);
  await reader.values(queries.waiting, (labels) => sink(labels, () => (at) => (columns.charged[at] = 0)));
  const byPod = new Map<number, number>();
  columns.pod.forEach((pod, index) => {
    if (!byPod.has(pod) || gpuRequests.has(index)) byPod.set(pod, index);
  });
  const find = (pod: number, name: string): number => {
    const named = containers.find(pod, name);
    return named >= 0 && named < columns.pod.length ? named : (byPod.get(pod) ?? UNKNOWN);
  };
  return { columns, gpuRequests, find };
}

/**
 * A container that asked for something is charged while its pod was there. One that did not is known only by its use, so it is from its
 * first use to its last: containers that prepare a pod end long before it does.
 */
function charge(
  columns: ContainerColumns,
  pods: ReadPods["pods"],
  asking: ReadonlySet<number>,
  seen: ReadonlyMap<number, Life>,
): void {
  columns.pod.forEach((pod, index) => {
    const [from = 0, to = 0, first = 0] = [
      columns.offset[index],
      columns.offset[index + 1],
      columns.first[index],
    ];
    const own = columns.charged.subarray(from, to);
    fillSteps(pods[pod]?.runs ?? [], own, first);
    if (asking.has(index)) return;
    const life = seen.get(index) ?? { first, last: first - 1 };
    own.fill(0, 0, life.first - first);
    own.fill(0, life.last + 1 - first);
  });
}
