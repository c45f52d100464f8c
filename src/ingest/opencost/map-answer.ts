import { literal, quoted, type Refusal, type Remark, type SourceMapping } from "#facts/source-mapping.ts";
import { exactJson } from "#ingest/exact-json.ts";
import { opencostCharges, unevenRemark, withShared } from "./charges.ts";
import { allocationNote, partsOf } from "./map.ts";

const properties = [
  "cluster",
  "node",
  "providerID",
  "namespace",
  "controllerKind",
  "controller",
  "pod",
  "container",
] as const;
/** Members that are numbers; each is read as the text it is written as. */
const amounts = [
  ...["cpu", "ram", "gpu", "pv", "network", "loadBalancer"].flatMap((name) => [
    `${name}Cost`,
    `${name}CostAdjustment`,
  ]),
  "sharedCost",
  "externalCost",
  "totalCost",
  "cpuCoreHours",
  "ramByteHours",
  "gpuHours",
  "pvByteHours",
];

/** Parts of the components' costs: idle that was shared. Only looked at, never added. */
const idleShares = ["cpuCostIdle", "ramCostIdle", "gpuCostIdle"];

/** True if the text begins like an answer of OpenCost's or Kubecost's GET /allocation. */
export const isAllocationAnswer = (head: string): boolean =>
  /"data"\s*:/.test(head) && /"cpuCost"\s*:/.test(head) && /"properties"\s*:/.test(head);

/** Maps the answers of GET /allocation onto FOCUS: each entry of each step. README.md says what is decided, and why. */
export function mapAllocationAnswer(): SourceMapping {
  const byLowerName = new Map(amounts.map((name) => [name.toLowerCase(), name]));
  const parts = partsOf((name = "") => quoted(byLowerName.get(name.toLowerCase()) ?? name));
  const total = quoted("totalCost");
  return {
    format: "opencost",
    version: "allocation",
    layout: "json",
    rows: withShared(entryRows, {
      name: quoted("name"),
      ...(Object.fromEntries(properties.map((name) => [name, quoted(name)])) as Record<
        Exclude<(typeof properties)[number], "providerID">,
        string
      >),
      providerId: quoted("providerID"),
      labels: quoted("labels"),
      namespaceLabels: quoted("namespaceLabels"),
      volume: quoted("volume"),
      volumeId: quoted("volumeId"),
      more: { Allocation: quoted("name") },
    }),
    charges: opencostCharges(
      parts,
      total,
      { start: quoted("window.start"), end: quoted("window.end") },
      undefined,
    ),
    amounts,
    times: { "window.start": "iso", "window.end": "iso" },
    extra: [],
    required: ["totalCost", "window.start", "window.end"],
    refusals: [twice],
    remarks: [unevenRemark(parts, total, "totalCost"), idleTwice],
    mode: "overwrite",
    role: "allocation",
    notes: [
      allocationNote,
      "A delivery replaces the calendar months its steps lie in: give all answers of a month together, or each with a name of its own by --part.",
    ],
  };
}

/** An entry of the same step in two answers would count twice. */
const twice: Refusal = {
  condition: `${quoted("copies")} <> '1'`,
  column: "name",
  code: "delivery-overlaps",
  what: "is in this step more than once; its cost would count twice",
  hint: "Request each step once, with one aggregation, and deliver those answers only.",
};

/** OpenCost puts back as idle what it could not share, such as GPUs that nobody used; and with filters it counts some of it twice. */
const idleTwice: Remark = {
  condition: `${quoted("idleBeside")} = 'true'`,
  column: "name",
  id: "x_IdleOnce",
  requirement: "Idle cost is either shared among allocations or an entry of its own.",
  what: "bearing a share of idle cost while their step has an entry __idle__ too: with shareIdle and filters OpenCost may count idle twice; request it with shareIdle=false",
};

/** SQL of one row per entry of each step of each answer; x_Row numbers the entries of a file from 1. */
const entryRows = ((): string => {
  const text = "VARCHAR";
  const shape = JSON.stringify({
    name: text,
    properties: {
      ...Object.fromEntries(properties.map((name) => [name, text])),
      labels: "JSON",
      namespaceLabels: "JSON",
    },
    window: { start: text, end: text },
    start: text,
    end: text,
    ...Object.fromEntries([...amounts, ...idleShares].map((name) => [name, text])),
    pvs: "JSON",
  });
  const array = `case when json_type("json") = 'ARRAY' then "json" else '[' || "json" || ']' end`;
  const list = (json: string): string => `from_json(${json}, '["JSON"]')`;
  const map = (json: string): string =>
    `case when json_type(${json}) = 'OBJECT' then from_json(${json}, '"MAP(VARCHAR, JSON)"') end`;
  const filled = (sql: string, name: string): string => `nullif((${sql})::varchar, '') as ${quoted(name)}`;
  const hasIdle = idleShares
    .map((name) => `coalesce(try_cast(${quoted(name)} as double), 0) <> 0`)
    .join(" or ");
  const isIdle = `regexp_matches(${quoted("name")}, '(^|/)__idle__$') and coalesce(try_cast(${quoted("totalCost")} as double), 0) <> 0`;
  const start = quoted("window.start");
  const cells = [
    filled("coalesce(value.name, key)", "name"),
    ...properties.map((name) => filled(`value.properties.${quoted(name)}`, name)),
    filled("value.properties.labels", "labels"),
    filled(`value.properties.${quoted("namespaceLabels")}`, "namespaceLabels"),
    filled(`coalesce(value."window"."start", value."start")`, "window.start"),
    filled(`coalesce(value."window"."end", value."end")`, "window.end"),
    ...[...amounts, ...idleShares].map((name) => filled(`value.${quoted(name)}`, name)),
    filled("case when len(volumes) = 1 then regexp_extract(volumes[1].key, 'name=(.*)$', 1) end", "volume"),
    filled(
      "case when len(volumes) = 1 then json_extract_string(volumes[1].value, '$.providerID') end",
      "volumeId",
    ),
  ];
  return `with documents as (
      select x_File, x_Row * 10000 + generate_subscripts(documents, 1) as doc, unnest(documents) as document
      from (select x_File, x_Row, ${list(exactJson(array))} as documents from delivered)),
    steps as (
      select x_File, doc, generate_subscripts(steps, 1) as step, unnest(steps) as step_json
      from (select x_File, doc, ${list("document -> '$.data'")} as steps from documents)),
    entries as (
      select x_File, doc, step, generate_subscripts(entries, 1) as place, unnest(entries) as entry
      from (select x_File, doc, step, map_entries(${map("step_json")}) as entries from steps)),
    allocations as (
      select x_File, doc, step, place, key, value, map_entries(${map("value.pvs")}) as volumes
      from (select x_File, doc, step, place, entry.key as key, from_json(entry.value, ${literal(shape)}) as value from entries)),
    rows as (select x_File, doc, step, place, ${cells.join(", ")} from allocations)
    select * exclude (doc, step, place),
      row_number() over (partition by x_File order by doc, step, place) as x_Row,
      count(*) over (partition by ${start}, ${quoted("name")})::varchar as ${quoted("copies")},
      ((${hasIdle}) and bool_or(${isIdle}) over (partition by ${start}, ${quoted("window.end")}))::varchar as ${quoted("idleBeside")}
    from rows`;
})();
