import type { WorkloadType as InventoryType } from "#facts/workload.ts";
import { clusterPlans } from "./cluster-plans.ts";
import type { Resource } from "./model.ts";
import { teams, type WorkloadType, workloads } from "./workloads.ts";
import type { World } from "./world.ts";

/** The world's kinds of workloads in the words of the inventory: whoever calls models interactively has an endpoint at the provider. */
const typeOf: Readonly<Record<WorkloadType, InventoryType>> = {
  endpoint: "real-time-endpoint",
  calls: "real-time-endpoint",
  "batch-inference": "batch-inference",
  "vector-database": "vector-database",
  training: "training",
  "fine-tune": "fine-tuning",
  bucket: "bucket",
  notebook: "notebook",
  sandbox: "notebook",
  pipeline: "pipeline",
  platform: "cpu-service",
};

/**
 * The true type and owner of each workload, and the resources that it truly causes. `recoverable` is false where nothing that is
 * delivered names the workload: neither a tag, nor a label of a cluster, nor a resource's own name; `ownerRecoverable` where no tag or
 * label names its owner.
 */
export function inventoryTruth({ estate, tags, hours }: World) {
  const resources = new Map<string, Resource[]>();
  for (const resource of estate.resources) {
    if (resource.from >= hours) continue;
    const own = resources.get(resource.workload);
    if (own === undefined) resources.set(resource.workload, [resource]);
    else own.push(resource);
  }
  const labelled = new Set(
    Object.values(clusterPlans).flatMap((plans) => plans.flatMap(({ workload }) => workload ?? [])),
  );
  return workloads.flatMap(({ id, type, team, environment }) => {
    const own = resources.get(id);
    if (own === undefined) return [];
    const owner = teams[team].owner;
    const tagsOf = (resource: Resource) => tags.get(resource.id)?.tags;
    const named = own.some((resource) => tagsOf(resource)?.workload === id || resource.name === id);
    const owned = own.some((resource) => tagsOf(resource)?.owner === owner);
    return [
      {
        workload: id,
        type: typeOf[type],
        owner,
        team,
        environment,
        recoverable: named || labelled.has(id),
        ownerRecoverable: owned || labelled.has(id),
        resources: [...new Set(own.map((resource) => resource.id))],
      },
    ];
  });
}
