import { rollupDimensions, rollupMeasures } from "#facts/rollup-columns.ts";
import { quoted } from "#facts/source-mapping.ts";

/**
 * Charges summed by hour or day and the dimensions that dashboards ask for. A charge that reaches beyond its bucket keeps its own
 * start and end, so that it can be spread over time exactly as from the raw rows.
 */
export function rollupSql(charges: string, bucket: "hour" | "day"): string {
  const start = `date_trunc('${bucket}', "ChargePeriodStart")`;
  const long = `"ChargePeriodEnd" > ${start} + interval 1 ${bucket}`;
  const sums = rollupMeasures.map(
    (name) =>
      `sum(${quoted(name)})::decimal(38,18) as ${quoted(name)}, count(${quoted(name)})::bigint as ${quoted(`n_${name}`)}`,
  );
  return `select case when ${long} then "ChargePeriodStart" else ${start} end as "ChargePeriodStart",
      case when ${long} then "ChargePeriodEnd" else ${start} + interval 1 ${bucket} end as "ChargePeriodEnd",
      ${rollupDimensions.map(quoted).join(", ")}, count(*)::bigint as n_Charges, ${sums.join(", ")}
    from ${charges} group by all order by 1`;
}
