import { amount, over, share } from "./derive.ts";
import { charges, distinct, type NamedReport, sum } from "./named-report.ts";

const all = { group: "AI", time: "charge", where: ["x_GpuHours?"] } as const;
const hours = sum("x_GpuHours");
/** GPU hours and the cost of the same charges. */
const priced = [
  sum("x_GpuHours", { name: "pricedHours", when: ["EffectiveCost?"], hidden: true }),
  sum("EffectiveCost", { name: "pricedCost", when: ["x_GpuHours?", "EffectiveCost?"], hidden: true }),
];
const perHour = amount("EffectiveCostPerGpuHour", over("pricedCost", "pricedHours"));

/** GPUs: hours, their price, spot, and reserved ones that stood idle. */
export const gpus: readonly NamedReport[] = [
  {
    ...all,
    name: "gpu-hours",
    title: "GPU hours and cost per GPU hour",
    what: "How many hours of each type of GPU were paid for, and what an hour cost; a machine's whole price is its GPUs' price.",
    source: "FOCUS SkuPriceDetails GpuCount and InstanceType",
    by: ["ServiceProviderName", "x_GpuType", "PricingCategory"],
    sums: [sum("EffectiveCost"), hours, distinct("ResourceId", "Resources"), ...priced],
    derived: [perHour],
  },
  {
    ...all,
    name: "gpu-hours-by-workload",
    title: "GPU hours by workload",
    what: "Which teams and workloads use which GPUs, and what an hour costs them.",
    source: "FOCUS SkuPriceDetails GpuCount and InstanceType; tags",
    by: ["x_Team", "x_Workload", "x_Environment", "x_GpuType"],
    sums: [sum("EffectiveCost"), hours, ...priced],
    derived: [perHour],
  },
  {
    ...all,
    name: "spot-gpu-hours",
    title: "Spot share of GPU hours",
    what: "What share of GPU hours ran on spot capacity (pricing category Dynamic) and what share on commitments.",
    source: "FOCUS PricingCategory: Dynamic is spot",
    by: ["ServiceProviderName", "x_GpuType"],
    sums: [
      hours,
      sum("x_GpuHours", { name: "SpotGpuHours", when: ["PricingCategory=Dynamic"] }),
      sum("x_GpuHours", { name: "CommittedGpuHours", when: ["PricingCategory=Committed"] }),
    ],
    derived: [
      share("SpotRatio", "SpotGpuHours", "x_GpuHours"),
      share("CommittedRatio", "CommittedGpuHours", "x_GpuHours"),
    ],
  },
  {
    ...all,
    name: "idle-reserved-gpus",
    title: "Idle reserved GPUs",
    what: "GPU hours that were reserved or committed and not used, and what they cost.",
    source: "FOCUS CapacityReservationStatus and CommitmentDiscountStatus: Unused",
    by: [
      "ServiceProviderName",
      "SubAccountId",
      "x_GpuType",
      "CapacityReservationId",
      "CapacityReservationStatus",
      "CommitmentDiscountId",
      "CommitmentDiscountStatus",
    ],
    keep: (key) =>
      key("CapacityReservationStatus") === "Unused" || key("CommitmentDiscountStatus") === "Unused",
    sums: [sum("EffectiveCost"), hours, charges],
  },
];
