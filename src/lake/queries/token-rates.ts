import { NO_REGION } from "#facts/effective-rate.ts";
import type { TokenRateGroup } from "#facts/paid-token-rates.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { raw, type Sql } from "#lake/sql.ts";
import type { Window } from "#units/window.ts";
import { usageThatWasPaid } from "./effective-rates.ts";
import { groupQuery } from "./group-query.ts";

/**
 * Sums of EffectiveCost and x_Tokens by model and kind of token in a window, as exact text. Only what was bought at once (PricingCategory
 * Standard): batches and commitments have prices of their own.
 * @see FOCUS 1.5 working draft, AI model billing: ModelId, TokenDirection, TokenCacheAction
 */
export function tokenRates(d: Dialect, window: Window): Sql {
  return groupQuery({
    table: d.table("charges"),
    where: [
      ...usageThatWasPaid(d, window),
      raw(`"x_Tokens" > 0 and "x_ModelId" is not null and "x_TokenDirection" is not null`),
      raw(`"PricingCategory" = 'Standard'`),
    ],
    groups: groups.map(({ name, column }) => ({ name, value: raw(quoted(column)) })),
    sums: [
      { name: "cost", value: raw(`sum("EffectiveCost")`), written: (value) => d.decimalText(value) },
      { name: "tokens", value: raw(`sum("x_Tokens")`), written: (value) => d.decimalText(value) },
      { name: "charges", value: raw("count(*)"), written: (value) => d.text(value) },
      { name: "last", value: raw(`max("ChargePeriodEnd")`), written: (value) => d.timeText(value) },
    ],
  });
}

const groups = [
  { name: "provider", column: "ServiceProviderName" },
  { name: "model", column: "x_ModelId" },
  { name: "direction", column: "x_TokenDirection" },
  { name: "cache", column: "x_TokenCacheAction" },
  { name: "region", column: "RegionId" },
  { name: "currency", column: "BillingCurrency" },
] as const;

/** The answer's rows; an empty text is an absent one. */
export function decodeTokenRates(rows: readonly Row[]): TokenRateGroup[] {
  return rows.map((row) => {
    const text = (name: string): string => {
      const value = row[name];
      return typeof value === "string" ? value : "";
    };
    return {
      provider: text("provider"),
      model: text("model"),
      direction: text("direction"),
      cacheAction: text("cache") || undefined,
      region: text("region") || NO_REGION,
      currency: text("currency"),
      cost: text("cost"),
      tokens: text("tokens"),
      charges: Number(row["charges"]),
      lastUsed: Date.parse(text("last")),
    };
  });
}
