import {
  type AttributedColumn,
  attributionKeyNames,
  attributionKeys,
  basisColumn,
} from "#facts/attribution-keys.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";

const columns: readonly AttributedColumn[] = attributionKeyNames.map((key) => attributionKeys[key]);
const cost = `"EffectiveCost"`;
const counts = (d: Dialect): Sql[] => [
  sql`${d.text(raw(`sum("n_Charges")`))} as charges`,
  sql`${d.text(raw(`sum("n_Charges") - sum("n_EffectiveCost")`))} as unknown`,
  sql`${d.text(raw(`coalesce(sum(${cost}), 0)`))} as total`,
];

/**
 * EffectiveCost per calendar month that charges start in and currency, and what of it each key is known of, by what it rests on, from the daily
 * rollup. Result columns, all text: `month`, `currency`, `charges`, `unknown` (charges whose EffectiveCost nobody states), `total`, and per
 * key, in their order, `tag0…`, `rule0…` (overrides too) and `guess0…`.
 */
export function attributionCoverage(d: Dialect): Sql {
  const sums = columns.flatMap((column, index) => {
    const basis = quoted(basisColumn(column));
    return [
      summed(d, `${basis} = 'tag'`, `tag${index}`),
      summed(d, `${basis} like 'rule:%' or ${basis} like 'override:%'`, `rule${index}`),
      summed(d, `${basis} like 'guess:%'`, `guess${index}`),
    ];
  });
  return sql`select ${d.text(d.bucket("month", raw(`"ChargePeriodStart"`)))} as month, "BillingCurrency" as currency,
  ${join([...counts(d), ...sums], ",\n  ")}
from ${d.table("charges_day")}
group by 1, 2
order by 1, 2`;
}

/**
 * The teams that cost most, whatever the sign, and how much of the EffectiveCost of each the other keys are known of. Result columns, all text
 * but `team` and `currency`: `charges`, `unknown`, `total`, and per key, in their order, `with0…`.
 * @param count the most teams per currency to give, nobody counted as one
 */
export function coverageByTeam(d: Dialect, count: number): Sql {
  const sums = columns.map((column, index) => summed(d, `${quoted(column)} is not null`, `with${index}`));
  const names = ["charges", "unknown", "total", ...columns.map((_, index) => `with${index}`)];
  return sql`select team, currency, ${raw(names.join(", "))}
from (select *, row_number() over (partition by currency order by size desc, team nulls last) as place
  from (select "x_Team" as team, "BillingCurrency" as currency, abs(coalesce(sum(${raw(cost)}), 0)) as size,
      ${join([...counts(d), ...sums], ",\n      ")}
    from ${d.table("charges_day")}
    group by 1, 2) grouped) ranked
where place <= ${count}
order by currency, place`;
}

const summed = (d: Dialect, condition: string, name: string): Sql =>
  sql`${d.text(raw(`coalesce(sum(case when ${condition} then ${cost} end), 0)`))} as ${raw(name)}`;
