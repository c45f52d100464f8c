import { amount, minus, over, share, timesKey } from "./derive.ts";
import { charges, type NamedReport, type ReportSum, sum } from "./named-report.ts";

const all = { group: "Rates and savings", time: "charge" } as const;
const usage = ["ChargeCategory=Usage"];
/**
 * Rates and savings compare costs of the same charges: those that have all three, and the report says how many those are. Purchases of commitments are left out, since the usage
 * they cover carries their cost already.
 * @see FOCUS supported feature "cost comparison"
 */
const comparable = ["ListCost?", "ContractedCost?", "EffectiveCost?"];
/** What was left unused has no price at which it would have been bought otherwise, but what it cost lowers the savings. */
const used = [...comparable, "CommitmentDiscountStatus!=Unused"];
const compared = [
  sum("EffectiveCost", { when: comparable }),
  sum("ListCost", { name: "UsedListCost", when: used }),
  sum("ContractedCost", { name: "UsedContractedCost", when: used }),
  sum("x_Charges", { name: "ComparedCharges", when: comparable }),
  charges,
];
/** What a pricing category costs after discounts and would cost at contracted prices; both hidden. */
const ofCategory = (category: "Committed" | "Dynamic"): ReportSum[] => [
  sum("EffectiveCost", {
    name: `${category}Effective`,
    when: [...comparable, `PricingCategory=${category}`],
    hidden: true,
  }),
  sum("ContractedCost", {
    name: `${category}Contracted`,
    when: [...used, `PricingCategory=${category}`],
    hidden: true,
  }),
];
const savings = [
  amount("SavingsCost", minus("UsedListCost", "EffectiveCost")),
  share("EffectiveSavingsRatio", minus("UsedListCost", "EffectiveCost"), "UsedListCost"),
] as const;
/** A quantity and the cost of the charges that have one, for a rate. */
const priced = [
  sum("PricingQuantity", { name: "priced", when: ["EffectiveCost?"], hidden: true }),
  sum("EffectiveCost", { name: "pricedCost", when: ["PricingQuantity?", "EffectiveCost?"], hidden: true }),
];

const cores = [
  "ServiceProviderName",
  "ServiceName",
  "RegionId",
  "detail:InstanceSeries",
  "detail:CoreCount",
  "PricingUnit",
];

/** What things cost per unit, and what discounts bring. */
export const ratesAndSavings: readonly NamedReport[] = [
  {
    ...all,
    name: "effective-savings-rate",
    title: "Effective savings rate",
    what: "What share of the list price of what was used is saved by all discounts together, after what unused commitments cost.",
    source: "FOCUS use case: calculate effective savings rate",
    by: ["ServiceProviderName"],
    where: usage,
    sums: compared,
    derived: savings,
  },
  {
    ...all,
    name: "effective-savings-rate-by-service",
    title: "Effective savings rate by service",
    what: "What share of the list price of what was used is saved per service, after what unused commitments cost.",
    source: "FOCUS use case: calculate effective savings rate by service",
    by: ["ServiceProviderName", "ServiceName"],
    where: usage,
    sums: compared,
    derived: savings,
  },
  {
    ...all,
    name: "savings-by-kind",
    title: "Negotiated, commitment and spot savings",
    what: "How much of the savings comes from negotiated prices, from commitments (after what they left unused) and from spot capacity.",
    source: "FOCUS supported feature: cost comparison",
    by: ["ServiceProviderName", "ServiceCategory"],
    where: usage,
    sums: [...compared, ...ofCategory("Committed"), ...ofCategory("Dynamic")],
    derived: [
      savings[0],
      amount("NegotiatedSavingsCost", minus("UsedListCost", "UsedContractedCost")),
      amount("CommitmentSavingsCost", minus("CommittedContracted", "CommittedEffective")),
      amount("SpotSavingsCost", minus("DynamicContracted", "DynamicEffective")),
    ],
  },
  {
    ...all,
    name: "discount-accuracy",
    title: "Accuracy of discounts",
    what: "Whether contracted and list costs are what their unit prices and quantities say; a difference is to be asked about.",
    source: "FOCUS use case: verify discount accuracy",
    by: [
      "ServiceProviderName",
      "ServiceName",
      "SkuPriceId",
      "ListUnitPrice",
      "ContractedUnitPrice",
      "PricingUnit",
    ],
    where: [...usage, "PricingQuantity?", "ContractedCost?", "ListCost?"],
    sums: [sum("ContractedCost"), sum("ListCost"), sum("PricingQuantity"), charges],
    derived: [
      amount(
        "ContractedCostDifference",
        minus("ContractedCost", timesKey("PricingQuantity", "ContractedUnitPrice")),
      ),
      amount("ListCostDifference", minus("ListCost", timesKey("PricingQuantity", "ListUnitPrice"))),
      share("DiscountRatio", minus("ListCost", "ContractedCost"), "ListCost"),
    ],
  },
  {
    ...all,
    name: "usage-and-rates",
    title: "Usage and rates per month",
    what: "How much was used per month and at what average rate: the history a forecast needs.",
    source: "FOCUS use case: report historical usage and rates for forecasts",
    by: ["ServiceProviderName", "ServiceName", "SkuId", "PricingUnit"],
    where: [...usage, "PricingUnit?"],
    period: "month",
    sums: [sum("EffectiveCost"), sum("PricingQuantity"), ...priced],
    derived: [amount("EffectiveCostPerPricingUnit", over("pricedCost", "priced"))],
  },
  {
    ...all,
    name: "unit-costs",
    title: "Cost per consumed unit",
    what: "What one unit of use costs, per service and unit: a gigabyte, an hour, a request.",
    source: "FOCUS use case: calculate unit economics",
    by: ["ServiceProviderName", "ServiceName", "ConsumedUnit"],
    where: [...usage, "ConsumedUnit?"],
    sums: [
      sum("EffectiveCost"),
      sum("ConsumedQuantity"),
      sum("ConsumedQuantity", { name: "used", when: ["EffectiveCost?"], hidden: true }),
      sum("EffectiveCost", { name: "usedCost", when: ["ConsumedQuantity?", "EffectiveCost?"], hidden: true }),
    ],
    derived: [amount("EffectiveCostPerConsumedUnit", over("usedCost", "used"))],
  },
  {
    ...all,
    name: "core-usage",
    title: "Usage of cores",
    what: "How many core hours machines of each series ran: cores times the quantity they are priced by.",
    source: "FOCUS use case: quantify usage of a component resource",
    by: cores,
    where: [...usage, "detail:CoreCount?"],
    sums: [sum("PricingQuantity"), charges],
    derived: [amount("CoreQuantity", timesKey("PricingQuantity", "detail:CoreCount"))],
  },
  {
    ...all,
    name: "core-rates",
    title: "Average rate of a core",
    what: "What one core costs per pricing unit (per hour, as a rule), by series and region.",
    source: "FOCUS use case: calculate average rate of a component resource",
    by: cores,
    where: [...usage, "detail:CoreCount?"],
    sums: [sum("EffectiveCost"), sum("PricingQuantity"), ...priced],
    derived: [
      amount("CoreQuantity", timesKey("PricingQuantity", "detail:CoreCount")),
      amount("EffectiveCostPerCore", over("pricedCost", timesKey("priced", "detail:CoreCount"))),
    ],
  },
];
