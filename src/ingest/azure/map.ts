import { type Layout, quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { serviceCategory } from "#ingest/lookup-sql.ts";
import { jsonObject } from "#ingest/json-object.ts";
import { missingNames, type Needed, type SourceColumns, sourceColumns } from "#ingest/source-columns.ts";
import { azureCosts, type AzureExport, azureKinds, otherExport } from "./costs.ts";
import { azureFamilies, azureServices } from "./services.ts";

/** The columns that make a file Azure's cost details, each with its other spellings. */
export const azureNeeds: Needed = [
  ["CostInBillingCurrency"],
  ["BillingCurrencyCode", "BillingCurrency"],
  ["Date"],
  ["BillingPeriodStartDate"],
  ["BillingPeriodEndDate"],
  ["ChargeType"],
  ["MeterId"],
];

const notes: Record<AzureExport, string> = {
  actual:
    "Read as an export of actual cost: BilledCost is complete, EffectiveCost of usage that a reservation or savings plan covers is unknown.",
  amortized:
    "Read as an export of amortised cost: EffectiveCost is complete; BilledCost lacks the purchases of reservations and savings plans. Import the actual export as another source with --format azure-purchases to add them.",
  purchases:
    "Only the purchases and refunds of reservations and savings plans were taken from this export of actual cost; the rest is in the amortised export.",
};

const formatName: Record<AzureExport, string> = {
  actual: "azure",
  amortized: "azure-amortized",
  purchases: "azure-purchases",
};

/**
 * Maps Azure cost details (EA and MCA) onto FOCUS; undefined if the columns are not theirs. Spelling differs between agreements
 * only in case. README.md says how an actual and an amortised export of the same month go together.
 * @param head the beginning of the text, which shows how dates are written; empty for Parquet
 */
export function mapAzure(
  columns: readonly string[],
  layout: Layout,
  head: string,
  kind: AzureExport = "actual",
): SourceMapping | undefined {
  if (missingNames(azureNeeds, columns).length > 0) return undefined;
  const azure = sourceColumns(columns);
  const [costColumn, currency, date, start, end, type] = azureNeeds.map(
    (names) => azure.find(...names) ?? "",
  ) as [string, string, string, string, string, string];
  const kinds = azureKinds(azure);
  const cost = azure.amount(costColumn);
  // A whole cell of that shape, so that a slashed number in a path or tag decides nothing.
  const style = /(^|,)"?\d{1,2}\/\d{1,2}\/\d{4}"?(,|\r?$)/m.test(head) ? "us-date" : "utc";
  const measures = azureCosts(cost, azure.amount("PayGCostInBillingCurrency"), kind, kinds);
  const described = describe(azure, kinds, { currency, date, start, end });
  return {
    format: formatName[kind],
    version: azure.find("BillingCurrencyCode") === undefined ? "MCA" : "EA",
    layout,
    charges: [
      { ...(kind === "purchases" ? { where: kinds.purchase } : {}), columns: { ...described, ...measures } },
    ],
    amounts: azure.amounts(),
    spellings: azure.spellings(),
    times: Object.fromEntries([date, start, end].map((name) => [name, style] as const)),
    extra: [type, ...["MeterSubCategory"].flatMap((name) => azure.find(name) ?? []), ...azure.rest()],
    required: [costColumn, currency, start, end, date],
    refusals: otherExport(costColumn, type, kind, kinds),
    mode: "overwrite",
    notes: [notes[kind]],
  };
}

/** Everything about a row but its costs. */
function describe(
  azure: SourceColumns,
  { purchase, covered, unused }: ReturnType<typeof azureKinds>,
  { currency, date, start, end }: { currency: string; date: string; start: string; end: string },
): Record<string, string> {
  const type = azure.text("ChargeType");
  const tags = azure.text("Tags");
  const info = azure.text("AdditionalInfo");
  const benefit = `coalesce(${azure.text("BenefitId")}, ${azure.text("ReservationId")})`;
  const isPlan = `(${type} = 'UnusedSavingsPlan' or ${azure.text("PricingModel")} in ('SavingsPlan', 'Savings Plan') or lower(${benefit}) like '%/microsoft.billingbenefits/%')`;
  const isCommitment = `(${purchase} or ${covered} or ${unused})`;
  const quantity = `case when ${unused} then null else ${azure.amount("Quantity")} end`;
  const isUsage = `(${type} = 'Usage')`;
  const category = azure.text("MeterCategory");
  const family = serviceCategory(`lower(${azure.text("ServiceFamily")})`, azureFamilies);
  const isMarketplace = `${azure.text("PublisherType")} = 'Marketplace'`;
  const inAdditionalInfo = (key: string): string =>
    `json_extract_string(case when json_valid(${info}) then ${info} end, '$.${key}')`;
  // EA quotes prices in the billing currency, MCA in the pricing currency.
  const pricing = azure.find("PricingCurrency", "PricingCurrencyCode");
  const listPrice = azure.amount("PayGPrice");
  const contractedPrice = azure.amount("UnitPrice");
  return {
    ...serviceCategory(`lower(${category})`, azureServices, {
      category: `nullif(${family.ServiceCategory}, 'Other')`,
      subcategory: family.ServiceSubcategory,
    }),
    AvailabilityZone: azure.text("AvailabilityZone"),
    BillingAccountId: azure.text("BillingAccountId"),
    BillingAccountName: azure.text("BillingAccountName"),
    BillingCurrency: `upper(${quoted(currency)})`,
    BillingPeriodStart: quoted(start),
    // The last day is named, not the first one after.
    BillingPeriodEnd: `${quoted(end)} + interval 1 day`,
    ChargeCategory: `case when ${isUsage} or ${unused} then 'Usage' when ${type} in ('Purchase', 'Tax') then ${type}
      when ${purchase} then 'Purchase' else 'Adjustment' end`,
    ChargeClass: `case when ${type} = 'Refund' then 'Correction' end`,
    ChargeDescription: azure.text("ProductName", "Product"),
    ChargeFrequency: `case ${azure.text("Frequency")} when 'OneTime' then 'One-Time' when 'Recurring' then 'Recurring' else 'Usage-Based' end`,
    ChargePeriodStart: quoted(date),
    ChargePeriodEnd: `${quoted(date)} + interval 1 day`,
    CommitmentDiscountCategory: `case when not ${isCommitment} then null when ${isPlan} then 'Spend' else 'Usage' end`,
    CommitmentDiscountId: benefit,
    CommitmentDiscountName: `coalesce(${azure.text("BenefitName")}, ${azure.text("ReservationName")})`,
    CommitmentDiscountStatus: `case when ${unused} then 'Unused' when ${covered} then 'Used' end`,
    CommitmentDiscountType: `case when not ${isCommitment} then null when ${isPlan} then 'Savings Plan' else 'Reservation' end`,
    ConsumedQuantity: `case when ${isUsage} then ${azure.amount("Quantity")} end`,
    ConsumedUnit: `case when ${isUsage} then ${azure.text("UnitOfMeasure")} end`,
    ...(pricing === undefined
      ? { ListUnitPrice: listPrice, ContractedUnitPrice: contractedPrice }
      : {
          PricingCurrency: azure.text(pricing),
          PricingCurrencyListUnitPrice: listPrice,
          PricingCurrencyContractedUnitPrice: contractedPrice,
        }),
    HostProviderName: "'Microsoft'",
    InvoiceId: azure.text("InvoiceId"),
    InvoiceIssuerName: "'Microsoft'",
    PricingCategory: `case when ${type} in ('Tax', 'Refund', 'RoundingAdjustment') then null
      when ${covered} or ${unused} then 'Committed' when ${azure.text("PricingModel")} = 'Spot' then 'Dynamic' else 'Standard' end`,
    PricingQuantity: quantity,
    PricingUnit: azure.text("UnitOfMeasure"),
    RegionId: `lower(${azure.text("ResourceLocation", "ResourceLocationNormalized")})`,
    ResourceId: azure.text("ResourceId", "InstanceId"),
    ResourceName: azure.text("ResourceName"),
    ServiceName: `coalesce(${category}, ${azure.text("ConsumedService")})`,
    ServiceProviderName: `case when ${isMarketplace} then coalesce(${azure.text("PublisherName")}, 'Microsoft') else 'Microsoft' end`,
    SkuId: azure.text("ProductId", "PartNumber"),
    SkuMeter: azure.text("MeterName"),
    SkuPriceDetails: jsonObject(
      { InstanceType: inAdditionalInfo("ServiceType") },
      { CoreCount: inAdditionalInfo("VCPUs") },
    ),
    SkuPriceId: azure.text("MeterId"),
    SubAccountId: azure.text("SubscriptionId", "SubscriptionGuid"),
    SubAccountName: azure.text("SubscriptionName"),
    Tags: `case when starts_with(${tags}, '{') then ${tags} else '{' || ${tags} || '}' end`,
  };
}
