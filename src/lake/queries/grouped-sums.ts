import type { ChargeColumn } from "#facts/charge-columns.ts";
import type { CostQuestion, Dimension, Filter, Measure } from "#facts/cost-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect, TableName } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import {
  bucketColumn,
  conditions,
  countSql,
  deliveredSql,
  keyColumns,
  knownCountSql,
  tableFor,
} from "./cost-by-dimensions.ts";
import { decidedSql } from "./decided-sql.ts";
import { filterSql } from "./dimension-sql.ts";
import { groupQuery, type QueryColumn } from "./group-query.ts";

/** A column of sums: a decimal column, the number of charges, or the number of different values of a column. */
export interface GroupedSum {
  readonly of: ChargeColumn | "x_Charges";
  readonly distinct: boolean;
  /** Only charges that pass all of these. */
  readonly when: readonly Filter[];
}

/** Several conditional sums side by side, per group and currency. */
export interface GroupedSums extends Pick<CostQuestion, "by" | "where" | "window" | "time" | "role"> {
  readonly measures: readonly GroupedSum[];
  readonly granularity?: CostQuestion["granularity"];
}

/** The smallest table that can answer. */
export function groupedSumsTable({ by, measures, where, granularity, ...asked }: GroupedSums): TableName {
  const distinct = measures.filter((sum) => sum.distinct && sum.of !== "x_Charges");
  return tableFor({
    ...asked,
    ...(granularity === undefined ? {} : { granularity }),
    spread: false,
    by: [...by, ...distinct.map(({ of }): Dimension => ({ kind: "column", column: of as ChargeColumn }))],
    where: [...where, ...measures.flatMap(({ when }) => when)],
    // A column that rollups don't sum is no measure of theirs, so the raw charges answer.
    measures: measures.filter((sum) => !sum.distinct).map(({ of }) => of as Measure),
  });
}

/**
 * Sums per group, bucket and currency, all as text. Result columns are those of `costByDimensions`; a sum with a condition has
 * `a0…` beside it, the charges that pass the condition.
 * @param options.top the most groups per currency to give, largest first by the first sum
 * @param options.ungrouped totals per currency only
 */
export function groupedSums(
  d: Dialect,
  question: GroupedSums,
  options: { readonly top?: number; readonly ungrouped?: boolean } = {},
): Sql {
  const table = groupedSumsTable(question);
  const { top, ungrouped } = options;
  const first = question.measures[0];
  return groupQuery({
    table: d.table(table),
    where: conditions(d, { ...question, spread: false }, table),
    groups: [
      ...(ungrouped === true ? [] : [...keyColumns(d, question.by, table), ...bucketColumn(d, question)]),
      { name: "currency", value: raw(`"BillingCurrency"`) },
    ],
    sums: [
      { name: "charges", value: countSql(d, table), written: (value) => d.text(value) },
      ...question.measures.flatMap((sum, index) => sumColumns(d, sum, table, index)),
    ],
    ...(top === undefined || first === undefined
      ? {}
      : { top: { size: sql`coalesce(${valueSql(d, first, table)}, 0)`, count: top } }),
  });
}

function sumColumns(d: Dialect, sum: GroupedSum, table: TableName, index: number): QueryColumn[] {
  const column = (name: string, value: Sql): QueryColumn => ({
    name: `${name}${index}`,
    value,
    written: (value) => d.text(value),
  });
  return [
    column("m", valueSql(d, sum, table)),
    column("n", knownSql(d, sum, table)),
    ...(sum.when.length === 0 ? [] : [column("a", passing(d, sum, table))]),
  ];
}

function valueSql(d: Dialect, sum: GroupedSum, table: TableName): Sql {
  if (sum.of === "x_Charges") return passing(d, sum, table);
  const value = onlyWhen(d, sum, columnSql(d, sum.of, table), table);
  return sum.distinct ? sql`count(distinct ${value})` : sql`sum(${value})`;
}

/** Charges that pass and have a value. */
function knownSql(d: Dialect, sum: GroupedSum, table: TableName): Sql {
  if (sum.of === "x_Charges") return passing(d, sum, table);
  const value = columnSql(d, sum.of, table);
  if (table === "charges") return knownCountSql(d, onlyWhen(d, sum, value, table));
  const counted = sum.distinct
    ? sql`case when ${value} is not null then "n_Charges" end`
    : raw(quoted(`n_${sum.of}`));
  return sql`coalesce(sum(${onlyWhen(d, sum, counted, table)}), 0)`;
}

/** Charges that pass. */
function passing(d: Dialect, sum: GroupedSum, table: TableName): Sql {
  if (sum.when.length === 0) return countSql(d, table);
  const each = table === "charges" ? sql`case when ${deliveredSql(d)} then 1 else 0 end` : raw(`"n_Charges"`);
  return sql`coalesce(sum(${onlyWhen(d, sum, each, table)}), 0)`;
}

const columnSql = (d: Dialect, column: ChargeColumn, table: TableName): Sql =>
  table === "charges" ? decidedSql(d, column) : raw(quoted(column));

function onlyWhen(d: Dialect, { when }: GroupedSum, value: Sql, table: TableName): Sql {
  if (when.length === 0) return value;
  const conditions = when.map((filter) => filterSql(d, filter, table));
  return sql`case when ${join(conditions, " and ")} then ${value} end`;
}
