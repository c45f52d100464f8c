import { chargeColumnType, type ChargeColumn } from "#facts/charge-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import { rollupDimensions, rollupMeasures } from "#facts/rollup-columns.ts";
import {
  type CostQuestion,
  type Dimension,
  dimensionName,
  type Filter,
  type Measure,
} from "#facts/cost-question.ts";
import type { Dialect, TableName } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { formatInstant, instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/** Names of the result's columns: `k0…` the dimensions, then these. */
export const resultColumns = {
  bucket: "bucket",
  spreadStart: "spread_start",
  spreadEnd: "spread_end",
  currency: "currency",
  charges: "charges",
  sum: (index: number): string => `m${index}`,
  known: (index: number): string => `n${index}`,
} as const;

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
  if (question.granularity !== "hour" && falls(86_400_000)) return "charges_day";
  return falls(3_600_000) ? "charges_hour" : "charges";
}

/**
 * Sums per group, currency and bucket. Long charges of a spread question come as groups of their own with their start and end.
 * @param options.top the most groups per currency to give, largest first by the first measure
 * @param options.only only these groups
 */
export function costByDimensions(
  d: Dialect,
  question: CostQuestion,
  options: { readonly top?: number; readonly only?: GroupKeys; readonly ungrouped?: boolean } = {},
): Sql {
  const table = tableFor(question);
  const time = question.time === "billing" ? raw(`"BillingPeriodStart"`) : raw(`"ChargePeriodStart"`);
  const keys =
    options.ungrouped === true
      ? []
      : question.by.map((dimension, index) => sql`${dimensionSql(d, dimension)} as ${raw(`k${index}`)}`);
  const groups = [
    ...keys,
    ...(question.granularity === undefined
      ? []
      : [sql`${d.text(d.bucket(question.granularity, time))} as bucket`]),
    ...(question.spread ? spreadKeys(d, question) : []),
    raw(`"BillingCurrency" as currency`),
  ];
  const sums = question.measures.flatMap((measure, index) => measureSql(d, measure, table, index));
  const where = join(
    [
      ...conditions(d, question),
      ...(options.only === undefined ? [] : [onlySql(d, question.by, options.only)]),
    ],
    " and ",
  );
  const positions = raw(groups.map((_, index) => index + 1).join(", "));
  const from = sql`from ${d.table(table)} where ${where} group by ${positions}`;
  const selected = join([...groups, chargesSql(d, table), ...sums], ", ");
  const inOrder = raw(groups.map((_, index) => `${index + 1} nulls last`).join(", "));
  if (options.top === undefined) return sql`select ${selected} ${from} order by ${inOrder}`;
  const size = sql`${orderSum(question.measures[0] ?? "BilledCost", table)} as size`;
  const grouped = sql`select ${join([selected, size], ", ")} ${from}`;
  // Ties are broken by the groups' columns, so that the same question always has the same answer.
  const ties = [
    ...keys.map((_, index) => `k${index}`),
    ...(question.granularity === undefined ? [] : [resultColumns.bucket]),
    ...(question.spread ? [resultColumns.spreadStart, resultColumns.spreadEnd] : []),
  ];
  const rank = raw(["size desc", ...ties.map((tie) => `${tie} nulls last`)].join(", "));
  const place = sql`row_number() over (partition by currency order by ${rank}) as place`;
  return sql`select * from (select *, ${place} from (${grouped}) grouped) ranked where place <= ${options.top} order by currency, place`;
}

function chargesSql(d: Dialect, table: TableName): Sql {
  return sql`${d.text(raw(table === "charges" ? "count(*)" : `sum("n_Charges")`))} as charges`;
}

function measureSql(d: Dialect, measure: Measure, table: TableName, index: number): Sql[] {
  if (measure === "x_Charges") {
    const count = table === "charges" ? "count(*)" : `sum("n_Charges")`;
    return [
      sql`${d.text(raw(count))} as ${raw(`m${index}`)}`,
      sql`${d.text(raw(count))} as ${raw(`n${index}`)}`,
    ];
  }
  const known = table === "charges" ? `count(${quoted(measure)})` : `sum(${quoted(`n_${measure}`)})`;
  return [
    sql`${d.text(raw(`sum(${quoted(measure)})`))} as ${raw(`m${index}`)}`,
    sql`${d.text(raw(known))} as ${raw(`n${index}`)}`,
  ];
}

function orderSum(measure: Measure, table: TableName): Sql {
  if (measure === "x_Charges") return raw(table === "charges" ? "count(*)" : `sum("n_Charges")`);
  return raw(`coalesce(sum(${quoted(measure)}), 0)`);
}

