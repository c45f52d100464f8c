import type { ClusterNode } from "./cluster-usage.ts";

/** What a node's price hangs on, as its labels tell; undefined where they don't. */
export interface NodeTraits {
  readonly instanceType: string | undefined;
  readonly region: string | undefined;
  readonly zone: string | undefined;
  readonly capacityType: "spot" | "on-demand" | undefined;
}

/**
 * Reads the well-known labels of Kubernetes and of the providers.
 * @param node its labels as kube-state-metrics writes them
 * @see kubernetes.io/docs/reference/labels-annotations-taints; Karpenter, EKS, GKE and AKS node labels
 */
export function nodeTraits({ labels }: ClusterNode): NodeTraits {
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => labels[name]).find((value) => value !== undefined && value !== "");
  return {
    instanceType: first("node_kubernetes_io_instance_type", "beta_kubernetes_io_instance_type"),
    region: first("topology_kubernetes_io_region", "failure_domain_beta_kubernetes_io_region"),
    zone: first("topology_kubernetes_io_zone", "failure_domain_beta_kubernetes_io_zone"),
    capacityType: capacityType(
      first(
        "karpenter_sh_capacity_type",
        "eks_amazonaws_com_capacity_type",
        "kubernetes_azure_com_scalesetpriority",
      ),
      first("cloud_google_com_gke_spot", "cloud_google_com_gke_preemptible"),
    ),
  };
}

function capacityType(said: string | undefined, google: string | undefined): NodeTraits["capacityType"] {
  if (google === "true" || said?.toLowerCase() === "spot") return "spot";
  return said === undefined ? undefined : "on-demand";
}

/**
 * A label's name as kube-state-metrics writes it: app.kubernetes.io/name is app_kubernetes_io_name, costCenter is cost_center.
 * @see kube-state-metrics internal/store/utils.go: sanitizeLabelName, toSnakeCase
 */
export const metricLabel = (name: string): string =>
  name
    .replaceAll(/[^a-zA-Z0-9_]/g, "_")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
