import type { Steps } from "#facts/cluster-usage.ts";
import { type SignalPoint, signals } from "#facts/signal.ts";
import { type Matchers, usageQueries } from "#ingest/prometheus/queries.ts";
import type { QueryIo, QueryLimits } from "#ingest/prometheus/query-range.ts";
import { readPods } from "#ingest/prometheus/read-pods.ts";
import { type Labels, type SeriesReader, seriesReader } from "#ingest/prometheus/read-series.ts";
import type { PrometheusServer } from "#ingest/prometheus/server.ts";
import { addCounter, addGauge, addHistogram, addMean, type Into } from "./add-source.ts";
import { platformMaps } from "./platform-maps.ts";
import { servingMaps } from "./serving-maps.ts";
import type { SignalMap } from "./signal-source.ts";
import { signalSums } from "./signal-sums.ts";
import { type GpuAskers, subjects } from "./subjects.ts";

/** What is read. */
export interface SignalRequest {
  /** Buckets of time, of 300 seconds as a rule. */
  readonly steps: Steps;
  /** Added to every selector, such as cluster="prod"; empty for none. */
  readonly matchers: Matchers;
  /** The name of series without a label `cluster`. */
  readonly cluster: string;
  readonly maps?: readonly SignalMap[];
}

/** What all programs tell that there is a map of. */
export const signalMaps: readonly SignalMap[] = [...servingMaps, ...platformMaps];

/**
 * Reads signals from a server that speaks Prometheus's API: what is told by different programs in different words, summed per workload,
 * model and GPU. Ask for some hours at a time: the series of a window are held in memory.
 * @throws Problem of `queryRange` and `seriesReader`
 */
export function readSignals(
  server: PrometheusServer,
  request: SignalRequest,
  limits?: QueryLimits,
  io?: QueryIo,
): Promise<SignalPoint[]> {
  return signalsFrom(seriesReader(server, withOneBefore(request.steps), limits, io), request);
}

/** A counter's increase needs its value before the first step. */
const withOneBefore = ({ start, stepSeconds, count }: Steps): Steps => ({
  start: start - stepSeconds * 1000,
  stepSeconds,
  count: count + 1,
});

/** The same from any reader of series over the steps and the one before them. */
export async function signalsFrom(
  reader: SeriesReader,
  { steps, matchers, cluster, maps = signalMaps }: SignalRequest,
): Promise<SignalPoint[]> {
  const wide = withOneBefore(steps);
  const queries = usageQueries(`${steps.stepSeconds}s`, matchers);
  const clusterOf = (labels: Labels): string => labels["cluster"] ?? cluster;
  const pods = await readPods(reader, queries, wide, cluster);
  const askers = await gpuAskers(reader, matchers, clusterOf);
  const sums = signalSums(steps.count, (step) => steps.start + step * steps.stepSeconds * 1000);
  for (const { subject, sources } of maps) {
    const own = shifted(subjects(subject, pods, clusterOf, askers));
    const into: Into = { reader, wide, matchers, subjects: own, add: sums.add };
    for (const source of sources) {
      const { kind } = signals[source.signal];
      if (source.mean !== undefined) await addMean(into, source, source.mean);
      else if (kind === "gauge") await addGauge(into, source);
      else if (kind === "counter") await addCounter(into, source);
      else await addHistogram(into, source);
    }
  }
  return sums.points();
}

/** Pods were read from one step before on; what is added is counted from the first step. */
const shifted = ({ subjectOf, isBorn }: ReturnType<typeof subjects>): ReturnType<typeof subjects> => ({
  subjectOf: (labels, model) => {
    const at = subjectOf(labels, model);
    return (step) => at(step + 1);
  },
  isBorn: (labels) => {
    const at = isBorn(labels);
    return (step) => at(step + 1);
  },
});

async function gpuAskers(
  reader: SeriesReader,
  matchers: Matchers,
  clusterOf: (labels: Labels) => string,
): Promise<GpuAskers> {
  const asked = new Set<string>();
  const own = [`resource=~"(nvidia|amd)_com_.*"`, matchers].filter((part) => part !== "").join(", ");
  await reader.labels(
    (look) =>
      `max by (cluster, namespace, pod) (last_over_time(kube_pod_container_resource_requests{${own}}[${look}]))`,
    (labels) => {
      asked.add(`${clusterOf(labels)}/${labels["namespace"] ?? ""}/${labels["pod"] ?? ""}`);
    },
  );
  return asked;
}
