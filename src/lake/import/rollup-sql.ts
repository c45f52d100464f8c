import type { Attribution } from "#facts/attribution.ts";
import { rollupDimensions, rollupMeasures } from "#facts/rollup-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { duckdbDialect } from "#lake/dialect.ts";
import { attributedSql } from "#lake/queries/decided-sql.ts";
import { render, type SqlValue } from "#lake/sql.ts";

/** Rollups are written by DuckDB alone, whatever engine reads them. */
const writer = duckdbDialect(() => []);
const writeValue = (value: SqlValue): string => (typeof value === "string" ? literal(value) : String(value));

/**
 * Charges summed by hour or day and the dimensions that dashboards ask for. A charge that reaches beyond its bucket keeps its own
 * start and end, so that it can be spread over time exactly as from the raw rows.
 * @param attribution by which the charges get their owners
 * @param counted false for a division's rows: they move cost and add no charge
 */
export function rollupSql(
  charges: string,
  bucket: "hour" | "day",
  attribution: Attribution,
  counted: boolean,
): string {
  const count = (of: string): string => (counted ? `count(${of})::bigint` : "0::bigint");
  const start = `date_trunc('${bucket}', "ChargePeriodStart")`;
  const long = `"ChargePeriodEnd" > ${start} + interval 1 ${bucket}`;
  const sums = rollupMeasures.map(
    (name) =>
      `sum(${quoted(name)})::decimal(38,18) as ${quoted(name)}, ${count(quoted(name))} as ${quoted(`n_${name}`)}`,
  );
  const dimensions = rollupDimensions.map((column) => {
    const value = render(attributedSql(writer, attribution, column), writeValue);
    return value === quoted(column) ? value : `${value} as ${quoted(column)}`;
  });
  return `select case when ${long} then "ChargePeriodStart" else ${start} end as "ChargePeriodStart",
      case when ${long} then "ChargePeriodEnd" else ${start} + interval 1 ${bucket} end as "ChargePeriodEnd",
      ${dimensions.join(", ")}, ${count("*")} as n_Charges, ${sums.join(", ")}
    from ${charges} group by all order by 1`;
}
