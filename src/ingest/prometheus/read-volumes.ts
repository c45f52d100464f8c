import { type ClusterVolume, type Steps, UNKNOWN } from "#facts/cluster-usage.ts";
import type { UsageQueries } from "./queries.ts";
import type { PodName, ReadPods } from "./read-pods.ts";
import type { Labels, SeriesReader } from "./read-series.ts";

/** Reads persistent volume claims, by requested capacity, and who mounts them. */
export async function readVolumes(
  reader: SeriesReader,
  queries: UsageQueries,
  { podAt }: ReadPods,
  steps: Steps,
  nameOf: (labels: Labels) => PodName,
): Promise<ClusterVolume[]> {
  const idOf = (labels: Labels): string =>
    JSON.stringify([nameOf(labels).cluster, labels["namespace"], labels["persistentvolumeclaim"]]);
  const classes = new Map<string, string>();
  await reader.labels(queries.volumeClasses, (labels) => {
    classes.set(idOf(labels), labels["storageclass"] ?? "");
  });
  const mounts = new Map<string, Map<number, Uint8Array>>();
  await reader.values(queries.volumeMounts, (labels) => {
    const at = podAt(nameOf(labels));
    const own = mounts.get(idOf(labels)) ?? new Map<number, Uint8Array>();
    mounts.set(idOf(labels), own);
    return (step) => {
      const pod = at(step);
      if (pod === UNKNOWN) return;
      const held = own.get(pod) ?? new Uint8Array(steps.count);
      own.set(pod, held);
      held[step] = 1;
    };
  });
  const volumes: { volume: Omit<ClusterVolume, "requestedBytes">; requestedBytes: number }[] = [];
  await reader.values(queries.volumes, (labels) => {
    const id = idOf(labels);
    const present = new Uint8Array(steps.count);
    const volume = {
      cluster: nameOf(labels).cluster,
      namespace: labels["namespace"] ?? "",
      claim: labels["persistentvolumeclaim"] ?? "",
      storageClass: classes.get(id) ?? "",
      present,
      mounts: [...(mounts.get(id) ?? [])].map(([pod, held]) => ({ pod, held })),
    };
    const found = { volume, requestedBytes: 0 };
    volumes.push(found);
    return (step, value) => {
      present[step] = 1;
      // A claim can be extended, and is not shrunk.
      found.requestedBytes = Math.max(found.requestedBytes, Math.round(value));
    };
  });
  return volumes.map(({ volume, requestedBytes }) => ({ ...volume, requestedBytes }));
}
