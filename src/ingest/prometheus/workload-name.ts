import type { Labels } from "./read-series.ts";

/** The container that a series of a GPU names. */
export interface WorkloadName {
  readonly namespace: string | undefined;
  readonly pod: string;
  readonly container: string;
  /** True where it may be the exporter's own pod: with honorLabels off a scrape renames the workload's labels to exported_…. */
  readonly unsure: boolean;
}

/** Who holds the GPU of a series, by its labels; undefined if nobody is named. */
export function workloadName(labels: Labels): WorkloadName | undefined {
  const { exported_pod, exported_namespace, exported_container, pod_name, pod_namespace, container_name } =
    labels;
  if (exported_pod)
    return {
      pod: exported_pod,
      namespace: exported_namespace,
      container: exported_container ?? "",
      unsure: false,
    };
  if (pod_name)
    return { pod: pod_name, namespace: pod_namespace, container: container_name ?? "", unsure: false };
  const { pod, namespace, container = "" } = labels;
  return pod === undefined || pod === "" ? undefined : { pod, namespace, container, unsure: true };
}
