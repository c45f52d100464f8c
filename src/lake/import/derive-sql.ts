import { type AddedColumn, type PromotedTag, promotedTags } from "#facts/charge-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";

/** A machine type and the GPUs it has, from the catalogue. */
export interface GpuInstance {
  readonly instanceType: string;
  readonly gpuType: string;
  /** GPUs of one machine; a fraction where one is shared. */
  readonly gpuCount: string;
}

/** Whom a charge belongs to: of an allocated one the tags of what it was allocated to, since its own are those of the origin. */
const attributedTags = `coalesce("AllocatedTags", "Tags")`;

/** Once per delivery: the few different tag sets and price details, parsed. Rows then look theirs up. */
export function lookupTables(charges: string, gpus: readonly GpuInstance[]): string[] {
  const gpuRows = gpus.map(
    ({ instanceType, gpuType, gpuCount }) =>
      `(${literal(instanceType)}, ${literal(gpuType)}, ${gpuCount}::decimal(9,4))`,
  );
  return [
    `create or replace temp table gpu_instances as select * from (values ${[...gpuRows, "(null, null, null::decimal(9,4))"].join(", ")}) t(instance, gpu, n)`,
    tagSets(`select distinct ${attributedTags} as raw from ${charges} where ${attributedTags} is not null`),
    `create or replace temp table price_details as
       select raw, ${Object.entries(detailKeys)
         .map(([column, key]) => `nullif(json_extract_string(raw, ${literal(`$.${key}`)}), '') as ${column}`)
         .join(", ")},
         try_cast(json_extract_string(raw, '$.GpuCount') as decimal(9,4)) as gpu_count
       from (select distinct "SkuPriceDetails" as raw from ${charges} where "SkuPriceDetails" is not null) where json_valid(raw)`,
    `create or replace temp table units as select unit, ${hourly} as hourly, ${tokensPer} as tokens
       from (select distinct unnest(["PricingUnit", "ConsumedUnit"]) as unit from (select distinct "PricingUnit", "ConsumedUnit" from ${charges}))
       where unit is not null`,
  ];
}

/**
 * Tag sets, parsed, as the table tag_sets: each as delivered, as a map, and its promoted tags.
 * @param texts query whose column `raw` holds each of them once
 */
export const tagSets = (texts: string): string =>
  `create or replace temp table tag_sets as
       select raw, map as x_Tags, ${Object.keys(promotedTags)
         .map((name) => promoted(name as PromotedTag))
         .join(", ")} from (
         select raw, map, list_transform(map_entries(map), lambda e: {
             key: regexp_replace(lower(e.key), '[^a-z0-9]', '', 'g'), value: nullif(trim(e.value), '')}) as entries
         from (select raw, try(case when json_valid(raw) and json_type(raw) = 'OBJECT' then from_json(raw, '"MAP(VARCHAR,VARCHAR)"') end) as map
               from (${texts})))`;

/** Usage priced by the hour, in the spellings that providers use. */
const hourly = `regexp_full_match(lower(unit), '(1 )?(gpu[- ]?)?(hours?|hrs?)')`;

const plainUnit = `lower(replace(unit, ',', ''))`;
/** Tokens in one unit: 1 for Tokens, 1000 for 1K Tokens, 1000000 for 1M Tokens or 1000000 Tokens. */
const tokensPer = `case when regexp_full_match(${plainUnit}, 'tokens?') then 1
    when regexp_full_match(${plainUnit}, '[0-9]{1,9} tokens?') then regexp_extract(${plainUnit}, '[0-9]+')::integer
    when regexp_full_match(${plainUnit}, '1_?k tokens?|thousand tokens?') then 1000
    when regexp_full_match(${plainUnit}, '1m tokens?|million tokens?') then 1000000 end`;

const detailKeys = {
  model_developer: "ModelDeveloper",
  model_id: "ModelId",
  model_version: "ModelVersion",
  token_direction: "TokenDirection",
  token_cache_action: "TokenCacheAction",
  instance_type: "InstanceType",
  gpu_type: "GpuType",
} as const;

/** The first entry whose key is a spelling of the tag; `entries` have their keys in lower case without signs. */
function promoted(column: PromotedTag): string {
  const spellings = promotedTags[column].map(literal).join(", ");
  return `list_filter(entries, lambda e: e.key in (${spellings}) and e.value is not null)[1].value as ${column}`;
}

/** Quantity × factor without leaving 38 digits: the quantity keeps 12 decimals, finer ones are no tokens. */
const times = (quantity: string, factor: string): string =>
  `case when ${factor} is not null then try((${quantity}::decimal(28,12) * ${factor}::decimal(10,0))::decimal(38,18)) end`;

/** The derived columns as expressions over a charge `c`, its tag set `t`, its price details `p`, its machine `g` and its units `pu` and `cu`. */
export const derivedColumns: Readonly<Partial<Record<AddedColumn, string>>> = {
  x_Tags: "t.x_Tags",
  x_Team: "t.x_Team",
  x_Environment: "t.x_Environment",
  x_Workload: "t.x_Workload",
  x_WorkloadType: "t.x_WorkloadType",
  x_CostCenter: "t.x_CostCenter",
  x_Customer: "t.x_Customer",
  x_Owner: "t.x_Owner",
  x_ModelDeveloper: "p.model_developer",
  x_ModelId: "coalesce(p.model_id, t.x_ModelId)",
  x_ModelVersion: "p.model_version",
  x_TokenDirection: "p.token_direction",
  x_TokenCacheAction: "p.token_cache_action",
  x_Tokens: `coalesce(${times('"ConsumedQuantity"', "cu.tokens")}, ${times('"PricingQuantity"', "pu.tokens")})`,
  x_InstanceType: "p.instance_type",
  x_GpuType: "coalesce(p.gpu_type, g.gpu)",
  x_GpuCount: "coalesce(p.gpu_count, g.n)::decimal(38,18)",
  x_Division: "null",
  x_GpuHours: `case when pu.hourly and coalesce(p.gpu_count, g.n) is not null and "ChargeCategory" = 'Usage' then try((coalesce(p.gpu_count, g.n) * "PricingQuantity"::decimal(28,14))::decimal(38,18)) end`,
};

/** Charges with their lookups beside them; what `derivedColumns` reads. */
export function withLookups(charges: string): string {
  return `${charges} c left join tag_sets t on t.raw = ${attributedTags}
    left join price_details p on p.raw = c.${quoted("SkuPriceDetails")}
    left join gpu_instances g on g.instance = p.instance_type
    left join units pu on pu.unit = c.${quoted("PricingUnit")}
    left join units cu on cu.unit = c.${quoted("ConsumedUnit")}`;
}
