/**
 * What of a system a charge pays for: the parts that a baseline's cost is told by. Models are those of an API, paid by use; what one runs oneself is
 * compute.
 */
export type CostComponent =
  | "compute"
  | "models"
  | "storage"
  | "databases"
  | "network"
  | "orchestration"
  | "observability"
  | "other";

/** Of FOCUS's categories of services, as far as the category alone says it. */
const byCategory: Readonly<Record<string, CostComponent>> = {
  Compute: "compute",
  "AI and Machine Learning": "models",
  Storage: "storage",
  Databases: "databases",
  Networking: "network",
};

/** Subcategories that are something else than their category. */
const bySubcategory: Readonly<Record<string, CostComponent>> = {
  Observability: "observability",
  "Workflow Orchestration": "orchestration",
  // A platform that trains and serves is paid by its machines.
  "AI Platforms": "compute",
};

/** Managed clusters, schedulers and registries, by the names of their services: FOCUS files them under Compute, beside the machines. */
const ORCHESTRATION =
  /kubernetes|\b(eks|aks|gke)\b|container registry|registry|openshift|step functions|cloud composer|managed workflows|data factory|\bbatch\b/i;
/** Trackers of experiments, filed under AI, watch and don't serve. */
const OBSERVABILITY =
  /experiment tracker|weights (&|and) biases|cloudwatch|datadog|grafana|new relic|splunk/i;

/**
 * The part that a charge pays for; other where neither its categories nor the name of its service say it.
 * @see FOCUS 1.2, ServiceCategory and ServiceSubcategory
 */
export function costComponent({
  category,
  subcategory,
  service,
}: {
  readonly category: string | null;
  readonly subcategory: string | null;
  readonly service: string | null;
}): CostComponent {
  if (OBSERVABILITY.test(service ?? "")) return "observability";
  if (ORCHESTRATION.test(service ?? "")) return "orchestration";
  return bySubcategory[subcategory ?? ""] ?? byCategory[category ?? ""] ?? "other";
}
