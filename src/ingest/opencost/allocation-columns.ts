import { type IdleKind, idleKinds } from "#facts/charge-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { jsonObject } from "#ingest/json-object.ts";

/** What a delivered row says of an allocation, each as SQL of a text that is null where it does not say. */
export interface OpencostRow {
  /** The allocation's own name, such as cluster/node/namespace/pod/container, or what was aggregated by. */
  readonly name: string;
  readonly cluster: string;
  readonly node: string;
  readonly providerId: string;
  readonly namespace: string;
  readonly controllerKind: string;
  readonly controller: string;
  readonly pod: string;
  readonly container: string;
  /** JSON objects. */
  readonly labels: string;
  readonly namespaceLabels: string;
  /** The only persistent volume of the row, and as its provider names it. */
  readonly volume: string;
  readonly volumeId: string;
  /** More members of x_Extra: name to SQL. */
  readonly more: Readonly<Record<string, string>>;
}

const sharedNames = [
  "id",
  "name",
  "tags",
  "cluster",
  "region",
  "idle",
  "description",
  "nodeId",
  "node",
  "volumeId",
  "volume",
  "instance",
  "extra",
] as const;
type SharedName = (typeof sharedNames)[number];

/** A column that all charges of an allocation share; it stands beside the delivered ones. */
export const shared = (name: SharedName): string => quoted(`allocation:${name}`);

/** SQL of each of them. They are made once a row, not once a charge. */
export function sharedColumns(row: OpencostRow): Record<SharedName, string> {
  const { name, cluster, namespace, node, pod, container, volume, more } = row;
  const target = targetOf(row);
  const idle = isIdle(row);
  const unlessIdle = (sql: string): string => `case when not ${idle} then ${sql} end`;
  return {
    id: unlessIdle(target.id),
    name: unlessIdle(target.name),
    tags: unlessIdle(tagsOf(row)),
    cluster,
    region: label(row, "topology_kubernetes_io_region"),
    idle: `case when ${idle} then ${literal(idleKinds[0] satisfies IdleKind)} end`,
    description: `concat_ws(' ', case when ${idle} then 'unallocated' end, 'for', coalesce(${name}, concat_ws('/', ${namespace}, ${target.name})))`,
    nodeId: shortId(row.providerId),
    node,
    volumeId: shortId(row.volumeId),
    volume,
    instance: jsonObject({ InstanceType: label(row, "node_kubernetes_io_instance_type") }),
    extra: jsonObject({
      Cluster: cluster,
      Namespace: namespace,
      ControllerKind: target.kind,
      ControllerName: target.controller,
      Pod: pod,
      Container: container,
      ...more,
    }),
  };
}

/** Nobody bears what is idle, and volumes that no pod mounts. */
const isIdle = ({ name, cluster, node, namespace, pod, container }: OpencostRow): string =>
  `regexp_matches(concat_ws('/', ${[name, cluster, node, namespace, pod, container].join(", ")}), '(^|/)(__idle__|__unmounted__)(/|$)')`;

/** Kinds as Kubernetes spells them; OpenCost writes them in small letters. */
const kinds = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Job",
  "CronJob",
  "Node",
];

/** The workload, else what the answer was aggregated by. */
function targetOf({ name, cluster, namespace, controllerKind, controller, pod }: OpencostRow) {
  const cases = kinds.map((kind) => `when ${literal(kind.toLowerCase())} then ${literal(kind)}`).join(" ");
  const kind = `case when ${controller} is not null then case lower(${controllerKind}) ${cases} else ${controllerKind} end when ${pod} is not null then 'Pod' end`;
  const own = `coalesce(${controller}, ${pod})`;
  return {
    kind,
    controller: own,
    id: `case when ${own} is not null then concat_ws('/', ${cluster}, ${namespace}, ${kind}, ${own}) when ${namespace} is not null then concat_ws('/', ${cluster}, ${namespace}) else coalesce(${name}, ${cluster}) end`,
    name: `coalesce(${own}, ${namespace}, ${name}, ${cluster})`,
  };
}

const object = (json: string): string =>
  `case when json_valid(${json}) and json_type(${json}) = 'OBJECT' then ${json} else '{}' end`;

/** A pod's own labels go before its namespace's. */
const tagsOf = ({ labels, namespaceLabels, namespace }: OpencostRow): string =>
  `nullif(json_merge_patch(${object(namespaceLabels)}, ${object(labels)}, coalesce(${jsonObject({ namespace })}, '{}'))::varchar, '{}')`;

const label = ({ labels }: OpencostRow, key: string): string =>
  `case when json_valid(${labels}) then json_extract_string(${labels}, ${literal(`$.${key}`)}) end`;

/** AWS's identifiers by their last part, as bills have them. */
const shortId = (id: string): string =>
  `coalesce(nullif(regexp_extract(lower(${id}), '(?:^|[/:])((?:i|vol)-[0-9a-f]{8,20})$', 1), ''), ${id})`;
