import { type Attribution } from "#facts/attribution.ts";
import {
  type AttributedColumn,
  attributionKeyNames,
  attributionKeys,
  basisColumn,
} from "#facts/attribution-keys.ts";
import type { CostQuestion } from "#facts/cost-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { conditions, countSql, deliveredSql } from "./cost-by-dimensions.ts";
import { attributedSql, decidedSql, holdsSql } from "./decided-sql.ts";

/** The charges that a change of rules is judged by. */
export type Judged = Pick<CostQuestion, "window" | "role">;

const where = (d: Dialect, judged: Judged): Sql =>
  join(conditions(d, { ...judged, time: "charge", spread: false, where: [] }, "charges"), " and ");

const cost = raw(`"EffectiveCost"`);
const sumText = (d: Dialect, condition: Sql): Sql =>
  d.text(sql`coalesce(sum(case when ${condition} then ${cost} end), 0)`);

const perCurrency = (d: Dialect, sums: readonly Sql[], judged: Judged): Sql =>
  sql`select "BillingCurrency" as currency, ${join(sums, ",\n  ")}
from ${d.table("charges")}
where ${where(d, judged)}
group by 1
order by 1`;

/**
 * How much EffectiveCost each key is known of, by the rules in force and by others, in one look at the charges. Result columns:
 * `currency`, `charges`, `total`, and for each key, in their order, `before0…` and `after0…`. All as text.
 */
export function coverageChange(d: Dialect, after: Attribution, judged: Judged): Sql {
  const sums = attributionKeyNames.flatMap((key, index) => {
    const column = attributionKeys[key];
    return [
      sql`${sumText(d, sql`${decidedSql(d, column)} is not null`)} as ${raw(`before${index}`)}`,
      sql`${sumText(d, sql`${attributedSql(d, after, column)} is not null`)} as ${raw(`after${index}`)}`,
    ];
  });
  const all = [
    sql`${d.text(countSql(d, "charges"))} as charges`,
    sql`${d.text(sql`coalesce(sum(${cost}), 0)`)} as total`,
  ];
  return perCurrency(d, [...all, ...sums], judged);
}

/**
 * What moves from one value of a column to another. Result columns, all text: `before`, `after` and `basis` of the latter, null where there
 * is none, `currency`, `charges`, `cost` (EffectiveCost).
 * @param count the most moves to give, largest first by the size of their cost
 */
export function movedByRules(
  d: Dialect,
  after: Attribution,
  column: AttributedColumn,
  judged: Judged,
  count: number,
): Sql {
  const basis = attributedSql(d, after, basisColumn(column));
  return sql`select c0 as before, c1 as after, c2 as basis, c3 as currency, ${d.text(raw("c4"))} as charges, ${d.text(raw("c5"))} as cost
from (select ${decidedSql(d, column)} as c0, ${attributedSql(d, after, column)} as c1, ${basis} as c2, "BillingCurrency" as c3, ${countSql(d, "charges")} as c4, coalesce(sum(${cost}), 0) as c5
  from ${d.table("charges")}
  where ${where(d, judged)}
  group by 1, 2, 3, 4) moved
where c0 is distinct from c1
order by abs(c5) desc, c0 nulls last, c1 nulls last, c2 nulls last, c3
limit ${raw(String(count))}`;
}

/** What each of some rules holds for, first match or not. Result columns: `currency`, and per rule `charges0…` and `cost0…`, all text. */
export function heldByRules(d: Dialect, rules: Attribution["rules"], judged: Judged): Sql {
  const sums = rules.flatMap((rule, index) => {
    const holds = holdsSql(d, rule);
    return [
      sql`${d.text(sql`sum(case when ${deliveredSql(d)} and ${holds} then 1 else 0 end)`)} as ${raw(`charges${index}`)}`,
      sql`${sumText(d, holds)} as ${raw(`cost${index}`)}`,
    ];
  });
  return perCurrency(d, sums, judged);
}

/**
 * Delivered values of a column that the rules' schema does not let count. Result columns, all text: `value`, `currency`, `charges`, `cost`.
 * @param count the most values to give, costliest first
 */
export function strayValues(
  d: Dialect,
  after: Attribution,
  column: AttributedColumn,
  judged: Judged,
  count: number,
): Sql {
  // Without its rules, what is left of the attribution is what the schema makes of the tag.
  const declared = attributedSql(d, { ...after, rules: [] }, column);
  return sql`select c0 as value, c1 as currency, ${d.text(raw("c2"))} as charges, ${d.text(raw("c3"))} as cost
from (select ${raw(quoted(column))} as c0, "BillingCurrency" as c1, ${countSql(d, "charges")} as c2, coalesce(sum(${cost}), 0) as c3
  from ${d.table("charges")}
  where ${where(d, judged)} and ${raw(quoted(column))} is not null and ${declared} is null
  group by 1, 2) stray
order by abs(c3) desc, c0, c1
limit ${raw(String(count))}`;
}
