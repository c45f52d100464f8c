import type { FixtureRow } from "./focus-csv.ts";

/** What charges of the report fixture have in common: who bills, who uses, when, and what. */
export const aws: FixtureRow = {
  ServiceProviderName: "AWS",
  HostProviderName: "AWS",
  InvoiceIssuerName: "AWS",
  BillingAccountId: "pay-1",
  BillingAccountName: "Payer",
  BillingAccountType: "Organization",
};
export const shop: FixtureRow = {
  ...aws,
  SubAccountId: "s-shop",
  SubAccountName: "Shop",
  SubAccountType: "Account",
};
export const lab: FixtureRow = {
  ...aws,
  SubAccountId: "s-lab",
  SubAccountName: "Lab",
  SubAccountType: "Account",
};
export const june: FixtureRow = { ChargePeriodStart: "2026-06-10T05:00:00Z", InvoiceId: "inv-6" };
export const july: FixtureRow = { ChargePeriodStart: "2026-07-10T05:00:00Z", InvoiceId: "inv-7" };
export const juneBill: FixtureRow = {
  BillingPeriodStart: "2026-06-01T00:00:00Z",
  BillingPeriodEnd: "2026-07-01T00:00:00Z",
};
export const julyBill: FixtureRow = {
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
};
export const ec2: FixtureRow = {
  ServiceName: "EC2",
  ServiceCategory: "Compute",
  ServiceSubcategory: "Virtual Machines",
  RegionId: "us-east-1",
  RegionName: "Virginia",
  AvailabilityZone: "us-east-1a",
  ResourceType: "Instance",
  PricingUnit: "Hours",
  ConsumedUnit: "Hours",
  SkuId: "sku-m5",
  SkuPriceId: "price-m5",
};
export const plan: FixtureRow = {
  CommitmentDiscountId: "sp-1",
  CommitmentDiscountName: "Savings plan",
  CommitmentDiscountType: "Savings Plan",
  CommitmentDiscountUnit: "Hours",
};
export const model: FixtureRow = {
  ...aws,
  ServiceProviderName: "Anthropic",
  HostProviderName: "AWS",
  SubAccountId: "s-shop",
  SubAccountName: "Shop",
  SubAccountType: "Account",
  ServiceName: "Claude",
  ServiceCategory: "AI and Machine Learning",
  ServiceSubcategory: "Generative AI",
  ConsumedUnit: "Tokens",
  PricingUnit: "1000000 Tokens",
  PricingCategory: "Standard",
  SkuId: "sku-claude",
};
export const snow: FixtureRow = {
  ServiceProviderName: "Snowflake",
  HostProviderName: "AWS",
  InvoiceIssuerName: "Snowflake",
  BillingAccountId: "pay-2",
  BillingAccountName: "Data",
  ServiceName: "Warehouse",
  ServiceCategory: "Databases",
  PricingCurrency: "CREDITS",
  PricingUnit: "Credits",
};
export const tags = (all: Readonly<Record<string, string>>): FixtureRow => ({ Tags: JSON.stringify(all) });
export const shopTags = tags({
  team: "web",
  application: "checkout",
  env: "prod",
  "cost-center": "100",
  owner: "ana",
});
export const labTags = tags({ team: "research", application: "trainer", env: "dev" });
export const cores = { SkuPriceDetails: `{"CoreCount":"4","InstanceSeries":"M5"}` };
export const h100 = { SkuPriceDetails: `{"GpuCount":"8","GpuType":"H100","InstanceType":"p5.48xlarge"}` };
