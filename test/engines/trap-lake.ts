import type { Delivery } from "./both-engines.ts";
import { type FixtureRow, focusCsv } from "./focus-csv.ts";

/** Tag keys that SQL, JSON and CSV each have a trap for. */
export const oddKeys = [
  "team",
  "cost center",
  `it's "quoted"`,
  "a/b~c",
  "back\\slash",
  "ключ",
  "{p1:String}",
  "$.x",
] as const;

const tags = (all: Readonly<Record<string, string | null>>): string => JSON.stringify(all);

/** Charges that hit what engines do differently: nulls, case, scales, buckets, JSON types, long periods. */
const rows: readonly FixtureRow[] = [
  {
    ServiceName: "Compute",
    ServiceCategory: "Compute",
    BilledCost: "0.000000000000000001",
    Tags: tags({ team: "ÄRZTE", "cost center": "1" }),
    SkuPriceDetails: `{"GpuCount":8,"GpuType":"H100","InstanceType":"p5.48xlarge","Spot":true,"Ratio":8.50}`,
    ConsumedQuantity: "2.5",
    ConsumedUnit: "Hours",
    PricingQuantity: "2.5",
    PricingUnit: "Hours",
    ListUnitPrice: "0.500",
    x_Note: `line "one"`,
  },
  {
    ServiceName: "compute",
    BilledCost: "12345678901234567.000000000000000009",
    Tags: tags({ [`it's "quoted"`]: "tab\there", "a/b~c": "slash", "back\\slash": "\\" }),
    SkuPriceDetails: `{"GpuCount":8.0,"InstanceType":"","Spot":null,"Nested":{"a": 1}}`,
    ListUnitPrice: "0.5",
    x_Note: "\\n is not a newline",
  },
  {
    ServiceName: "Compute",
    BilledCost: "-3.25",
    ChargePeriodStart: "2026-07-05T23:30:00Z",
    Tags: tags({ ключ: "значение", "{p1:String}": "{p2:String}", team: "straße" }),
    RegionId: "eu-central-1",
    ListUnitPrice: "100",
  },
  {
    BilledCost: "10",
    EffectiveCost: "",
    ContractedCost: "",
    ListCost: "",
    Tags: tags({ team: null, "$.x": "dollar" }),
    ServiceName: "Ünïcode ΣΑΣ İstanbul",
    ChargePeriodStart: "2026-07-06T00:00:00Z",
  },
  { BilledCost: "1", EffectiveCost: "", Tags: "{}", ChargePeriodStart: "2026-07-05T00:00:00.250Z" },
  { BilledCost: "1", Tags: tags({ team: "" }), ServiceName: "Storage", ServiceCategory: "Storage" },
  // Price details that are no JSON stay as delivered and have no keys.
  { BilledCost: "0.25", SkuPriceDetails: `{"GpuCount": 8.0`, ServiceName: "Compute" },
  {
    BilledCost: "7.77",
    BillingCurrency: "EUR",
    ServiceName: "Compute",
    Tags: tags({ team: "ärzte" }),
    ChargePeriodStart: "2026-07-12T10:00:00Z",
    x_Note: "ÄÖÜ",
  },
  {
    BilledCost: "-2",
    BillingCurrency: "EUR",
    ChargeCategory: "Credit",
    ServiceName: "Storage",
    ChargePeriodStart: "2026-06-30T23:00:00Z",
    BillingPeriodStart: "2026-06-01T00:00:00Z",
  },
  // A month's fee, a year's commitment, a charge over midnight and one over the end of the year.
  {
    BilledCost: "31",
    ServiceName: "Support",
    ChargeCategory: "Purchase",
    ChargePeriodEnd: "2026-08-01T00:00:00Z",
  },
  {
    BilledCost: "365",
    EffectiveCost: "0",
    ServiceName: "Compute",
    ChargeCategory: "Purchase",
    ChargePeriodStart: "2026-06-15T00:00:00Z",
    ChargePeriodEnd: "2027-06-15T00:00:00Z",
    PricingCategory: "Committed",
  },
  {
    BilledCost: "0.1",
    ServiceName: "Storage",
    ChargePeriodStart: "2026-07-31T23:00:00Z",
    ChargePeriodEnd: "2026-08-01T01:00:00Z",
  },
  {
    BilledCost: "5",
    ServiceName: "Storage",
    ChargePeriodStart: "2026-12-31T22:00:00Z",
    ChargePeriodEnd: "2027-01-01T02:00:00Z",
    BillingPeriodStart: "2026-12-01T00:00:00Z",
  },
  // A correction of June in July's bill, with June's time.
  {
    BilledCost: "-0.5",
    ServiceName: "Compute",
    ChargeClass: "Correction",
    ChargePeriodStart: "2026-06-20T00:00:00Z",
    BillingPeriodStart: "2026-07-01T00:00:00Z",
    BillingPeriodEnd: "2026-08-01T00:00:00Z",
  },
  {
    BilledCost: "0.003",
    ServiceName: "Models",
    ServiceSubcategory: "Generative AI",
    ConsumedQuantity: "1500000",
    ConsumedUnit: "Tokens",
    SkuPriceDetails: `{"ModelId":"m-1","TokenDirection":"Input","TokenCacheAction":"Read"}`,
    ChargePeriodStart: "2026-07-08T10:00:00Z",
  },
];

/** Three deliveries: a bill, a second bill with the same services, and an estimate that no question for invoices may sum. */
export const trapLake: readonly Delivery[] = [
  { source: "bill", csv: focusCsv(rows) },
  {
    source: "other",
    csv: focusCsv([
      { BilledCost: "2.000000000000000002", ServiceName: "Compute", RegionId: "us-east-1" },
      { BilledCost: "4", BillingCurrency: "EUR", ServiceName: "Models", ServiceSubcategory: "Generative AI" },
    ]),
  },
  { source: "gateway", role: "estimate", csv: focusCsv([{ BilledCost: "1000", ServiceName: "Models" }]) },
];
