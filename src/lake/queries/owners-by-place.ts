import type { AttributedColumn } from "#facts/attribution-keys.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import type { Judged } from "./attribution-change.ts";
import { conditions, deliveredSql } from "./cost-by-dimensions.ts";
import { decidedSql } from "./decided-sql.ts";

/**
 * Who has the cost of each place: sub account, service and what resource names begin with. Result columns, all text: `account`, `service`,
 * `beginning`, `owner` (null is nobody), `currency`, `charges`, `cost` (EffectiveCost), costliest first. Charges as they were delivered: who
 * used a node says nothing about whose its place is.
 * @param column whose values are the owners
 * @param count the most groups to give
 */
export function ownersByPlace(d: Dialect, column: AttributedColumn, judged: Judged, count: number): Sql {
  const where = conditions(d, { ...judged, time: "charge", spread: false, where: [] }, "charges");
  return sql`select c0 as account, c1 as service, c2 as beginning, c3 as owner, c4 as currency, ${d.text(raw("c5"))} as charges, ${d.text(raw("c6"))} as cost
from (select "SubAccountName" as c0, "ServiceName" as c1, ${d.beginning(raw(`"ResourceName"`))} as c2, ${decidedSql(d, column)} as c3, "BillingCurrency" as c4, count(*) as c5, coalesce(sum("EffectiveCost"), 0) as c6
  from ${d.table("charges")}
  where ${join([...where, deliveredSql(d)], " and ")}
  group by 1, 2, 3, 4, 5) places
order by abs(c6) desc, c0 nulls last, c1 nulls last, c2 nulls last, c3 nulls last, c4
limit ${raw(String(count))}`;
}
