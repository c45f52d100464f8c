import { usageQueries } from "#ingest/prometheus/queries.ts";

/** A generated cluster: pods by turns on nodes, all there all day; every fifth node has four GPUs, each held by one pod. */
export interface GeneratedCluster {
  readonly nodes: number;
  readonly pods: number;
  readonly stepSeconds: number;
}

interface GeneratedSeries {
  readonly labels: string;
  /** Text of the value at a time, seconds. */
  readonly value: (time: number) => string;
}

const GPU_NODE = 5;
const GPUS = 4;
const constant = (text: string) => (): string => text;
/** Digits that change with place and time, as those of measurements do. */
const measured =
  (seed: number, scale: number) =>
  (time: number): string =>
    String((((seed * 7919 + time * 104_729) % 999_983) / 999_983) * scale);

/** The series of every query by its text; a query that is not here has none. */
export function generatedSeries({
  nodes,
  pods,
  stepSeconds,
}: GeneratedCluster): Map<string, () => Iterable<GeneratedSeries>> {
  const queries = usageQueries(`${stepSeconds}s`, "");
  const look = "3600s";
  const json = (labels: Record<string, string>): string => JSON.stringify(labels);
  const podOf = (pod: number) => ({
    namespace: `team-${pod % 40}`,
    pod: `service-${pod % 500}-7d9f8b6c5d-${pod.toString(36).padStart(5, "x")}`,
    uid: `3f2b8c1e-0000-4000-8000-${String(pod).padStart(12, "0")}`,
  });
  const named = (pod: number) => {
    const { uid: _, ...name } = podOf(pod);
    return { ...name, container: "main" };
  };
  const gpuPods = Array.from({ length: Math.ceil(nodes / GPU_NODE) * GPUS }, (_, gpu) => ({
    gpu,
    node: Math.floor(gpu / GPUS) * GPU_NODE,
    pod: Math.floor(gpu / GPUS) * GPU_NODE + nodes * (gpu % GPUS),
  })).filter(({ pod }) => pod < pods);
  const holders = new Set(gpuPods.map(({ pod }) => pod));
  const eachPod = function* (series: (pod: number) => GeneratedSeries): Iterable<GeneratedSeries> {
    for (let pod = 0; pod < pods; pod++) yield series(pod);
  };
  const capacity = function* (): Iterable<GeneratedSeries> {
    for (let node = 0; node < nodes; node++) {
      const has = {
        cpu: "32",
        memory: String(128 * 2 ** 30),
        ...(node % GPU_NODE === 0 ? { nvidia_com_gpu: "4" } : {}),
      };
      for (const [resource, value] of Object.entries(has))
        yield { labels: json({ node: `node-${node}`, resource }), value: constant(value) };
    }
  };
  const requests = function* (): Iterable<GeneratedSeries> {
    for (let pod = 0; pod < pods; pod++) {
      const asked = {
        cpu: "2",
        memory: String(8 * 2 ** 30),
        ...(holders.has(pod) ? { nvidia_com_gpu: "1" } : {}),
      };
      for (const [resource, value] of Object.entries(asked))
        yield { labels: json({ ...podOf(pod), container: "main", resource }), value: constant(value) };
    }
  };
  const gpus = (scale: number) => (): GeneratedSeries[] =>
    gpuPods.map(({ gpu, node, pod }) => ({
      labels: json({
        Hostname: `node-${node}`,
        UUID: `GPU-${gpu}`,
        gpu: String(gpu % GPUS),
        modelName: "NVIDIA A10G",
        exported_namespace: podOf(pod).namespace,
        exported_pod: podOf(pod).pod,
        exported_container: "main",
      }),
      value: measured(gpu, scale),
    }));
  return new Map<string, () => Iterable<GeneratedSeries>>([
    [queries.nodeCapacity, capacity],
    [
      queries.pods,
      () =>
        eachPod((pod) => ({
          labels: json({ ...podOf(pod), node: `node-${pod % nodes}` }),
          value: constant("1"),
        })),
    ],
    [
      queries.podOwners(look),
      () =>
        eachPod((pod) => ({
          labels: json({ ...podOf(pod), owner_kind: "StatefulSet", owner_name: `service-${pod % 500}` }),
          value: constant("1"),
        })),
    ],
    [queries.requests, requests],
    [queries.cpuUsage, () => eachPod((pod) => ({ labels: json(named(pod)), value: measured(pod, 3) }))],
    [
      queries.ramUsage,
      () =>
        eachPod((pod) => ({
          labels: json(named(pod)),
          value: (time) => String(2 ** 32 + ((pod * 7919 + time) % 2 ** 31)),
        })),
    ],
    [queries.gpuMemory, gpus(20_000)],
    [queries.gpuActivity("DCGM_FI_PROF_GR_ENGINE_ACTIVE"), gpus(1)],
  ]);
}

/** The answer of query_range to one piece, as Prometheus writes it. */
export function matrixBody(
  series: Iterable<GeneratedSeries>,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Buffer {
  const parts: Buffer[] = [];
  let text = `{"status":"success","data":{"resultType":"matrix","result":[`;
  let first = true;
  for (const { labels, value } of series) {
    const samples: string[] = [];
    for (let time = start; time <= end; time += step) samples.push(`[${time},"${value(time)}"]`);
    text += `${first ? "" : ","}{"metric":${labels},"values":[${samples.join(",")}]}`;
    first = false;
    if (text.length > 1 << 20) {
      parts.push(Buffer.from(text));
      text = "";
    }
  }
  return Buffer.concat([...parts, Buffer.from(`${text}]}}`)]);
}
