import type { ChargeColumn } from "#facts/charge-columns.ts";
import type { Role } from "#facts/role.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import type { Window } from "#units/window.ts";
import { deliveredSql } from "./cost-by-dimensions.ts";
import { decidedSql } from "./decided-sql.ts";

/** What is told of a resource beside its sums, in the order of the columns `f0…`. */
export const resourceFacts = [
  "ResourceName",
  "ResourceType",
  "ServiceName",
  "ServiceCategory",
  "SkuMeter",
  "x_InstanceType",
  "x_GpuType",
  "RegionId",
  "SubAccountName",
  "x_Workload",
  "x_WorkloadBasis",
  "x_WorkloadType",
  "x_WorkloadTypeBasis",
  "x_Team",
  "x_TeamBasis",
  "x_Environment",
  "x_EnvironmentBasis",
  "x_Owner",
  "x_OwnerBasis",
  "x_CostCenter",
  "x_CostCenterBasis",
  "x_ModelId",
  "x_ModelIdBasis",
] as const satisfies readonly ChargeColumn[];

/** Which resources: those that cost most in the window, of one role. */
export interface ResourceQuestion {
  readonly window: Window;
  readonly role: Role;
  /** The most resources per currency to name, by the size of their EffectiveCost whatever its sign. */
  readonly top: number;
  /** Spellings of the tag that declares the workload's type; the first one that a charge carries counts. */
  readonly typeTags: readonly string[];
}

/**
 * A charge of a model provider names no resource but a project or workspace, which is what its users know: that stands for it.
 */
const resource = `coalesce("ResourceId", case when "ServiceCategory" = 'AI and Machine Learning' then "SubAccountId" end)`;
/** Machine time; LCU-Hours and GB-Hours are none. */
const machineHours = `case when "ChargeCategory" = 'Usage' and lower("PricingUnit") in ('hours', 'hour', 'hrs', 'hr', '1 hour', '1 hours', 'instance-hours', '1 hrs') then "PricingQuantity" end`;

/**
 * Sums per resource, its facts and currency, all as text, of charges as they were delivered: the facts are the resource's own, not those of
 * the pods that its cost was divided among. Each set of facts is a row, so a resource has as many rows as it has
 * meters and tag sets. Columns: `part` (`named`; `rest` for all resources below the top; `none` for charges of no resource), `id`,
 * `account`, `f0…` of `resourceFacts`, `declared_type`, `currency`, `first`, `last`, `charges`, `known`, `cost`, `hours`,
 * `gpu_hours`, `tokens` and `resources`, the number of different ones in the row.
 */
export function resourceCosts(d: Dialect, { window, role, top, typeTags }: ResourceQuestion): Sql {
  const facts = resourceFacts.map((name, index) => sql`${decidedSql(d, name)} as ${raw(`f${index}`)}`);
  const tags = join(
    typeTags.map((key) => d.tag(`"x_Tags"`, key)),
    ", ",
  );
  const grouped = sql`select ${raw(resource)} as id, "SubAccountId" as account, ${join(facts, ", ")},
    coalesce(${tags}, null) as declared_type, "BillingCurrency" as currency,
    min("ChargePeriodStart") as first, max("ChargePeriodEnd") as last, count(*) as charges,
    count("EffectiveCost") as known, sum("EffectiveCost") as cost, sum(${raw(machineHours)}) as hours,
    sum("x_GpuHours") as gpu_hours, sum(case when "x_Tokens" is not null or "x_TokenDirection" is not null then 1 else 0 end) as tokens
  from ${d.table("charges")}
  where ${deliveredSql(d)} and "ChargePeriodStart" >= ${d.instant(window.start)} and "ChargePeriodStart" < ${d.instant(window.end)}
    ${d.onlyRole === role ? raw("") : sql`and "x_Role" = ${role}`}
  group by ${raw(numbers(resourceFacts.length + 4))}`;
  const part = sql`case when id is null then 'none' when place <= ${top} then 'named' else 'rest' end`;
  const named = ["id", "account", ...resourceFacts.map((_, index) => `f${index}`), "declared_type"];
  const kept = named.map((name) => raw(`case when part = 'named' then ${name} end as g_${name}`));
  const shown = named.map((name) => raw(`g_${name} as ${name}`));
  const sums = ["charges", "known", "cost", "hours", "gpu_hours", "tokens"];
  const written = [...sums, "resources"].map((name) => sql`${d.text(raw(`s_${name}`))} as ${raw(name)}`);
  return sql`select part, ${join(shown, ", ")}, currency, ${d.timeText(raw("s_first"))} as first,
  ${d.timeText(raw("s_last"))} as last, ${join(written, ", ")}
from (select part, ${join(kept, ", ")}, currency, min(first) as s_first, max(last) as s_last,
    ${raw(sums.map((name) => `sum(${name}) as s_${name}`).join(", "))}, count(distinct id) as s_resources
  from (select *, ${part} as part
    from (select *, dense_rank() over (partition by currency order by total desc, id nulls last) as place
      from (select *, case when id is null then ${d.decimal("-1")} else abs(sum(coalesce(cost, 0)) over (partition by currency, id)) end as total
        from (${grouped}) grouped) sized) ranked) parted
  group by ${raw(numbers(named.length + 2))}) gathered
order by ${raw(numbers(named.length + 2, " nulls last"))}`;
}

const numbers = (count: number, after = ""): string =>
  Array.from({ length: count }, (_, index) => `${index + 1}${after}`).join(", ");
