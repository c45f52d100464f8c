import { rollupDimensions, rollupMeasures } from "#facts/rollup-columns.ts";
import type { CostQuestion, Dimension, Measure } from "#facts/cost-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect, TableName } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import type { Granularity } from "#units/window.ts";
import { dimensionSql, filterSql } from "./dimension-sql.ts";
import { dimensionText } from "./filter-sql.ts";
import { groupQuery, type QueryColumn, type TopQuery, topQuery } from "./group-query.ts";

/** Groups named by their keys, null for a group without a value. */
export type GroupKeys = readonly (readonly (string | null)[])[];

/** The smallest table that can answer: a rollup if it has every column and the window falls on its buckets. */
export function tableFor(question: CostQuestion): TableName {
  const dimensions = [...question.by, ...question.where.map(({ dimension }) => dimension)];
  const inRollup = dimensions.every(
    (dimension) =>
      dimension.kind === "column" && (rollupDimensions as readonly string[]).includes(dimension.column),
  );
  const summed = question.measures.every(
    (measure) => measure === "x_Charges" || (rollupMeasures as readonly string[]).includes(measure),
  );
  if (!inRollup || !summed) return "charges";
  const falls = (milliseconds: number): boolean =>
    question.window.start % milliseconds === 0 && question.window.end % milliseconds === 0;
  // A question by billing period reads no time of use, so the smallest table always answers it.
  if (question.time === "billing") return "charges_day";
  if (question.granularity !== "hour" && falls(86_400_000)) return "charges_day";
  return falls(3_600_000) ? "charges_hour" : "charges";
}

/**
 * Sums per group, currency and bucket, all as text. Result columns: `k0…` the dimensions, `bucket`, `spread_start` and `spread_end`
 * of the long charges of a spread question, which come as groups of their own, `currency`, `charges`, and for each measure `m0…`
 * the sum and `n0…` the charges that have a value.
 * @param options.top the most groups per currency to name, by size of the first measure; all others come as one group whose `others` is 1
 * @param options.only only these groups
 */
export function costByDimensions(
  d: Dialect,
  question: CostQuestion,
  options: { readonly top?: number; readonly only?: GroupKeys; readonly ungrouped?: boolean } = {},
): Sql {
  // Totals have no groups, so a rollup may add them up where the groups need the charges.
  const table = tableFor(options.ungrouped === true ? { ...question, by: [] } : question);
  const { top, only } = options;
  const sums = question.measures.flatMap((measure, index): QueryColumn[] => [
    { name: `m${index}`, value: sumSql(d, measure, table), written: (value) => d.text(value) },
    { name: `n${index}`, value: knownSql(d, measure, table), written: (value) => d.text(value) },
  ]);
  const asked: Omit<TopQuery, "top"> = {
    table: d.table(table),
    where: [
      ...conditions(d, question, table),
      ...(only === undefined ? [] : [onlySql(d, question.by, only, table)]),
    ],
    groups: [
      ...(options.ungrouped === true ? [] : keyColumns(d, question.by, table)),
      ...bucketColumn(d, question),
      ...(question.spread ? spreadColumns(d, question) : []),
      { name: "currency", value: raw(`"BillingCurrency"`) },
    ],
    sums: [{ name: "charges", value: countSql(d, table), written: (value) => d.text(value) }, ...sums],
  };
  if (top === undefined) return groupQuery(asked);
  const size = sql`coalesce(${sumSql(d, question.measures[0] ?? "BilledCost", table)}, 0)`;
  return topQuery({ ...asked, top: { size, count: top, keys: question.by.map((_, index) => `k${index}`) } });
}

/** The dimensions as groups `k0…`. */
export const keyColumns = (d: Dialect, by: readonly Dimension[], table: TableName): QueryColumn[] =>
  by.map((dimension, index) => ({
    name: `k${index}`,
    value: dimensionSql(d, dimension, table),
    written: (value) => dimensionText(d, dimension, value),
  }));

/** The bucket of time as a group; none where the question has no buckets. */
export const bucketColumn = (
  d: Dialect,
  { granularity, time }: { time: CostQuestion["time"]; granularity?: Granularity | undefined },
): QueryColumn[] =>
  granularity === undefined
    ? []
    : [
        {
          name: "bucket",
          value: d.bucket(granularity, timeColumn(d, time)),
          written: (value) => d.text(value),
        },
      ];

