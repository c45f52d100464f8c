import { declaredBy } from "#facts/declared-values.ts";
import { identifiersOf } from "#facts/resource-identity.ts";
import type { Sighting } from "#facts/sighting.ts";
import type { StateResource } from "./resources.ts";

/** Types that a workload is made of: machines and what scales them, managed AI services, storage and vector stores. */
const kept = [
  /^aws_(instance|launch_template|autoscaling_group|spot_instance_request|ec2_fleet|ec2_capacity_reservation)$/,
  /^aws_(eks_node_group|eks_cluster|ecs_service|batch_job_definition|batch_compute_environment)$/,
  /^aws_(sagemaker|bedrock|bedrockagent|opensearch|opensearchserverless|s3vectors|sfn|mwaa|glue)_/,
  /^aws_(s3_bucket|s3_directory_bucket|efs_file_system|fsx_\w+_file_system|ebs_volume|db_instance|rds_cluster)$/,
  /^aws_(nat_gateway|lb|alb|ecr_repository|cloudwatch_log_group|eip)$/,
  /^google_(compute_instance|compute_disk|compute_instance_group_manager|compute_region_instance_group_manager|container_node_pool|container_cluster)$/,
  /^google_(vertex_ai|workbench|notebooks|colab|composer|dataflow|alloydb|tpu)_/,
  /^google_(storage_bucket|filestore_instance|sql_database_instance|ai_platform_\w+|bigquery_dataset)$/,
  /^azurerm_(linux_virtual_machine|windows_virtual_machine|virtual_machine|linux_virtual_machine_scale_set|orchestrated_virtual_machine_scale_set)$/,
  /^azurerm_(kubernetes_cluster|kubernetes_cluster_node_pool|machine_learning_\w+|cognitive_account|cognitive_deployment|ai_services|search_service)$/,
  /^azurerm_(storage_account|managed_disk|data_factory\w*|postgresql_flexible_server|lb|log_analytics_workspace|container_registry)$/,
];

/** What only says that one thing is a part of another: where each one's id stands. */
const attachments: ReadonlyMap<string, readonly [part: string, whole: string]> = new Map([
  ["aws_volume_attachment", ["volume_id", "instance_id"]],
  ["azurerm_virtual_machine_data_disk_attachment", ["managed_disk_id", "virtual_machine_id"]],
  ["google_compute_attached_disk", ["disk", "instance"]],
]);

/** What a state comes to. */
export interface StateSightings {
  readonly sightings: readonly Sighting[];
  /** Resources of types that no workload is made of, such as roles and routes. */
  readonly passedOver: number;
}

/** One sighting per resource of a kept type; attachments become `partOf` of what is attached. */
export function stateSightings(resources: readonly StateResource[]): StateSightings {
  const wholes = new Map<string, string[]>();
  for (const { type, attributes } of resources) {
    const [part, whole] = (attachments.get(type) ?? []).map((key) => textOf(attributes, key));
    if (part === undefined || whole === undefined) continue;
    wholes.set(part.toLowerCase(), identifiersOf(whole));
  }
  const sightings = resources
    .filter(({ type }) => isKept(type))
    .flatMap((resource) => [sightingOf(resource, wholes), ...deviceSightings(resource)]);
  const attached = resources.filter(({ type }) => attachments.has(type)).length;
  const own = resources.filter(({ type }) => isKept(type)).length;
  return { sightings, passedOver: resources.length - own - attached };
}

const isKept = (type: string): boolean => kept.some((pattern) => pattern.test(type));

/** Volumes that an instance brings along have no resource of their own. */
function deviceSightings({ type, address, attributes }: StateResource): Sighting[] {
  if (type !== "aws_instance") return [];
  return ["root_block_device", "ebs_block_device"].flatMap((key) => {
    const devices = Array.isArray(attributes[key]) ? (attributes[key] as readonly unknown[]) : [];
    return devices.flatMap((device, index): Sighting[] => {
      const id = textOf(fields(device), "volume_id");
      if (id === undefined) return [];
      return [
        {
          source: "terraform",
          ref: `${address}.${key}[${index}]`,
          place: placeOf(attributes) ?? "root module",
          ids: identifiersOf(id),
          partOf: idsOf(attributes),
          declared: {},
          traits: { kind: "aws_ebs_volume" },
        },
      ];
    });
  });
}

