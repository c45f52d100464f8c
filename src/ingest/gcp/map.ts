import { type Layout, literal, quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { jsonObject, jsonObjectOfPairs } from "#ingest/json-object.ts";
import { serviceCategory } from "#ingest/lookup-sql.ts";
import { missingNames, type Needed, type SourceColumns, sourceColumns } from "#ingest/source-columns.ts";
import { creditCosts, isCommitmentFee, lineCosts } from "./costs.ts";
import { CREDIT_NUMBER, gcpColumns, gcpRows } from "./rows.ts";
import { gcpServices } from "./services.ts";

/** The top-level fields that make a file a Cloud Billing export. */
export const gcpNeeds: Needed = [
  ["billing_account_id"],
  ["cost"],
  ["currency"],
  ["invoice"],
  ["usage_start_time"],
  ["usage_end_time"],
  ["service"],
  ["sku"],
];

/**
 * Maps Google Cloud's usage cost export (standard and detailed) onto FOCUS; undefined if the fields are not one's. README.md says
 * what is decided, and why.
 * @param columns top-level fields: the columns of a Parquet file, or the members of the first JSON line
 */
export function mapGcp(columns: readonly string[], layout: Layout): SourceMapping | undefined {
  if (missingNames(gcpNeeds, columns).length > 0) return undefined;
  const gcp = sourceColumns(gcpColumns);
  const charge = describe(gcp);
  const isCredit = `${quoted(CREDIT_NUMBER)} > 0`;
  return {
    format: "gcp",
    version: columns.includes("resource") ? "detailed" : "standard",
    layout,
    rows: gcpRows(layout, columns),
    charges: [
      { where: `not (${isCredit})`, columns: { ...charge, ...lineCosts(gcp) } },
      { where: isCredit, columns: { ...charge, ...asCredit(gcp), ...creditCosts(gcp) } },
    ],
    amounts: gcp.amounts(),
    times: { usage_start_time: "utc", usage_end_time: "utc", "invoice.month": "month" },
    extra: ["cost_type", "credits.type", ...gcp.rest()],
    required: ["cost", "currency", "invoice.month", "usage_start_time", "usage_end_time"],
    refusals: [
      {
        condition: `${isCredit} and ${quoted("credits.amount")} is null`,
        column: "credits.amount",
        code: "amount-missing",
        what: "is empty in a credit",
        hint: "Export the line again; a credit without its amount can't be booked.",
      },
    ],
    mode: "overwrite",
    notes: [
      "Each credit is a charge of its own. A delivery replaces the invoice months it holds: export whole months, or give increments with --mode append.",
    ],
  };
}

const PACIFIC = literal("America/Los_Angeles");
// Google's invoice months begin at midnight in California.
const inPacific = (sql: string): string => `((${sql}) at time zone ${PACIFIC}) at time zone 'UTC'`;

/** Everything about a line but its costs. */
function describe(gcp: SourceColumns): Record<string, string> {
  const month = quoted(gcp.find("invoice.month") ?? "");
  const type = `coalesce(${gcp.text("cost_type")}, 'regular')`;
  const service = gcp.text("service.description");
  const sku = gcp.text("sku.description");
  const seller = gcp.text("seller_name");
  const fee = isCommitmentFee(gcp);
  const spot = `regexp_matches(lower(${sku}), '\\b(spot|preemptible)\\b')`;
  const isUsage = `(${type} = 'regular' and not ${fee})`;
  const onlyUsage = (sql: string): string => `case when ${isUsage} then ${sql} end`;
  const gpu = `nullif(regexp_extract(${sku}, '(?i)nvidia (?:tesla )?([a-z][0-9]{1,3}[a-z]?)\\b.*gpu', 1), '')`;
  return {
    ...serviceCategory(`lower(${service})`, gcpServices),
    AvailabilityZone: gcp.text("location.zone"),
    BillingAccountId: gcp.text("billing_account_id"),
    BillingCurrency: gcp.text("currency"),
    BillingPeriodStart: inPacific(month),
    BillingPeriodEnd: inPacific(`${month} + interval 1 month`),
    ChargeCategory: `case ${type} when 'tax' then 'Tax' when 'regular' then case when ${fee} then 'Purchase' else 'Usage' end else 'Adjustment' end`,
    ChargeClass: `case when ${gcp.text("adjustment_info.type")} like '%_CORRECTION' then 'Correction' end`,
    ChargeDescription: `coalesce(${gcp.text("adjustment_info.description")}, ${sku})`,
    ChargeFrequency: `case when ${fee} then 'Recurring' when ${type} = 'regular' then 'Usage-Based' else 'One-Time' end`,
    ChargePeriodStart: quoted(gcp.find("usage_start_time") ?? ""),
    ChargePeriodEnd: quoted(gcp.find("usage_end_time") ?? ""),
    CommitmentDiscountId: gcp.text("subscription.instance_id"),
    CommitmentDiscountCategory: `case when ${gcp.text("subscription.instance_id")} is null then null when contains(lower(${sku}), 'dollar based') then 'Spend' else 'Usage' end`,
    CommitmentDiscountType: `case when ${gcp.text("subscription.instance_id")} is not null then 'Committed Use Discount' end`,
    ConsumedQuantity: onlyUsage(gcp.amount("usage.amount")),
    ConsumedUnit: onlyUsage(gcp.text("usage.unit")),
    ContractedUnitPrice: `coalesce(${gcp.amount("price.effective_price_default")}, ${gcp.amount("price.effective_price")})`,
    HostProviderName: "'Google Cloud'",
    InvoiceIssuerName: "'Google Cloud'",
    ListUnitPrice: gcp.amount("price.list_price"),
    PricingCategory: `case when ${type} <> 'regular' then null when ${spot} then 'Dynamic' else 'Standard' end`,
    PricingQuantity: gcp.amount("usage.amount_in_pricing_units"),
    PricingUnit: gcp.text("usage.pricing_unit"),
    RegionId: `coalesce(${gcp.text("location.region")}, ${gcp.text("location.location")})`,
    ResourceId: `coalesce(${gcp.text("resource.global_name")}, ${gcp.text("resource.name")})`,
    ResourceName: gcp.text("resource.name"),
    ServiceName: service,
    ServiceProviderName: `coalesce(${seller}, 'Google Cloud')`,
    SkuId: gcp.text("sku.id"),
    SkuMeter: sku,
    // A GPU SKU is priced per GPU and hour. The machine type is left out: core and memory SKUs name it too.
    SkuPriceDetails: jsonObject(
      { GpuType: `upper(${gpu})` },
      { GpuCount: `case when ${gpu} is not null then '1' end` },
    ),
    SkuPriceId: `${gcp.text("sku.id")} || '/' || coalesce(${gcp.text("price.tier_start_amount")}, '0')`,
    SubAccountId: gcp.text("project.id"),
    SubAccountName: gcp.text("project.name"),
    Tags: jsonObjectOfPairs([gcp.text("tags"), gcp.text("project.labels"), gcp.text("labels")]),
  };
}

/** What is different about a credit of a line: it says what it is and has no quantity of its own. */
function asCredit(gcp: SourceColumns): Record<string, string> {
  const none = "null::decimal(38,18)";
  return {
    ChargeCategory: "'Credit'",
    ChargeDescription: `coalesce(${gcp.text("credits.full_name")}, ${gcp.text("credits.name")}, ${gcp.text("credits.id")})`,
    ChargeFrequency: "'Usage-Based'",
    ConsumedQuantity: none,
    ConsumedUnit: "null::varchar",
    ContractedUnitPrice: none,
    ListUnitPrice: none,
    PricingCategory: "null::varchar",
    PricingQuantity: none,
    PricingUnit: "null::varchar",
    SkuPriceDetails: "null::varchar",
  };
}
