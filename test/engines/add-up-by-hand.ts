import { type Filter, parseDimension, parseFilter, type Dimension } from "#facts/cost-question.ts";
import { promotedTags } from "#facts/charge-columns.ts";
import type { NamedReport, ReportSum } from "#flows/report/named/named-report.ts";
import { decimal, formatDecimal, multiply, ONE } from "#units/decimal.ts";
import { startOf, type Window } from "#units/window.ts";

type Row = Readonly<Record<string, string>>;
type Value = string | null;

/**
 * A named report's sums, added up row by row from the delivered text: no SQL, no rollup, none of the product's queries.
 * @returns per group `bucket | keys | currency`, each sum as `value of charges with a value, charges looked at`
 */
export function addUpByHand(
  report: NamedReport,
  rows: readonly Row[],
  window: Window,
): Map<string, string[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const time = Date.parse(
      row[report.time === "billing" ? "BillingPeriodStart" : "ChargePeriodStart"] ?? "",
    );
    if (time < window.start || time >= window.end) continue;
    if (!report.where.every((text) => passes(row, parseFilter(text)))) continue;
    const bucket = report.period === undefined ? null : startOf(report.period, time);
    const keys = report.by.map((name) => shown(row, parseDimension(name)));
    const id = groupId(bucket, keys, row["BillingCurrency"] ?? "");
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return new Map([...groups].map(([id, own]) => [id, report.sums.map((sum) => summed(sum, own))]));
}

export const groupId = (bucket: number | null, keys: readonly Value[], currency: string): string =>
  JSON.stringify([bucket, keys, currency]);

export const summedText = (units: bigint, known: number, charges: number): string =>
  `${formatDecimal(units)} of ${known}, ${charges}`;

function summed({ of, distinct, when }: ReportSum, rows: readonly Row[]): string {
  const own = rows.filter((row) => when.every((text) => passes(row, parseFilter(text))));
  const values = own.map((row) => (of === "x_Charges" ? "1" : valueOf(row, { kind: "column", column: of })));
  const there = values.flatMap((value) => value ?? []);
  const units = distinct
    ? BigInt(new Set(there).size) * ONE
    : there.reduce((sum, value) => sum + decimal(value), 0n);
  return summedText(units, there.length, own.length);
}

function passes(row: Row, filter: Filter): boolean {
  const value = valueOf(row, filter.dimension);
  switch (filter.kind) {
    case "exists":
      return value !== null;
    case "missing":
      return value === null;
    case "contains":
      return (value ?? "").toLowerCase().includes(filter.part.toLowerCase());
    case "matches":
      return value !== null && new RegExp(filter.pattern).test(value);
    case "is":
      return value !== null && filter.values.includes(value);
    case "is-not":
      return value === null || !filter.values.includes(value);
  }
}

/** As a group's key is written: whole seconds in times, no zeros at the end of decimals. */
function shown(row: Row, dimension: Dimension): Value {
  const value = valueOf(row, dimension);
  const number = dimension.kind === "column" && dimension.column.endsWith("UnitPrice") && value !== null;
  return number ? formatDecimal(decimal(value)) : value;
}

/** A cell, or what the documentation of a derived column says it is. */
function valueOf(row: Row, dimension: Dimension): Value {
  const json = (column: string): Record<string, string> =>
    JSON.parse(row[column] === undefined || row[column] === "" ? "{}" : row[column]) as Record<
      string,
      string
    >;
  const details = json("SkuPriceDetails");
  if (dimension.kind === "detail") return details[dimension.key] ?? null;
  if (dimension.kind !== "column") throw new Error(`No report of ours groups by ${dimension.kind}.`);
  const { column } = dimension;
  if (column in promotedTags && column !== "x_ModelId") {
    const spellings: readonly string[] = promotedTags[column as keyof typeof promotedTags];
    const entry = Object.entries(json("Tags")).find(([key]) =>
      spellings.includes(key.toLowerCase().replace(/[^a-z0-9]/g, "")),
    );
    return entry?.[1] ?? null;
  }
  const usedHours = row["PricingUnit"] === "Hours" && row["ChargeCategory"] === "Usage";
  switch (column) {
    case "x_ModelId":
      return details["ModelId"] ?? null;
    case "x_TokenDirection":
      return details["TokenDirection"] ?? null;
    case "x_TokenCacheAction":
      return details["TokenCacheAction"] ?? null;
    case "x_GpuType":
      return details["GpuType"] ?? null;
    case "x_Tokens":
      return row["ConsumedUnit"] === "Tokens" ? (row["ConsumedQuantity"] ?? null) : null;
    case "x_GpuHours": {
      const { GpuCount } = details;
      if (GpuCount === undefined || !usedHours || !row["PricingQuantity"]) return null;
      return formatDecimal(multiply(decimal(GpuCount), decimal(row["PricingQuantity"]), "half-even"));
    }
    default:
      return row[column] === undefined || row[column] === "" ? null : row[column];
  }
}
