import { type Layout, quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { jsonObject } from "#ingest/json-object.ts";
import { serviceCategory } from "#ingest/lookup-sql.ts";
import { missingNames, type Needed, sourceColumns } from "#ingest/source-columns.ts";
import { ociServices } from "./services.ts";

const START = "lineItem/intervalUsageStart";
const END = "lineItem/intervalUsageEnd";
const COST = "cost/myCost";
const CURRENCY = "cost/currencyCode";

/** The columns that make a file an OCI cost report. */
export const ociNeeds: Needed = [[START], [END], [COST], [CURRENCY]];

/** Maps an OCI cost report (its own format, not its FOCUS one) onto FOCUS; undefined if the columns are not one's. */
export function mapOci(columns: readonly string[], layout: Layout): SourceMapping | undefined {
  if (missingNames(ociNeeds, columns).length > 0) return undefined;
  const tagged = columns.filter((column) => column.startsWith("tags/"));
  const oci = sourceColumns(columns.filter((column) => !tagged.includes(column)));
  const cost = oci.amount(COST);
  const quantity = oci.amount("usage/billedQuantity");
  const unit = oci.text("cost/skuUnitDescription", "cost/billingUnitReadable");
  const [start, end] = [oci.text(START), oci.text(END)];
  const service = oci.text("product/service");
  const correction = `lower(${oci.text("lineItem/isCorrection")}) = 'true'`;
  const columnsOf = {
    ...serviceCategory(service, ociServices),
    AvailabilityZone: oci.text("product/availabilityDomain"),
    // Oracle's note on the report: myCost includes the overage, so adding myCostOverage would count it twice.
    BilledCost: cost,
    EffectiveCost: cost,
    ContractedCost: cost,
    BillingAccountId: oci.text("cost/subscriptionId"),
    BillingCurrency: oci.text(CURRENCY),
    // The report names no period; OCI bills calendar months, and a correction belongs to the month of what it corrects.
    BillingPeriodStart: `date_trunc('month', ${start})`,
    BillingPeriodEnd: `date_trunc('month', ${start}) + interval 1 month`,
    ChargeCategory: "'Usage'",
    ChargeClass: `case when ${correction} then 'Correction' end`,
    ChargeDescription: oci.text("product/Description"),
    ChargeFrequency: "'Usage-Based'",
    ChargePeriodStart: start,
    ChargePeriodEnd: end,
    ConsumedQuantity: quantity,
    ConsumedUnit: unit,
    ContractedUnitPrice: oci.amount("cost/unitPrice"),
    HostProviderName: "'Oracle'",
    InvoiceIssuerName: "'Oracle'",
    PricingCategory: "'Standard'",
    PricingQuantity: quantity,
    PricingUnit: unit,
    RegionId: oci.text("product/region"),
    ResourceId: oci.text("product/resourceId"),
    ServiceName: service,
    ServiceProviderName: "'Oracle'",
    SkuId: oci.text("cost/productSku"),
    SubAccountId: oci.text("product/compartmentId", "lineItem/tenantId"),
    SubAccountName: oci.text("product/compartmentName"),
    Tags: jsonObject(
      Object.fromEntries(tagged.map((column) => [column.slice("tags/".length), quoted(column)])),
    ),
  };
  return {
    format: "oci",
    version: "1",
    layout,
    charges: [{ columns: columnsOf }],
    amounts: oci.amounts(),
    spellings: oci.spellings(),
    times: { [START]: "utc", [END]: "utc" },
    extra: oci.rest(),
    required: [COST, CURRENCY, START, END],
    mode: "append",
    notes: [],
  };
}