/** Start and end of a charge that reaches out of its bucket (or out of the window, where there are no buckets); else null. */
function spreadKeys(d: Dialect, { granularity, window }: CostQuestion): Sql[] {
  const start = raw(`"ChargePeriodStart"`);
  const end = raw(`"ChargePeriodEnd"`);
  const last = sql`(${end} - interval 1 microsecond)`;
  const long =
    granularity === undefined
      ? sql`(${start} < ${d.instant(window.start)} or ${end} > ${d.instant(window.end)})`
      : sql`(${end} > ${start} and ${d.bucket(granularity, last)} <> ${d.bucket(granularity, start)})`;
  return [
    sql`case when ${long} then ${d.text(start)} end as spread_start`,
    sql`case when ${long} then ${d.text(end)} end as spread_end`,
  ];
}

function conditions(d: Dialect, { window, time, spread, role, where }: CostQuestion): Sql[] {
  const start = raw(time === "billing" ? `"BillingPeriodStart"` : `"ChargePeriodStart"`);
  const within = sql`${start} >= ${d.instant(window.start)} and ${start} < ${d.instant(window.end)}`;
  const touching = sql`"ChargePeriodStart" < ${d.instant(window.end)} and "ChargePeriodEnd" > ${d.instant(window.start)}`;
  // A charge without duration touches nothing but still counts at its start.
  const inTime = spread ? sql`((${touching}) or (${within}))` : within;
  return [inTime, sql`"x_Role" = ${role}`, ...where.map((filter) => filterSql(d, filter))];
}

export function dimensionSql(d: Dialect, dimension: Dimension): Sql {
  switch (dimension.kind) {
    case "column":
      return columnText(d, dimension.column);
    case "tag":
      return d.tag(`"x_Tags"`, dimension.key);
    case "detail":
      return d.jsonKey(raw(`"SkuPriceDetails"`), dimension.key);
    case "extra":
      return d.jsonKey(raw(`"x_Extra"`), dimension.key);
  }
}

export function filterSql(d: Dialect, filter: Filter): Sql {
  const value = dimensionSql(d, filter.dimension);
  switch (filter.kind) {
    case "exists":
      return sql`${value} is not null`;
    case "missing":
      return sql`${value} is null`;
    case "contains":
      return d.contains(value, filter.part);
    case "is":
      return sql`${value} in (${list(filterValues(filter))})`;
    case "is-not":
      // A row without the value is not that value: null must not make it vanish.
      return sql`(${value} is null or ${value} not in (${list(filterValues(filter))}))`;
  }
}

function onlySql(d: Dialect, by: readonly Dimension[], keys: GroupKeys): Sql {
  if (keys.length === 0) return raw("1 = 0");
  const groups = keys.map(
    (key) =>
      sql`(${join(
        by.map((dimension, index) => same(dimensionSql(d, dimension), key[index] ?? null)),
        " and ",
      )})`,
  );
  return sql`(${join(groups, " or ")})`;
}

const same = (expression: Sql, value: string | null): Sql =>
  value === null ? sql`${expression} is null` : sql`${expression} = ${value}`;

const list = (values: readonly string[]): Sql =>
  join(
    values.map((value) => sql`${value}`),
    ", ",
  );

/** A column as text that is the same on all engines. */
function columnText(d: Dialect, column: ChargeColumn): Sql {
  const value = raw(quoted(column));
  switch (chargeColumnType(column)) {
    case "decimal":
      return d.decimalText(value);
    case "time":
      return d.timeText(value);
    case "integer":
      return d.text(value);
    default:
      return value;
  }
}

/**
 * The values of a filter as `columnText` writes them, so that 0.50 finds 0.5 and 2026-07-01 its midnight.
 * @throws Problem "filter-invalid" if the column holds numbers or times and a value is none
 */
function filterValues({ dimension, values }: Extract<Filter, { kind: "is" | "is-not" }>): string[] {
  const type = dimension.kind === "column" ? chargeColumnType(dimension.column) : "string";
  if (type !== "decimal" && type !== "time") return [...values];
  return values.map((value) => {
    try {
      return type === "decimal" ? formatDecimal(decimal(value)) : formatInstant(instant(value));
    } catch (cause) {
      throw new Problem(
        "filter-invalid",
        `${dimensionName(dimension)} holds ${type === "decimal" ? "numbers" : "times"}; "${value}" is none.`,
        { at: { value }, cause },
      );
    }
  });
}
