import { amount, minus, share } from "./derive.ts";
import { charges, type NamedReport, sum } from "./named-report.ts";

const all = { group: "Commitments and reservations", time: "charge" } as const;
const billed = sum("BilledCost");
const used = sum("EffectiveCost", { name: "UsedEffectiveCost", when: ["CommitmentDiscountStatus=Used"] });
const unused = sum("EffectiveCost", {
  name: "UnusedEffectiveCost",
  when: ["CommitmentDiscountStatus=Unused"],
});
const commitment = ["CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountType"];
const reservation = [
  "ServiceProviderName",
  "SubAccountId",
  "CapacityReservationId",
  "CapacityReservationStatus",
];

/** Commitments and reservations: bought, used and left unused. Purchases and the usage they cover are the same money: never added. */
export const commitments: readonly NamedReport[] = [
  {
    ...all,
    name: "commitment-purchases",
    title: "Purchases of commitments",
    what: "Which commitments were bought, how they are paid, and what was billed for them.",
    source: "FOCUS use case: report commitment discount purchases",
    time: "billing",
    by: ["ServiceProviderName", "BillingAccountId", ...commitment, "ChargeFrequency", "BillingPeriodStart"],
    where: ["ChargeCategory=Purchase", "CommitmentDiscountId?"],
    sums: [billed, charges],
  },
  {
    ...all,
    name: "recurring-commitment-charges",
    title: "Recurring charges of commitments",
    what: "What commitments are billed every period, per billing period: money that comes due again.",
    source: "FOCUS use case: report recurring charges for commitment-based discounts",
    time: "billing",
    period: "month",
    by: ["ServiceProviderName", ...commitment],
    where: ["ChargeCategory=Purchase", "CommitmentDiscountId?", "ChargeFrequency=Recurring"],
    sums: [billed, charges],
  },
  {
    ...all,
    name: "unused-commitments",
    title: "Unused commitments",
    what: "What commitments cost that nothing used.",
    source: "FOCUS use case: identify unused commitments",
    by: ["ServiceProviderName", "BillingAccountId", ...commitment, "CommitmentDiscountUnit"],
    where: ["ChargeCategory=Usage", "CommitmentDiscountStatus=Unused"],
    sums: [sum("EffectiveCost"), sum("CommitmentDiscountQuantity"), charges],
  },
  {
    ...all,
    name: "commitment-utilisation",
    title: "Utilisation of commitments",
    what: "What share of each commitment's cost was used, usage only: the purchase is the same money.",
    source: "FOCUS use case: analyse commitment discount utilisation",
    by: ["ServiceProviderName", ...commitment],
    where: ["ChargeCategory=Usage", "CommitmentDiscountId?"],
    sums: [sum("EffectiveCost"), used, unused],
    derived: [share("UtilizationRatio", "UsedEffectiveCost", "EffectiveCost")],
  },
  {
    ...all,
    name: "commitment-coverage",
    title: "Coverage by commitments",
    what: "What share of usage that could be committed (priced as standard or committed) is committed, at contracted prices.",
    source: "FOCUS PricingCategory; ContractedCost compares committed and standard usage at one price",
    by: ["ServiceProviderName", "ServiceName"],
    where: ["ChargeCategory=Usage", "PricingCategory=Standard|Committed", "CommitmentDiscountStatus!=Unused"],
    sums: [
      sum("ContractedCost"),
      sum("ContractedCost", { name: "CommittedContractedCost", when: ["PricingCategory=Committed"] }),
    ],
    derived: [share("CoverageRatio", "CommittedContractedCost", "ContractedCost")],
  },
  {
    ...all,
    name: "commitment-books",
    title: "Books of commitments",
    what: "Per commitment: what was bought against what was used up and left unused; over its whole term the difference is zero.",
    source: "FOCUS EffectiveCost: per commitment, effective cost of usage equals billed cost of purchases",
    by: ["ServiceProviderName", ...commitment],
    where: ["CommitmentDiscountId?", "ChargeCategory=Purchase|Usage"],
    sums: [
      sum("BilledCost", { name: "PurchaseBilledCost", when: ["ChargeCategory=Purchase"] }),
      sum("EffectiveCost", { name: "UsageEffectiveCost", when: ["ChargeCategory=Usage"] }),
      unused,
    ],
    derived: [amount("NotYetUsedCost", minus("PurchaseBilledCost", "UsageEffectiveCost"))],
  },
  {
    ...all,
    name: "capacity-reservations",
    title: "Capacity reservations on compute",
    what: "Reserved compute capacity, used and unused, and what it costs.",
    source: "FOCUS use case: analyse capacity reservations on compute costs",
    by: [...reservation, "ServiceName", "PricingUnit"],
    where: ["ServiceCategory=Compute", "CapacityReservationId?"],
    sums: [sum("EffectiveCost"), sum("PricingQuantity"), charges],
  },
  {
    ...all,
    name: "unused-capacity-reservations",
    title: "Unused capacity reservations",
    what: "What reserved capacity costs that nothing ran on.",
    source: "FOCUS use case: identify unused capacity reservations",
    by: [...reservation, "RegionId", "AvailabilityZone", "ServiceName", "PricingUnit"],
    where: ["CapacityReservationStatus=Unused"],
    sums: [sum("EffectiveCost"), sum("PricingQuantity"), charges],
  },
];
