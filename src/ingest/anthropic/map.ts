import { quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { jsonObject } from "#ingest/json-object.ts";
import { overlapRefusal, resultRows } from "#ingest/report-pages.ts";

const plain = [
  "amount",
  "currency",
  "workspace_id",
  "description",
  "cost_type",
  "context_window",
  "model",
  "service_tier",
  "token_type",
  "inference_geo",
] as const;

/** True if the text begins like a page of GET /v1/organizations/cost_report. */
export const isAnthropicCosts = (head: string): boolean =>
  /"starting_at"\s*:/.test(head) && /"amount"\s*:\s*"/.test(head);

/** Maps pages of Anthropic's cost report onto FOCUS. README.md says what is decided, and why. */
export function mapAnthropic(): SourceMapping {
  const c = quoted;
  const type = c("token_type");
  const cost = c("amount in dollars");
  const isTokens = `${c("cost_type")} = 'tokens'`;
  return {
    format: "anthropic",
    version: "cost_report",
    layout: "json",
    rows: resultRows({
      start: "starting_at",
      end: "ending_at",
      result: Object.fromEntries(plain.map((name) => [name, "VARCHAR"])),
      columns: {
        ...Object.fromEntries(plain.map((name) => [name, `result.${c(name)}`])),
        // Amounts are in cents. Moving the point in the text is exact; the engine's division is not.
        "amount in dollars": `result."amount" || 'E-2'`,
      },
    }),
    charges: [
      {
        columns: {
          BilledCost: cost,
          EffectiveCost: cost,
          ContractedCost: cost,
          BillingCurrency: `upper(${c("currency")})`,
          // The report knows no billing period; Anthropic bills calendar months in UTC.
          BillingPeriodStart: `date_trunc('month', ${c("starting_at")})`,
          BillingPeriodEnd: `date_trunc('month', ${c("starting_at")}) + interval 1 month`,
          ChargeCategory: "'Usage'",
          ChargeDescription: c("description"),
          ChargeFrequency: "'Usage-Based'",
          ChargePeriodStart: c("starting_at"),
          ChargePeriodEnd: c("ending_at"),
          HostProviderName: "'Anthropic'",
          InvoiceIssuerName: "'Anthropic'",
          PricingCategory: "'Standard'",
          ServiceCategory: "'AI and Machine Learning'",
          ServiceName: "'Claude API'",
          ServiceProviderName: "'Anthropic'",
          ServiceSubcategory: "'Generative AI'",
          SkuMeter: `coalesce(${type}, ${c("cost_type")})`,
          SkuPriceDetails: jsonObject({
            ModelDeveloper: `case when ${c("model")} is not null then 'Anthropic' end`,
            ModelId: c("model"),
            TokenDirection: `case when ${isTokens} and ${type} = 'output_tokens' then 'Output' when ${isTokens} and ${type} like '%input_tokens' then 'Input' end`,
            TokenCacheAction: `case when ${type} = 'uncached_input_tokens' then 'Uncached' when ${type} = 'cache_read_input_tokens' then 'Read'
              when ${type} like 'cache_creation%' then 'Write' end`,
          }),
          SubAccountId: c("workspace_id"),
          // The workspace that every organisation begins with has no id.
          SubAccountName: `case when ${c("workspace_id")} is null then 'Default workspace' end`,
        },
      },
    ],
    amounts: ["amount", "amount in dollars"],
    times: { starting_at: "iso", ending_at: "iso" },
    extra: ["cost_type", "service_tier", "context_window", "inference_geo", "token_type"],
    required: ["amount", "currency", "starting_at", "ending_at"],
    refusals: [
      overlapRefusal("starting_at"),
      {
        condition: `upper(${c("currency")}) <> 'USD'`,
        column: "currency",
        code: "currency-invalid",
        what: "is not USD, the only currency whose smallest unit the report is known to use",
        hint: "Please report this with one result of the page.",
      },
    ],
    mode: "overwrite",
    notes: [
      "Amounts are cents in the report. The Priority Tier has no cost in it, which is unknown, not 0. A delivery replaces the calendar months its days lie in: give all pages of a month together.",
    ],
  };
}
