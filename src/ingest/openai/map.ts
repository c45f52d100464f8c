import { quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { jsonObject } from "#ingest/json-object.ts";
import { overlapRefusal, resultRows } from "#ingest/report-pages.ts";

const text = "VARCHAR";
const plain = [
  "line_item",
  "project_id",
  "project_name",
  "organization_id",
  "organization_name",
  "api_key_id",
  "user_id",
  "quantity",
  "quantity_unit",
] as const;

/** True if the text begins like a page of GET /organization/costs. */
export const isOpenaiCosts = (head: string): boolean =>
  /"object"\s*:\s*"organization\.costs\.result"/.test(head);

/** Maps pages of OpenAI's cost report onto FOCUS. README.md says what is decided, and why. */
export function mapOpenai(): SourceMapping {
  const c = quoted;
  const item = c("line_item");
  // "gpt-5.5, cached input": a model, then what of it. Lines of tools and storage have no such end.
  const model = `nullif(regexp_extract(${item}, '^(.+), (?:cached )?(?:input|output)$', 1), '')`;
  const use = `regexp_extract(${item}, '^.+, ((?:cached )?(?:input|output))$', 1)`;
  const unit = `case ${c("quantity_unit")} when 'tokens' then 'Tokens' when '1000_tokens' then '1000 Tokens'
    else upper(${c("quantity_unit")}[1]) || replace(${c("quantity_unit")}[2:], '_', ' ') end`;
  const cost = c("amount.value");
  return {
    format: "openai",
    version: "costs",
    layout: "json",
    rows: resultRows({
      start: "start_time",
      end: "end_time",
      result: {
        amount: { value: text, currency: text },
        ...Object.fromEntries(plain.map((name) => [name, text])),
      },
      columns: {
        "amount.value": `result."amount"."value"`,
        "amount.currency": `result."amount"."currency"`,
        ...Object.fromEntries(plain.map((name) => [name, `result.${c(name)}`])),
      },
    }),
    charges: [
      {
        columns: {
          BilledCost: cost,
          EffectiveCost: cost,
          ContractedCost: cost,
          BillingAccountId: c("organization_id"),
          BillingAccountName: c("organization_name"),
          BillingCurrency: `upper(${c("amount.currency")})`,
          // The report knows no billing period; OpenAI bills calendar months in UTC.
          BillingPeriodStart: `date_trunc('month', ${c("start_time")})`,
          BillingPeriodEnd: `date_trunc('month', ${c("start_time")}) + interval 1 month`,
          ChargeCategory: "'Usage'",
          ChargeDescription: item,
          ChargeFrequency: "'Usage-Based'",
          ChargePeriodStart: c("start_time"),
          ChargePeriodEnd: c("end_time"),
          ConsumedQuantity: c("quantity"),
          ConsumedUnit: unit,
          CredentialId: c("api_key_id"),
          HostProviderName: "'OpenAI'",
          InvoiceIssuerName: "'OpenAI'",
          PricingCategory: "'Standard'",
          PricingQuantity: c("quantity"),
          PricingUnit: unit,
          PrincipalId: c("user_id"),
          ServiceCategory: "'AI and Machine Learning'",
          ServiceName: "'OpenAI API'",
          ServiceProviderName: "'OpenAI'",
          ServiceSubcategory: "'Generative AI'",
          SkuMeter: item,
          SkuPriceDetails: jsonObject({
            ModelDeveloper: `case when ${model} is not null then 'OpenAI' end`,
            ModelId: model,
            TokenDirection: `case when ${use} = 'output' then 'Output' when ${use} <> '' then 'Input' end`,
            TokenCacheAction: `case ${use} when 'cached input' then 'Read' when 'input' then 'Uncached' end`,
          }),
          SubAccountId: c("project_id"),
          SubAccountName: c("project_name"),
        },
      },
    ],
    amounts: ["amount.value", "quantity"],
    times: { start_time: "unix", end_time: "unix" },
    extra: ["quantity_unit"],
    required: ["amount.value", "amount.currency", "start_time", "end_time"],
    refusals: [overlapRefusal("start_time")],
    mode: "overwrite",
    notes: [
      "A delivery replaces the calendar months its days lie in: give all pages of a month together. List prices are not in the report, so ListCost is unknown.",
    ],
  };
}
