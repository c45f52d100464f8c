import { type Layout, literal, quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { jsonObject } from "#ingest/json-object.ts";
import { serviceCategory } from "#ingest/lookup-sql.ts";
import { missingNames, type Needed, type SourceColumns, sourceColumns } from "#ingest/source-columns.ts";
import { curCosts } from "./costs.ts";
import {
  chargeCategory,
  chargeFrequency,
  COVERED,
  NEGATION,
  pricingCategory,
  RESERVED,
  RESIDUE,
} from "./line-items.ts";
import { withResidue } from "./residue.ts";
import { awsServices } from "./services.ts";
import { curTags } from "./tags.ts";

/** `lineItem/UnblendedCost`, `line_item_unblended_cost` and `reservation_reservation_a_r_n` alike, whatever the report's dress. */
export const curSpelling = (name: string): string => name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();

/** The columns that make a file a Cost and Usage Report. */
export const curNeeds: Needed = [
  ["lineItem/UnblendedCost"],
  ["lineItem/CurrencyCode"],
  ["bill/BillingPeriodStartDate"],
  ["bill/BillingPeriodEndDate"],
  ["lineItem/UsageStartDate"],
  ["lineItem/UsageEndDate"],
  ["lineItem/LineItemType"],
];

/**
 * Maps an AWS Cost and Usage Report (legacy CSV, Athena or Parquet, CUR 2.0) onto FOCUS; undefined if the columns are not one's.
 * README.md says what is decided, and why.
 */
export function mapAwsCur(columns: readonly string[], layout: Layout): SourceMapping | undefined {
  if (missingNames(curNeeds, columns, curSpelling).length > 0) return undefined;
  const tags = curTags(columns);
  const cur = sourceColumns(
    columns.filter((column) => !tags.columns.includes(column)),
    curSpelling,
  );
  const [unblended, currency, periodStart, periodEnd, usageStart, usageEnd, type] = curNeeds.map(
    (names) => cur.find(...names) ?? "",
  ) as [string, string, string, string, string, string, string];
  const netUnblended = cur.find("lineItem/NetUnblendedCost");
  const payer = cur.find("bill/PayerAccountId");
  const costs = curCosts(cur);
  const charge = { ...describe(cur, columns.includes("product")), Tags: tags.Tags };
  const { unused, ...measures } = costs;
  const bill = [payer, periodStart, periodEnd, currency].filter((name) => name !== undefined);
  return {
    format: "aws-cur",
    version: columns.includes("resource_tags") || columns.includes("product") ? "2.0" : "1",
    layout,
    rows: withResidue({ type, unblended, netUnblended, bill, periodStart, periodEnd, usageStart, usageEnd }),
    charges: [
      { columns: { ...charge, ...measures } },
      {
        where: `${unused} <> 0`,
        columns: {
          ...charge,
          BilledCost: "0",
          EffectiveCost: unused,
          ContractedCost: "0",
          ListCost: "0",
          ChargeCategory: "'Usage'",
          ChargeFrequency: "'Usage-Based'",
          PricingCategory: "'Committed'",
          CommitmentDiscountStatus: "'Unused'",
          ConsumedQuantity: "null",
          ConsumedUnit: "null",
          PricingQuantity: "null",
        },
      },
    ],
    amounts: cur.amounts(),
    // CUR states all times in UTC; Parquet carries them without a zone.
    times: Object.fromEntries(
      [periodStart, periodEnd, usageStart, usageEnd].map((name) => [name, "utc" as const]),
    ),
    extra: [type, ...(netUnblended === undefined ? [] : [unblended]), ...cur.rest()],
    required: [unblended, currency, periodStart, periodEnd, usageStart, usageEnd],
    mode: "overwrite",
    notes: [],
  };
}

/** Everything about a line but its costs and tags. */
function describe(cur: SourceColumns, hasProductMap: boolean): Record<string, string> {
  const type = cur.text("lineItem/LineItemType");
  const usageType = cur.text("lineItem/UsageType");
  const reservation = cur.text("reservation/ReservationARN");
  const plan = cur.text("savingsPlan/SavingsPlanARN");
  const quantity = cur.amount("lineItem/UsageAmount");
  const code = cur.text("lineItem/ProductCode");
  const seller = cur.text("lineItem/LegalEntity");
  const unit = cur.text("pricing/unit");
  const product = (name: string, key: string): string => {
    const column = cur.find(`product/${name}`);
    const inMap = hasProductMap
      ? `json_extract_string(${quoted("product")}, ${literal(`$.${key}`)})`
      : undefined;
    if (column === undefined) return inMap ?? "null::varchar";
    return inMap === undefined ? quoted(column) : `coalesce(${quoted(column)}, ${inMap})`;
  };
  // The negation of covered usage names the same quantity again.
  const used = `case when ${type} in (${literal(NEGATION)}, ${literal(RESIDUE)}) then null else ${quantity} end`;
  const isUsage = `${type} in ('Usage', ${literal(COVERED)}, ${literal(RESERVED)})`;
  const commitment = `coalesce(${plan}, ${reservation})`;
  const family = product("productFamily", "product_family");
  // EC2 bills disks, snapshots, gateways and balancers under its own code.
  const within = `case when ${product("servicecode", "servicecode")} = 'AWSDataTransfer' then 'AWSDataTransfer'
    when ${code} = 'AmazonEC2' and (contains(${usageType}, 'EBS:') or ${family} in ('Storage', 'Storage Snapshot')) then 'EBS'
    when ${code} = 'AmazonEC2' and (${family} in ('NAT Gateway', 'IP Address') or ${family} like 'Load Balancer%') then 'AmazonVPC'
    else ${code} end`;
  return {
    ...serviceCategory(within, [...awsServices, ["Storage", "Block Storage", ["EBS"]]]),
    AvailabilityZone: cur.text("lineItem/AvailabilityZone"),
    BillingAccountId: cur.text("bill/PayerAccountId"),
    BillingAccountName: cur.text("bill/PayerAccountName"),
    BillingCurrency: cur.text("lineItem/CurrencyCode"),
    BillingPeriodStart: cur.text("bill/BillingPeriodStartDate"),
    BillingPeriodEnd: cur.text("bill/BillingPeriodEndDate"),
    ChargeCategory: chargeCategory(type),
    ChargeClass: `case when ${type} = 'Refund' then 'Correction' end`,
    ChargeDescription: `case when ${type} = ${literal(RESIDUE)} then 'Savings Plan covered usage less its negation' else ${cur.text("lineItem/LineItemDescription")} end`,
    ChargeFrequency: chargeFrequency(type),
    ChargePeriodStart: cur.text("lineItem/UsageStartDate"),
    ChargePeriodEnd: cur.text("lineItem/UsageEndDate"),
    CommitmentDiscountCategory: `case when ${plan} is not null then 'Spend' when ${reservation} is not null then 'Usage' end`,
    CommitmentDiscountId: commitment,
    CommitmentDiscountStatus: `case when ${type} in (${literal(COVERED)}, ${literal(RESERVED)}) then 'Used' end`,
    CommitmentDiscountType: `case when ${plan} is not null then 'Savings Plan' when ${reservation} is not null then 'Reserved Instance' end`,
    ConsumedQuantity: `case when ${isUsage} then ${quantity} end`,
    ConsumedUnit: `case when ${isUsage} then ${unit} end`,
    HostProviderName: "'AWS'",
    InvoiceId: cur.text("bill/InvoiceId"),
    InvoiceIssuerName: cur.text("bill/InvoicingEntity"),
    ListUnitPrice: cur.amount("pricing/publicOnDemandRate"),
    PricingCategory: pricingCategory(type, usageType),
    PricingCurrency: cur.text("pricing/currency"),
    PricingQuantity: used,
    PricingUnit: unit,
    RegionId: `coalesce(${product("regionCode", "region_code")}, ${product("region", "region")})`,
    ResourceId: cur.text("lineItem/ResourceId"),
    ServiceName: `coalesce(${product("ProductName", "product_name")}, ${code})`,
    ServiceProviderName: `case when ${cur.text("bill/BillingEntity")} = 'AWS Marketplace' then coalesce(${seller}, 'AWS Marketplace') else 'AWS' end`,
    SkuId: product("sku", "sku"),
    SkuMeter: usageType,
    SkuPriceDetails: jsonObject(
      {
        InstanceType: `coalesce(${product("instanceType", "instance_type")}, ${instanceIn(usageType)})`,
        InstanceSeries: product("instanceTypeFamily", "instance_type_family"),
        OperatingSystem: product("operatingSystem", "operating_system"),
        StorageClass: product("storageClass", "storage_class"),
      },
      {
        CoreCount: product("vcpu", "vcpu"),
        GpuCount: product("gpu", "gpu"),
        MemorySize: `regexp_extract(replace(${product("memory", "memory")}, ',', ''), '^([0-9.]+) GiB$', 1)`,
      },
    ),
    SkuPriceId: cur.text("pricing/RateCode"),
    SubAccountId: cur.text("lineItem/UsageAccountId"),
    SubAccountName: cur.text("lineItem/UsageAccountName"),
  };
}

/** The machine that a usage type such as USE1-BoxUsage:g5.xlarge names. */
const instanceIn = (usageType: string): string =>
  `nullif(regexp_extract(${usageType}, '(?:Box|Spot|Dedicated|Heavy|Host)Usage:([a-z0-9-]+[.][a-z0-9-]+)', 1), '')`;
