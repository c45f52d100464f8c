import { amount, minus, over, timesKey } from "./derive.ts";
import { charges, type NamedReport, sum } from "./named-report.ts";

const consumed = sum("PricingCurrencyEffectiveCost");
const inPricingCurrency = minus(
  timesKey("PricingQuantity", "PricingCurrencyListUnitPrice"),
  timesKey("PricingQuantity", "PricingCurrencyContractedUnitPrice"),
);
/** Charges priced in another currency than they are billed in: credits, DBUs, tokens, or another country's money. */
const all = {
  group: "Virtual currency",
  time: "charge",
  where: ["PricingCurrency?"],
  keep: (key: (name: string) => string | null | undefined) =>
    key("PricingCurrency") !== key("BillingCurrency"),
} as const;

/** Credits, DBUs and other units that stand between money and use. */
export const virtualCurrencies: readonly NamedReport[] = [
  {
    ...all,
    name: "virtual-currency-consumption",
    title: "Consumption of virtual currency",
    what: "How much of each virtual currency was used up per month.",
    source: "FOCUS use case: calculate consumption of virtual currency within a billing period",
    where: [...all.where, "ChargeCategory=Usage"],
    by: ["ServiceProviderName", "PricingCurrency"],
    period: "month",
    sums: [consumed, sum("EffectiveCost"), charges],
  },
  {
    ...all,
    name: "virtual-currency-targets",
    title: "What virtual currency is used for",
    what: "Which services use up a virtual currency.",
    source: "FOCUS use case: determine target of virtual currency usage",
    by: ["ServiceProviderName", "PricingCurrency", "ServiceName", "ChargeDescription"],
    where: [...all.where, "ChargeCategory=Usage"],
    sums: [consumed, sum("EffectiveCost"), charges],
  },
  {
    ...all,
    name: "virtual-currency-effective-cost",
    title: "Effective cost by pricing currency",
    what: "What services cost in the currency they are priced in, in the one they are billed in, and the rate between the two.",
    source: "FOCUS use case: analyse effective cost by pricing currency",
    by: ["ServiceProviderName", "ServiceName", "PricingCurrency"],
    sums: [
      consumed,
      sum("EffectiveCost"),
      sum("PricingCurrencyEffectiveCost", { name: "both", when: ["EffectiveCost?"], hidden: true }),
      sum("EffectiveCost", {
        name: "bothCost",
        when: ["PricingCurrencyEffectiveCost?", "EffectiveCost?"],
        hidden: true,
      }),
    ],
    derived: [amount("EffectiveCostPerPricingCurrencyUnit", over("bothCost", "both"))],
  },
  {
    group: "Virtual currency",
    time: "billing",
    name: "virtual-currency-purchases",
    title: "Purchases by unit",
    what: "What was bought ahead in units such as tokens, credits or DBUs, and at what price; commitments are reported on their own.",
    source: "FOCUS use case: analyse purchase of virtual currency",
    by: ["ServiceProviderName", "ChargeDescription", "PricingUnit", "BillingPeriodStart"],
    where: ["ChargeCategory=Purchase", "PricingUnit?", "!CommitmentDiscountId?"],
    sums: [sum("BilledCost"), sum("PricingQuantity"), charges],
    derived: [amount("BilledCostPerPricingUnit", over("BilledCost", "PricingQuantity"))],
    example: "PricingUnit=Tokens",
  },
  {
    ...all,
    name: "virtual-currency-savings",
    title: "Contracted savings by virtual currency",
    what: "What contracts save on prices in a virtual currency: price difference times quantity, in both currencies.",
    source: "FOCUS use case: determine contracted savings by virtual currency",
    by: [
      "ServiceProviderName",
      "ServiceName",
      "PricingCurrency",
      "PricingCurrencyListUnitPrice",
      "PricingCurrencyContractedUnitPrice",
      "PricingUnit",
    ],
    where: [
      ...all.where,
      "ChargeCategory=Usage",
      "PricingCurrencyListUnitPrice?",
      "PricingCurrencyContractedUnitPrice?",
    ],
    sums: [
      sum("ListCost", { when: ["ContractedCost?"] }),
      sum("ContractedCost", { when: ["ListCost?"] }),
      sum("PricingQuantity"),
    ],
    derived: [
      amount("SavingsCost", minus("ListCost", "ContractedCost")),
      amount("PricingCurrencySavings", inPricingCurrency),
    ],
  },
];
