import { amount, over } from "./derive.ts";
import { charges, distinct, type NamedReport, sum } from "./named-report.ts";

const all = { group: "Services and resources", time: "charge" } as const;
const effective = sum("EffectiveCost");
/** Quantities are only added within one unit, so the unit is always among the groups. */
const consumed = sum("ConsumedQuantity", { name: "ConsumedQuantity" });
const usage = ["ChargeCategory=Usage"];

/** Compute, single resources, and the SKUs behind them. */
export const computeAndResources: readonly NamedReport[] = [
  {
    ...all,
    name: "compute-effective-cost",
    title: "Effective cost of compute",
    what: "What compute costs after all discounts, by service and how it was priced.",
    source: "FOCUS use case: determine effective cost of compute",
    by: ["ServiceProviderName", "ServiceName", "PricingCategory"],
    where: ["ServiceCategory=Compute"],
    sums: [effective, sum("BilledCost"), charges],
  },
  {
    ...all,
    name: "compute-by-sub-account",
    title: "Compute services per sub account",
    what: "Which sub accounts use which compute services, on how many resources.",
    source: "FOCUS use case: report compute services per sub account",
    by: ["ServiceProviderName", "SubAccountId", "SubAccountName", "ServiceName"],
    where: ["ServiceCategory=Compute"],
    sums: [effective, distinct("ResourceId", "Resources"), charges],
  },
  {
    ...all,
    name: "resource-components",
    title: "Components of a resource",
    what: "Everything that is charged for a resource: machine, disks, network, licences.",
    source: "FOCUS use case: analyse cost per component of a resource",
    by: ["ResourceId", "ResourceName", "ResourceType", "ServiceName", "SkuId", "ChargeDescription"],
    where: ["ResourceId?"],
    sums: [effective, sum("BilledCost"), charges],
    top: 100,
    example: "ResourceId=i-0123",
  },
  {
    ...all,
    name: "sku-costs",
    title: "Cost by SKU",
    what: "The SKUs that cost most, with their quantity and average rates.",
    source: "FOCUS use case: report costs by SKU",
    by: ["ServiceProviderName", "ServiceName", "SkuId", "SkuPriceId", "PricingUnit"],
    where: ["SkuId?"],
    sums: [
      effective,
      sum("ListCost", { name: "UsageListCost", when: usage }),
      sum("PricingQuantity"),
      sum("EffectiveCost", {
        name: "pricedCost",
        when: ["PricingQuantity?", "EffectiveCost?"],
        hidden: true,
      }),
      sum("PricingQuantity", { name: "priced", when: ["EffectiveCost?"], hidden: true }),
    ],
    derived: [amount("EffectiveCostPerPricingUnit", over("pricedCost", "priced"))],
    top: 100,
  },
  {
    ...all,
    name: "sku-metered-costs",
    title: "Metered costs of a SKU",
    what: "What a SKU was metered at per day: quantity, list price and cost.",
    source: "FOCUS use case: analyse the different metered costs for a particular SKU",
    by: ["ServiceProviderName", "SkuId", "SkuMeter", "SkuPriceId", "ListUnitPrice", "PricingUnit"],
    where: ["SkuId?", ...usage],
    period: "day",
    sums: [effective, sum("ListCost"), sum("PricingQuantity")],
    example: "SkuId=ABC123",
  },
  {
    ...all,
    name: "resource-usage-month-over-month",
    title: "Resource usage month over month",
    what: "How much of each kind of resource is used per month, and the change against the month before.",
    source: "FOCUS use case: analyse resource usage trends month over month",
    by: ["ServiceProviderName", "ServiceName", "ResourceType", "ConsumedUnit"],
    where: [...usage, "ConsumedUnit?"],
    period: "month",
    change: true,
    sums: [consumed, effective],
  },
];
