import type { ChargeColumn } from "#facts/charge-columns.ts";
import type { CostQuestion, Dimension, Filter, Measure } from "#facts/cost-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect, TableName } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import type { Granularity, Window } from "#units/window.ts";
import { dimensionSql, filterSql, tableFor } from "./cost-by-dimensions.ts";

/** A column of sums: a decimal column, the number of charges, or the number of different values of a column. */
export interface GroupedSum {
  readonly of: ChargeColumn | "x_Charges";
  readonly distinct: boolean;
  /** Only charges that pass all of these. */
  readonly when: readonly Filter[];
}

/** Several conditional sums side by side, per group and currency. */
export interface GroupedSums {
  readonly by: readonly Dimension[];
  readonly sums: readonly GroupedSum[];
  readonly where: readonly Filter[];
  readonly window: Window;
  /** Which time the window and the buckets are of. */
  readonly time: CostQuestion["time"];
  readonly role: CostQuestion["role"];
  readonly granularity?: Granularity;
}

/** The smallest table that can answer. */
export function groupedSumsTable({ by, sums, where, ...asked }: GroupedSums): TableName {
  const distinct = sums.filter((sum) => sum.distinct && sum.of !== "x_Charges");
  return tableFor({
    ...asked,
    spread: false,
    by: [...by, ...distinct.map(({ of }): Dimension => ({ kind: "column", column: of as ChargeColumn }))],
    where: [...where, ...sums.flatMap(({ when }) => when)],
    // A column that rollups don't sum is no measure of theirs, so the raw charges answer.
    measures: sums.filter((sum) => !sum.distinct).map(({ of }) => of as Measure),
  });
}

/**
 * Sums per group, bucket and currency. Result columns: `k0…` the groups, `bucket`, `currency`, and for each sum `s0…` the sum,
 * `m0…` the charges that were looked at and `v0…` those that have a value, all as text.
 * @param options.top the most groups per currency to give, largest first by the first sum
 * @param options.ungrouped totals per currency only
 */
export function groupedSums(
  d: Dialect,
  question: GroupedSums,
  options: { readonly top?: number; readonly ungrouped?: boolean } = {},
): Sql {
  const table = groupedSumsTable(question);
  const time = raw(question.time === "billing" ? `"BillingPeriodStart"` : `"ChargePeriodStart"`);
  const grouped = options.ungrouped !== true;
  const keys = grouped
    ? question.by.map((dimension, index) => sql`${dimensionSql(d, dimension)} as ${raw(`k${index}`)}`)
    : [];
  const buckets =
    question.granularity === undefined || !grouped
      ? []
      : [sql`${d.text(d.bucket(question.granularity, time))} as bucket`];
  const groups = [...keys, ...buckets, raw(`"BillingCurrency" as currency`)];
  const sums = question.sums.flatMap((sum, index) => sumSql(d, sum, table, index));
  const where = join(
    [
      sql`${time} >= ${d.instant(question.window.start)} and ${time} < ${d.instant(question.window.end)}`,
      sql`"x_Role" = ${question.role}`,
      ...question.where.map((filter) => filterSql(d, filter)),
    ],
    " and ",
  );
  const positions = groups.map((_, index) => String(index + 1));
  const from = sql`from ${d.table(table)} where ${where} group by ${raw(positions.join(", "))}`;
  const selected = join([...groups, ...sums], ", ");
  const first = question.sums[0];
  if (options.top === undefined || first === undefined)
    return sql`select ${selected} ${from} order by ${raw(positions.map((at) => `${at} nulls last`).join(", "))}`;
  const size = sql`coalesce(${valueSql(d, first, table)}, 0) as size`;
  const rank = raw(["size desc", ...keys.map((_, index) => `k${index} nulls last`)].join(", "));
  const place = sql`row_number() over (partition by currency order by ${rank}) as place`;
  return sql`select * from (select *, ${place} from (select ${join([selected, size], ", ")} ${from}) grouped) ranked where place <= ${options.top} order by currency, place`;
}

function sumSql(d: Dialect, sum: GroupedSum, table: TableName, index: number): Sql[] {
  const { of } = sum;
  const known: readonly Sql[] = of === "x_Charges" ? [] : [sql`${raw(quoted(of))} is not null`];
  const valued =
    table === "charges" || of === "x_Charges" || sum.distinct
      ? counted(d, sum, table, known)
      : sql`sum(${onlyWhen(d, sum, raw(quoted(`n_${of}`)))})`;
  return [
    sql`${d.text(valueSql(d, sum, table))} as ${raw(`s${index}`)}`,
    sql`${d.text(counted(d, sum, table, []))} as ${raw(`m${index}`)}`,
    sql`${d.text(valued)} as ${raw(`v${index}`)}`,
  ];
}

function valueSql(d: Dialect, sum: GroupedSum, table: TableName): Sql {
  if (sum.of === "x_Charges") return counted(d, sum, table, []);
  const value = onlyWhen(d, sum, raw(quoted(sum.of)));
  return sum.distinct ? sql`count(distinct ${value})` : sql`sum(${value})`;
}

/** How many charges pass: rollups count theirs in n_Charges. */
function counted(d: Dialect, sum: GroupedSum, table: TableName, more: readonly Sql[]): Sql {
  const one = raw(table === "charges" ? "1" : `"n_Charges"`);
  const conditions = [...sum.when.map((filter) => filterSql(d, filter)), ...more];
  if (conditions.length === 0) return sql`sum(${one})`;
  return sql`coalesce(sum(case when ${join(conditions, " and ")} then ${one} end), 0)`;
}

function onlyWhen(d: Dialect, { when }: GroupedSum, value: Sql): Sql {
  if (when.length === 0) return value;
  const conditions = when.map((filter) => filterSql(d, filter));
  return sql`case when ${join(conditions, " and ")} then ${value} end`;
}
