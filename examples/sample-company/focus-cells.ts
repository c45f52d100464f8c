import { formatDecimal } from "#units/decimal.ts";
import { payers } from "./accounts.ts";
import { type Cell, slots } from "./cells.ts";
import { isoTime } from "./clock.ts";
import type { ChargeShape, Source } from "./model.ts";
import { eurosPerDollar } from "./prices.ts";
import { hexId } from "./random.ts";
import type { World } from "./world.ts";

/** The names a provider writes into every row of its bill. */
interface Provider {
  readonly provider: string;
  readonly publisher: string;
  readonly issuer: string;
  readonly payer: { readonly id: string; readonly name: string };
  readonly billingAccountType: string;
  readonly subAccountType: string;
}

const providers: Readonly<Record<"aws" | "azure" | "gpucloud", Provider>> = {
  aws: {
    provider: "AWS",
    publisher: "Amazon Web Services, Inc.",
    issuer: "Amazon Web Services, Inc.",
    payer: payers.aws,
    billingAccountType: "Payer",
    subAccountType: "Linked",
  },
  azure: {
    provider: "Microsoft",
    publisher: "Microsoft",
    issuer: "Microsoft",
    payer: payers.azure,
    billingAccountType: "Billing Profile",
    subAccountType: "Subscription",
  },
  gpucloud: {
    provider: "Fjordline GPU Cloud",
    publisher: "Fjordline GPU Cloud",
    issuer: "Fjordline GPU Cloud",
    payer: payers.gpucloud,
    billingAccountType: "Organization",
    subAccountType: "Project",
  },
};

const regionNames: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "eu-west-1": "EU (Ireland)",
  westeurope: "West Europe",
  "eu-north1": "Finland",
};

/** The number of a month's invoice. */
export function invoiceId(source: Source, month: string): string {
  return `${{ aws: "", azure: "G0", gpucloud: "FJ-" }[source as "aws"]}${Number.parseInt(hexId(0, source + month, 7), 16) + 1_000_000_000}`;
}

/** Every FOCUS cell of a charge by the column's name, of all versions a bill is written in; null is the empty text. */
export function focusCells(world: World, shape: ChargeShape): Readonly<Record<string, Cell>> {
  const { meter, period, prices, commitment, category } = shape;
  const { resource, sku } = meter;
  const provider = providers[resource.account.source as keyof typeof providers];
  const priced = category === "Usage" || category === "Purchase";
  const unused = commitment?.status === "Unused";
  const consumed = category === "Usage" && !unused;
  const quoted = sku.quoted?.price;
  const ifPriced = (cell: Cell): Cell => (priced ? cell : "");
  const { tags } = world.tags.get(resource.id) ?? {};
  const details = priced && Object.keys(sku.details).length > 0 ? JSON.stringify(sku.details) : "";
  const withCopy = (text: string): Cell => (text === "" ? "" : [text, slots.copy]);
  return {
    AvailabilityZone: resource.zone ?? "",
    BilledCost: slots.billed,
    BillingAccountId: provider.payer.id,
    BillingAccountName: provider.payer.name,
    BillingAccountType: provider.billingAccountType,
    BillingCurrency: shape.currency,
    BillingPeriodEnd: isoTime(period.until),
    BillingPeriodStart: isoTime(period.start),
    ChargeCategory: category,
    ChargeClass: shape.correction ? "Correction" : "",
    ChargeDescription: shape.description,
    ChargeFrequency: shape.frequency,
    ChargePeriodEnd: slots.until,
    ChargePeriodStart: slots.start,
    CommitmentDiscountCategory: commitment === undefined ? "" : "Spend",
    CommitmentDiscountId: commitment?.id ?? "",
    CommitmentDiscountName: commitment === undefined ? "" : "EC2 Instance Savings Plan m6i",
    CommitmentDiscountQuantity: commitment === undefined ? "" : slots.commitmentQuantity,
    CommitmentDiscountStatus: commitment?.status ?? "",
    CommitmentDiscountType: commitment === undefined ? "" : "Savings Plan",
    CommitmentDiscountUnit: commitment === undefined ? "" : "USD",
    ConsumedQuantity: consumed ? slots.consumedQuantity : "",
    ConsumedUnit: consumed ? (sku.consumed?.unit ?? sku.pricingUnit.replace(/^1000 /, "")) : "",
    ContractedCost: slots.contracted,
    ContractedUnitPrice: ifPriced(formatDecimal(prices.contracted)),
    EffectiveCost: slots.effective,
    HostProviderName: provider.provider,
    InvoiceId: shape.thirdParty === undefined ? invoiceId(resource.account.source, period.month) : "",
    InvoiceIssuerName: shape.thirdParty ?? provider.issuer,
    ListCost: slots.list,
    ListUnitPrice: ifPriced(formatDecimal(prices.list)),
    PricingCategory: priced ? (shape.pricing ?? "") : "",
    PricingCurrency: sku.quoted?.currency ?? shape.currency,
    PricingCurrencyContractedUnitPrice: ifPriced(formatDecimal(quoted ?? prices.contracted)),
    PricingCurrencyEffectiveCost: slots.quotedEffective,
    PricingCurrencyListUnitPrice: ifPriced(formatDecimal(quoted ?? prices.list)),
    PricingQuantity: ifPriced(slots.pricingQuantity),
    PricingUnit: ifPriced(sku.pricingUnit),
    ProviderName: provider.provider,
    PublisherName: shape.thirdParty ?? provider.publisher,
    RegionId: resource.region,
    RegionName: regionNames[resource.region] ?? "",
    ResourceId: withCopy(resource.id),
    ResourceName: withCopy(resource.name),
    ResourceType: resource.type,
    ServiceCategory: sku.category,
    ServiceName: sku.service,
    ServiceProviderName: provider.provider,
    ServiceSubcategory: sku.subcategory,
    SkuId: ifPriced(sku.id),
    SkuMeter: ifPriced(sku.meter),
    SkuPriceDetails: details,
    SkuPriceId: ifPriced(`${sku.id}.${skuTerm(shape)}`),
    SubAccountId: resource.account.id,
    SubAccountName: resource.account.name,
    SubAccountType: provider.subAccountType,
    Tags: tags === undefined ? "" : JSON.stringify(tags),
    x_Operation: sku.meter.startsWith("BoxUsage") ? "RunInstances" : "",
    x_ServiceCode: sku.service.replaceAll(" ", ""),
    x_SkuMeterCategory: sku.service,
    x_ResourceGroupName: /resourceGroups\/([^/]+)/.exec(resource.id)?.[1] ?? "",
    x_PricingUnitDescription: sku.pricingUnit === "Hours" ? "1 Hour" : `1 ${sku.pricingUnit}`,
    x_BillingExchangeRate: exchangeRate(shape),
  };
}

function skuTerm(shape: ChargeShape): string {
  const term = shape.commitment === undefined ? (shape.pricing ?? "") : "Plan";
  return hexId(0, `term/${term}`, 10).toUpperCase();
}

function exchangeRate({ meter, period }: ChargeShape): string {
  return meter.sku.quoted === undefined ? "" : eurosPerDollar[period.month as keyof typeof eurosPerDollar];
}