/**
 * The time that a question's window and buckets are of. A billing period in local time starts some hours before or after its day in UTC:
 * 14 hours on, wherever it is, its month is the one that the bill names.
 */
const timeColumn = (d: Dialect, time: CostQuestion["time"]): Sql =>
  time === "billing"
    ? d.bucket("day", raw(`("BillingPeriodStart" + interval 14 hour)`))
    : raw(`"ChargePeriodStart"`);

/** Charges that start in the window, of one role, and pass the filters. */
export function conditions(
  d: Dialect,
  { window, time, spread, role, where }: Pick<CostQuestion, "window" | "time" | "spread" | "role" | "where">,
  table: TableName,
): Sql[] {
  const start = timeColumn(d, time);
  const from = sql`${start} >= ${d.instant(window.start)}`;
  // A spread charge counts as long as it lasts; one without duration still counts at its start.
  const lasting = sql`(${from} or "ChargePeriodEnd" > ${d.instant(window.start)})`;
  const inTime = sql`${spread ? lasting : from} and ${start} < ${d.instant(window.end)}`;
  const inRole = d.onlyRole === role ? [] : [sql`"x_Role" = ${role}`];
  return [inTime, ...inRole, ...where.map((filter) => filterSql(d, filter, table))];
}

/** True of what was delivered: a division moves cost from one to another and adds no charge. */
export const deliveredSql = (d: Dialect): Sql => raw(d.divided ? `"x_Division" is null` : "1 = 1");

/** How many charges: rollups count theirs in n_Charges. */
export function countSql(d: Dialect, table: TableName): Sql {
  if (table !== "charges") return raw(`sum("n_Charges")`);
  return d.divided ? sql`sum(case when ${deliveredSql(d)} then 1 else 0 end)` : raw("count(*)");
}

/** How many charges have a value. */
export const knownCountSql = (d: Dialect, value: Sql): Sql =>
  d.divided ? sql`count(case when ${deliveredSql(d)} then ${value} end)` : sql`count(${value})`;

const sumSql = (d: Dialect, measure: Measure, table: TableName): Sql =>
  measure === "x_Charges" ? countSql(d, table) : raw(`sum(${quoted(measure)})`);

function knownSql(d: Dialect, measure: Measure, table: TableName): Sql {
  if (measure === "x_Charges") return countSql(d, table);
  return table === "charges" ? knownCountSql(d, raw(quoted(measure))) : raw(`sum(${quoted(`n_${measure}`)})`);
}

/** Start and end of a charge that reaches out of its bucket (or out of the window, where there are no buckets); else null. */
function spreadColumns(d: Dialect, { granularity, window }: CostQuestion): QueryColumn[] {
  const start = raw(`"ChargePeriodStart"`);
  const end = raw(`"ChargePeriodEnd"`);
  const long =
    granularity === undefined
      ? sql`(${start} < ${d.instant(window.start)} or ${end} > ${d.instant(window.end)})`
      : sql`${end} > ${d.bucket(granularity, start)} + interval 1 ${raw(granularity)}`;
  return [
    {
      name: "spread_start",
      value: sql`case when ${long} then ${start} end`,
      written: (value) => d.text(value),
    },
    { name: "spread_end", value: sql`case when ${long} then ${end} end`, written: (value) => d.text(value) },
  ];
}

function onlySql(d: Dialect, by: readonly Dimension[], keys: GroupKeys, table: TableName): Sql {
  if (keys.length === 0) return raw("1 = 0");
  const same = (dimension: Dimension, key: string | null): Sql => {
    const text = dimensionText(d, dimension, dimensionSql(d, dimension, table));
    return key === null ? sql`${text} is null` : sql`${text} = ${key}`;
  };
  const [only, ...more] = by;
  const texts = keys.flatMap(([key]) => (typeof key === "string" ? [key] : []));
  // One IN list is looked up at once; a chain of comparisons is gone through for every row.
  if (only !== undefined && more.length === 0 && texts.length === keys.length)
    return sql`${dimensionText(d, only, dimensionSql(d, only, table))} in (${join(
      texts.map((text) => sql`${text}`),
      ", ",
    )})`;
  const groups = keys.map((key) => {
    const parts = by.map((dimension, index) => same(dimension, key[index] ?? null));
    return sql`(${join(parts, " and ")})`;
  });
  return sql`(${join(groups, " or ")})`;
}
