import { NO_REGION, type RateGroup } from "#facts/effective-rate.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import type { Window } from "#units/window.ts";
import { conditions } from "./cost-by-dimensions.ts";
import { groupQuery, type QueryColumn } from "./group-query.ts";

/** What was paid for usage and how much was used, in a window. */
export interface EffectiveRates {
  readonly window: Window;
  /** Instance types and SKUs, as bills spell them; all if absent. */
  readonly skus?: readonly string[];
}

/**
 * Sums of EffectiveCost and PricingQuantity by what was bought, where and how, as exact text: their quotient is the rate that was paid.
 * Only invoices, only usage. Left out: charges without cost or quantity, corrections, whose quantity belongs to another time, and
 * the unused part of commitments, which bought nothing.
 * @see FOCUS 1.4: PricingQuantity, EffectiveCost, PricingCategory
 */
export function effectiveRates(d: Dialect, { window, skus }: EffectiveRates): Sql {
  const names =
    skus === undefined
      ? undefined
      : join(
          skus.map((sku) => sql`${sku}`),
          ", ",
        );
  const sum = (name: string, column: string): QueryColumn => ({
    name,
    value: raw(`sum(${quoted(column)})`),
    written: (value) => d.decimalText(value),
  });
  return groupQuery({
    table: d.table("charges"),
    where: [
      ...usageThatWasPaid(d, window),
      raw(`"PricingQuantity" > 0`),
      ...(names === undefined ? [] : [sql`("x_InstanceType" in (${names}) or "SkuId" in (${names}))`]),
    ],
    groups: groups.map(({ name, column }) => ({ name, value: raw(quoted(column)) })),
    sums: [
      sum("cost", "EffectiveCost"),
      sum("quantity", "PricingQuantity"),
      { name: "charges", value: raw("count(*)"), written: (value) => d.text(value) },
      { name: "last", value: raw(`max("ChargePeriodEnd")`), written: (value) => d.timeText(value) },
    ],
  });
}

/** What says a price: usage on invoices that has a cost, and neither corrects another time nor was left unused. */
export const usageThatWasPaid = (d: Dialect, window: Window): Sql[] => [
  ...conditions(d, { window, time: "charge", spread: false, role: "invoice", where: [] }, "charges"),
  raw(`"ChargeCategory" = 'Usage'`),
  raw(`("ChargeClass" is null or "ChargeClass" <> 'Correction')`),
  raw(`("CommitmentDiscountStatus" is null or "CommitmentDiscountStatus" <> 'Unused')`),
  raw(`"EffectiveCost" is not null`),
];

const groups = [
  { name: "provider", column: "ServiceProviderName" },
  { name: "service", column: "ServiceName" },
  { name: "instance", column: "x_InstanceType" },
  { name: "sku", column: "SkuId" },
  { name: "region", column: "RegionId" },
  { name: "category", column: "PricingCategory" },
  { name: "unit", column: "PricingUnit" },
  { name: "currency", column: "BillingCurrency" },
] as const;

/** The answer's rows; an empty text is an absent one. */
export function decodeRates(rows: readonly Row[]): RateGroup[] {
  return rows.map((row) => {
    const text = (name: string): string | undefined => {
      const value = row[name];
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    return {
      provider: text("provider"),
      service: text("service"),
      instanceType: text("instance"),
      skuId: text("sku"),
      region: text("region") ?? NO_REGION,
      category: text("category"),
      unit: text("unit"),
      currency: text("currency") ?? "",
      cost: text("cost") ?? "0",
      quantity: text("quantity") ?? "0",
      charges: Number(row["charges"]),
      lastUsed: Date.parse(text("last") ?? ""),
    };
  });
}
