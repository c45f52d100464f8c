import type { Emission } from "./emit-focus.ts";
import type { Resource, Tags } from "./model.ts";
import { hexId } from "./random.ts";
import type { World } from "./world.ts";
import { writeText } from "./write-lines.ts";

/**
 * What Terraform holds at the world's last hour: `terraform/aws.tfstate`, a state of version 4, and `terraform/azure.json`, the output of
 * `terraform show -json`. Tags are those that the bill shows, since both have them from the provider. Machines that a cluster starts by
 * itself, and the other company's account, are in neither.
 */
export async function emitTerraform({ out, world, files }: Emission): Promise<void> {
  const add = async (name: string, value: unknown): Promise<void> => {
    await writeText(out, name, `${JSON.stringify(value, null, 1)}\n`);
    files.push(name);
  };
  await add("terraform/aws.tfstate", {
    version: 4,
    terraform_version: "1.13.3",
    serial: 412,
    lineage: hexId(world.seed, "lineage", 32),
    outputs: {},
    resources: alive(world, "aws").flatMap((resource) => awsResource(world, resource)),
  });
  await add("terraform/azure.json", {
    format_version: "1.0",
    terraform_version: "1.13.3",
    values: {
      root_module: { resources: alive(world, "azure").flatMap((resource) => azureResource(world, resource)) },
    },
  });
}

function alive({ estate, hours }: World, source: string): Resource[] {
  return estate.resources.filter(
    ({ account, from, until }) => account.source === source && from < hours && hours - 1 < until,
  );
}

const awsTypes: Readonly<Record<string, string>> = {
  instance: "aws_instance",
  volume: "aws_ebs_volume",
  bucket: "aws_s3_bucket",
  endpoint: "aws_sagemaker_endpoint",
  cluster: "aws_eks_cluster",
  natgateway: "aws_nat_gateway",
  loadbalancer: "aws_lb",
  repository: "aws_ecr_repository",
  "log-group": "aws_cloudwatch_log_group",
  "elastic-ip": "aws_eip",
};

function awsResource(world: World, resource: Resource): object[] {
  const { id, name, labels, account, region } = resource;
  const type = awsTypes[resource.type];
  // Nodes come and go with the cluster, root volumes with their machine, claimed volumes with their claim.
  const byOthers = [labels.cluster, labels.nodePool, labels.attachedTo, labels.claim];
  if (type === undefined || byOthers.some((label) => label !== undefined)) return [];
  const tags = tagsOf(world, resource);
  const short = id.slice(Math.max(id.lastIndexOf("/"), id.lastIndexOf(":")) + 1);
  const arn = id.startsWith("arn:")
    ? id
    : resource.type === "bucket"
      ? `arn:aws:s3:::${id}`
      : `arn:aws:ec2:${region}:${account.id}:${resource.type}/${id}`;
  const attributes = { id: short, arn, tags, tags_all: tags, ...awsAttributes(world, resource) };
  return [
    {
      module: `module.${account.name.replace("halyard-", "")}`,
      mode: "managed",
      type,
      name: addressName(name),
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ schema_version: 1, attributes, sensitive_attributes: [], dependencies: [] }],
    },
  ];
}

function awsAttributes({ estate }: World, { id, name, type, labels }: Resource): object {
  if (type === "bucket") return { bucket: id };
  if (type !== "instance") return { name };
  const root = estate.resources.find((each) => each.labels.attachedTo === id);
  return {
    instance_type: labels.instanceType,
    root_block_device: root === undefined ? [] : [{ volume_id: root.id, volume_type: "gp3" }],
  };
}

const azureTypes: Readonly<Record<string, string>> = {
  virtualMachineScaleSets: "azurerm_linux_virtual_machine_scale_set",
  virtualMachines: "azurerm_linux_virtual_machine",
  disks: "azurerm_managed_disk",
  storageAccounts: "azurerm_storage_account",
  workspaces: "azurerm_log_analytics_workspace",
  loadBalancers: "azurerm_lb",
};

function azureResource(world: World, resource: Resource): object[] {
  const type = azureTypes[resource.type];
  if (type === undefined) return [];
  const name = addressName(resource.name);
  const tags = tagsOf(world, resource);
  const key = type === "azurerm_storage_account" ? { primary_access_key: hexId(world.seed, "key", 40) } : {};
  return [
    {
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      provider_name: "registry.terraform.io/hashicorp/azurerm",
      values: { id: resource.id, name: resource.name, location: resource.region, tags, ...key },
      sensitive_values: { tags: {}, ...Object.fromEntries(Object.keys(key).map((each) => [each, true])) },
    },
  ];
}

const tagsOf = ({ tags }: World, { id }: Resource): Tags => tags.get(id)?.tags ?? {};

/** A name that Terraform takes: letters, digits, signs; never a digit first. */
const addressName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .replace(/^(\d)/, "r$1");
