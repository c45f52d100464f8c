/**
 * The columns of a FOCUS CostAndUsage row that Plimsoll stores, by their FOCUS 1.4 names, and 1.5's draft columns for AI.
 * `since` is the version that brought the column; the type is FOCUS's own.
 * @see FOCUS 1.4 data model workbook (FinOps Foundation, CC BY 4.0); 1.5 working draft for the columns marked so
 */
export const focusColumns = {
  AllocatedMethodDetails: { type: "json", since: "1.3" },
  AllocatedMethodId: { type: "string", since: "1.3" },
  AllocatedResourceId: { type: "string", since: "1.3" },
  AllocatedResourceName: { type: "string", since: "1.3" },
  AllocatedTags: { type: "json", since: "1.3" },
  AvailabilityZone: { type: "string", since: "0.5" },
  BilledCost: { type: "decimal", since: "0.5" },
  BillingAccountId: { type: "string", since: "0.5" },
  BillingAccountName: { type: "string", since: "0.5" },
  BillingAccountType: { type: "string", since: "1.2" },
  BillingCurrency: { type: "string", since: "0.5" },
  BillingPeriodEnd: { type: "time", since: "0.5" },
  BillingPeriodStart: { type: "time", since: "0.5" },
  CapacityReservationId: { type: "string", since: "1.1" },
  CapacityReservationStatus: { type: "string", since: "1.1" },
  ChargeCategory: { type: "string", since: "0.5" },
  ChargeClass: { type: "string", since: "1.0" },
  ChargeDescription: { type: "string", since: "1.0" },
  ChargeFrequency: { type: "string", since: "1.0" },
  ChargePeriodEnd: { type: "time", since: "0.5" },
  ChargePeriodStart: { type: "time", since: "0.5" },
  CommitmentDiscountCategory: { type: "string", since: "1.0" },
  CommitmentDiscountId: { type: "string", since: "1.0" },
  CommitmentDiscountName: { type: "string", since: "1.0" },
  CommitmentDiscountQuantity: { type: "decimal", since: "1.1" },
  CommitmentDiscountStatus: { type: "string", since: "1.0" },
  CommitmentDiscountType: { type: "string", since: "1.0" },
  CommitmentDiscountUnit: { type: "string", since: "1.1" },
  CommitmentProgramEligibilityDetails: { type: "json", since: "1.4" },
  ConsumedQuantity: { type: "decimal", since: "1.0" },
  ConsumedUnit: { type: "string", since: "1.0" },
  ContractApplied: { type: "json", since: "1.3" },
  ContractedCost: { type: "decimal", since: "1.0" },
  ContractedUnitPrice: { type: "decimal", since: "1.0" },
  EffectiveCost: { type: "decimal", since: "0.5" },
  HostProviderName: { type: "string", since: "1.3" },
  InvoiceDetailId: { type: "string", since: "1.4" },
  InvoiceId: { type: "string", since: "1.2" },
  InvoiceIssuerName: { type: "string", since: "0.5" },
  ListCost: { type: "decimal", since: "1.0" },
  ListUnitPrice: { type: "decimal", since: "1.0" },
  PricingCategory: { type: "string", since: "1.0" },
  PricingCurrency: { type: "string", since: "1.2" },
  PricingCurrencyContractedUnitPrice: { type: "decimal", since: "1.2" },
  PricingCurrencyEffectiveCost: { type: "decimal", since: "1.2" },
  PricingCurrencyListUnitPrice: { type: "decimal", since: "1.2" },
  PricingQuantity: { type: "decimal", since: "1.0" },
  PricingUnit: { type: "string", since: "1.0" },
  RegionId: { type: "string", since: "1.0" },
  RegionName: { type: "string", since: "1.0" },
  ResourceId: { type: "string", since: "0.5" },
  ResourceName: { type: "string", since: "0.5" },
  ResourceType: { type: "string", since: "1.0" },
  ServiceCategory: { type: "string", since: "0.5" },
  ServiceName: { type: "string", since: "0.5" },
  ServiceProviderName: { type: "string", since: "1.3" },
  ServiceSubcategory: { type: "string", since: "1.1" },
  SkuId: { type: "string", since: "1.0" },
  SkuMeter: { type: "string", since: "1.1" },
  SkuPriceDetails: { type: "json", since: "1.1" },
  SkuPriceId: { type: "string", since: "1.0" },
  SubAccountId: { type: "string", since: "0.5" },
  SubAccountName: { type: "string", since: "0.5" },
  SubAccountType: { type: "string", since: "1.2" },
  Tags: { type: "json", since: "1.0" },
  ConsumerId: { type: "string", since: "1.5" },
  CredentialId: { type: "string", since: "1.5" },
  PrincipalId: { type: "string", since: "1.5" },
  RequesterDetails: { type: "json", since: "1.5" },
} as const satisfies Record<string, { type: FocusType; since: string }>;

/** What a FOCUS column holds: an exact decimal, a text, an instant, or JSON as text. */
export type FocusType = "decimal" | "string" | "time" | "json";
/** The name of a FOCUS column. */
export type FocusColumn = keyof typeof focusColumns;

/** FOCUS's columns in stored order. */
export const focusColumnNames = Object.keys(focusColumns) as FocusColumn[];

/** True for a name exactly as FOCUS spells it. */
export function isFocusColumn(name: string): name is FocusColumn {
  return Object.hasOwn(focusColumns, name);
}

/** The columns without which a delivery is refused: no cost, no currency or no period means no books. */
export const requiredColumns = [
  "BilledCost",
  "BillingCurrency",
  "BillingPeriodStart",
  "BillingPeriodEnd",
  "ChargePeriodStart",
  "ChargePeriodEnd",
] as const satisfies readonly FocusColumn[];

/** The four cost measures that control totals are taken of. */
export const costColumns = [
  "BilledCost",
  "EffectiveCost",
  "ContractedCost",
  "ListCost",
] as const satisfies readonly FocusColumn[];
/** One of the four costs. */
export type CostColumn = (typeof costColumns)[number];

/** Older and other spellings of a column, as providers still deliver them. In each row the first that is filled counts. */
export const columnAliases: Partial<Record<FocusColumn, readonly string[]>> = {
  ServiceProviderName: ["ProviderName", "Provider"],
  HostProviderName: ["PublisherName", "Publisher"],
  InvoiceIssuerName: ["InvoiceIssuer"],
  EffectiveCost: ["AmortizedCost"],
  ChargeCategory: ["ChargeType"],
  ConsumedQuantity: ["UsageQuantity"],
  ConsumedUnit: ["UsageUnit"],
  RegionId: ["Region"],
  InvoiceId: ["InvoiceID"],
  SkuPriceId: ["SkuPriceid"],
};

/** Older values of a column and today's. */
export const valueAliases: Partial<Record<FocusColumn, Readonly<Record<string, string>>>> = {
  PricingCategory: {
    "On-Demand": "Standard",
    "Commitment-Based": "Committed",
    "Commitment Discount": "Committed",
  },
  ChargeFrequency: { "Usage-based": "Usage-Based", "One-time": "One-Time" },
};
