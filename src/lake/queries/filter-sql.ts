import { type ChargeColumn, chargeColumnType, dividedColumns } from "#facts/charge-columns.ts";
import { type Dimension, dimensionName, type Filter } from "#facts/cost-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/** A dimension as it is stored in the columns of a relation; nothing is attributed. */
export function storedSql(d: Dialect, dimension: Dimension): Sql {
  switch (dimension.kind) {
    case "column":
      return raw(quoted(dimension.column));
    case "tag":
      return d.tag(`"x_Tags"`, dimension.key);
    case "detail":
      return d.jsonKey(raw(`"SkuPriceDetails"`), dimension.key);
    case "extra":
      return d.jsonKey(raw(`"x_Extra"`), dimension.key);
  }
}

/**
 * A dimension of charges as rows are judged and grouped by it. An amount of a row that takes a charge away counts as that of the charge: else one of the
 * two would be found where the other is not.
 */
export function judgedSql(d: Dialect, dimension: Dimension): Sql {
  const value = storedSql(d, dimension);
  if (!d.divided || dimension.kind !== "column" || !Object.hasOwn(dividedColumns, dimension.column))
    return value;
  // Written with a comparison, ClickHouse loses a column where it reads rows by such conditions.
  return sql`case "x_Division" when 'given' then -${value} else ${value} end`;
}

/** A filter as a condition on what is stored. @throws Problem "filter-invalid" for a value that the column can't hold */
export const storedFilterSql = (d: Dialect, filter: Filter): Sql =>
  conditionSql(d, filter, judgedSql(d, filter.dimension));

/** A value of a dimension as the text that people see, the same on all engines. */
export function dimensionText(d: Dialect, dimension: Dimension, value: Sql): Sql {
  switch (typeOf(dimension)) {
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
 * A filter as a condition that is true of the rows that pass.
 * @param value of the filter's dimension
 * @throws Problem "filter-invalid" for a value that the column can't hold
 */
export function conditionSql(d: Dialect, filter: Filter, value: Sql): Sql {
  switch (filter.kind) {
    case "exists":
      return sql`${value} is not null`;
    case "missing":
      return sql`${value} is null`;
    case "contains":
      return d.contains(dimensionText(d, filter.dimension, value), filter.part);
    case "matches":
      return d.matches(dimensionText(d, filter.dimension, value), filter.pattern);
    case "is":
      return sql`${value} in (${filterValues(d, filter)})`;
    case "is-not":
      // A row without the value is not that value: null must not make it vanish.
      return sql`(${value} is null or ${value} not in (${filterValues(d, filter)}))`;
  }
}

const typeOf = (dimension: Dimension): ReturnType<typeof chargeColumnType> =>
  dimension.kind === "column" ? chargeColumnType(dimension.column satisfies ChargeColumn) : "string";

/**
 * The values of a filter in the column's own type, so that 0.50 finds 0.5 and 2026-07-01 its midnight.
 * @throws Problem "filter-invalid" if the column holds numbers or times and a value is none
 */
function filterValues(d: Dialect, filter: Extract<Filter, { kind: "is" | "is-not" }>): Sql {
  const { dimension, values } = filter;
  const type = typeOf(dimension);
  const written = values.map((value): Sql => {
    try {
      if (type === "decimal") return d.decimal(formatDecimal(decimal(value)));
      if (type === "time") return d.instant(instant(value));
    } catch (cause) {
      throw notOfType(dimension, type, value, cause);
    }
    if (type !== "integer") return sql`${value}`;
    if (!/^\d{1,15}$/.test(value)) throw notOfType(dimension, type, value);
    return sql`${Number(value)}`;
  });
  return join(written, ", ");
}

function notOfType(dimension: Dimension, type: string, value: string, cause?: unknown): Problem {
  const kind = type === "time" ? "times" : "numbers";
  return new Problem("filter-invalid", `${dimensionName(dimension)} holds ${kind}; "${value}" is none.`, {
    at: { value },
    cause,
  });
}