function sightingOf(resource: StateResource, wholes: ReadonlyMap<string, string[]>): Sighting {
  const { address, module, type, name, attributes } = resource;
  const tags = tagsOf(attributes);
  const ids = idsOf(attributes);
  const partOf = ids.flatMap((id) => wholes.get(id) ?? []);
  const called = tags["Name"] ?? textOf(attributes, "name") ?? textOf(attributes, "bucket") ?? name;
  const instanceTypes = instanceTypesOf(attributes);
  return {
    source: "terraform",
    ref: address,
    name: called,
    place: placeOf(attributes) ?? (module === "" ? "root module" : module),
    // An address is unique within one state only, so it is no identifier.
    ids,
    ...(partOf.length === 0 ? {} : { partOf }),
    declared: declaredBy(tags),
    traits: {
      kind: kindOf(type, attributes),
      ...(instanceTypes.length === 0 ? {} : { instanceTypes }),
      ...gpusOf(attributes),
    },
  };
}

const idKeys = ["id", "arn", "self_link", "bucket", "instance_id", "endpoint_arn"] as const;

function idsOf(attributes: StateResource["attributes"]): string[] {
  const found = idKeys.flatMap((key) => identifiersOf(textOf(attributes, key) ?? ""));
  // A plain name, as a SageMaker endpoint's id is, belongs to many things; a bucket's name is unique in the world.
  const isBucket = textOf(attributes, "bucket") !== undefined;
  return [...new Set(found)].filter((id) => /[/:]/.test(id) || /-[0-9a-f]{8,}$/.test(id) || isBucket);
}

/** The account or project, so that names are compared where they are. */
function placeOf(attributes: StateResource["attributes"]): string | undefined {
  const arn = /^arn:aws[a-z-]*:[^:]*:[^:]*:(\d{12}):/.exec(textOf(attributes, "arn") ?? "")?.[1];
  const subscription = /^\/subscriptions\/([^/]+)/.exec(textOf(attributes, "id") ?? "")?.[1];
  return arn ?? subscription ?? textOf(attributes, "project");
}

/** tags_all holds the provider's default tags too; Google's labels are its tags for money, and an Auto Scaling group lists pairs. */
function tagsOf(attributes: StateResource["attributes"]): Record<string, string> {
  const maps = ["resource_labels", "effective_labels", "labels", "tags_all", "tags"].map((key) =>
    textsOf(attributes[key]),
  );
  const pairs = [attributes["tag"], attributes["tags"]].flatMap((value) =>
    (Array.isArray(value) ? (value as readonly unknown[]) : []).map(pairOf),
  );
  const node = first(attributes["node_config"]);
  return Object.assign({}, textsOf(node["resource_labels"]), ...maps, ...pairs) as Record<string, string>;
}

function pairOf(value: unknown): Record<string, string> {
  const { key, value: text } = fields(value);
  return typeof key === "string" && typeof text === "string" ? { [key]: text } : {};
}

const typeKeys = ["instance_type", "machine_type", "vm_size", "size", "sku", "node_type"] as const;

function instanceTypesOf(attributes: StateResource["attributes"]): string[] {
  const own = typeKeys.flatMap((key) => textOf(attributes, key) ?? []);
  const several = attributes["instance_types"];
  const listed = Array.isArray(several) ? several.filter((each) => typeof each === "string") : [];
  const node = textOf(first(attributes["node_config"]), "machine_type");
  return [...new Set([...own, ...listed, ...(node === undefined ? [] : [node])])];
}

function gpusOf(attributes: StateResource["attributes"]): { gpus?: number; gpuType?: string } {
  const accelerator = first(attributes["guest_accelerator"]);
  const { count } = accelerator;
  const gpuType = textOf(accelerator, "type");
  return {
    ...(typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? { gpus: count } : {}),
    ...(gpuType === undefined ? {} : { gpuType }),
  };
}

/** A collection of OpenSearch Serverless says itself that it is for vectors. */
function kindOf(type: string, attributes: StateResource["attributes"]): string {
  const isVector =
    type === "aws_opensearchserverless_collection" && textOf(attributes, "type") === "VECTORSEARCH";
  return isVector ? `${type}:vectorsearch` : type;
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
/** A block is a list of one in a state. */
const first = (value: unknown): Readonly<Record<string, unknown>> =>
  fields(Array.isArray(value) ? (value as readonly unknown[])[0] : value);

const textOf = (attributes: Readonly<Record<string, unknown>>, key: string): string | undefined => {
  const value = attributes[key];
  return typeof value === "string" && value !== "" ? value : undefined;
};

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
