import { charges, distinct, type NamedReport, sum } from "./named-report.ts";

const all = { group: "Services and resources", time: "charge", where: [] } as const;
const costs = [sum("EffectiveCost"), sum("BilledCost")] as const;
const daily = {
  ...all,
  // Taxes, fees and purchases come once a month and would make its first day stand out.
  where: ["ChargeCategory=Usage"],
  period: "day",
  sums: [...costs, charges],
} as const satisfies Partial<NamedReport>;

/** What services cost: by name, place, account and time. */
export const serviceCosts: readonly NamedReport[] = [
  {
    ...all,
    name: "service-categories",
    title: "Cost by service category and subcategory",
    what: "What each kind of service costs, across providers.",
    source: "FOCUS use case: report costs by service category and subcategory",
    by: ["ServiceProviderName", "ServiceCategory", "ServiceSubcategory"],
    sums: [...costs, charges],
  },
  {
    ...all,
    name: "service-costs",
    title: "Cost by service",
    what: "What each service costs.",
    source: "FOCUS use case: analyse service costs by service name",
    by: ["ServiceProviderName", "ServiceName"],
    sums: [...costs, charges],
    example: "ServiceName~Compute",
  },
  {
    ...all,
    name: "service-costs-by-region",
    title: "Cost by service and region",
    what: "What each service costs in each region.",
    source: "FOCUS use case: analyse service costs by region",
    by: ["ServiceProviderName", "ServiceName", "RegionId", "RegionName"],
    sums: [...costs, charges],
  },
  {
    ...all,
    name: "service-costs-by-sub-account",
    title: "Cost by service and sub account",
    what: "What each service costs each sub account.",
    source: "FOCUS use case: analyse service costs by sub account",
    by: ["ServiceProviderName", "SubAccountId", "SubAccountName", "ServiceName"],
    sums: [...costs, charges],
  },
  {
    ...all,
    name: "service-costs-month-over-month",
    title: "Service cost month over month",
    what: "What each service costs per month, and the change against the month before.",
    source: "FOCUS use case: analyse service costs month over month",
    by: ["ServiceProviderName", "ServiceName"],
    period: "month",
    change: true,
    sums: costs,
  },
  {
    ...daily,
    name: "daily-cost-by-sub-account",
    title: "Daily cost by sub account",
    what: "Cost of usage per day and sub account, to look for days that stand out.",
    source: "FOCUS use case: identify anomalous daily spending by sub account",
    by: ["ServiceProviderName", "SubAccountId", "SubAccountName"],
  },
  {
    ...daily,
    name: "daily-cost-by-region",
    title: "Daily cost by region",
    what: "Cost of usage per day and region, to look for days that stand out.",
    source: "FOCUS use case: identify anomalous daily spending by sub account and region",
    by: ["ServiceProviderName", "SubAccountId", "RegionId"],
  },
  {
    ...daily,
    name: "daily-cost-by-service",
    title: "Daily cost by service",
    what: "Cost of usage per day and service, to look for days that stand out.",
    source: "FOCUS use case: identify anomalous daily spending by sub account, region and service",
    by: ["ServiceProviderName", "SubAccountId", "RegionId", "ServiceName"],
  },
  {
    ...all,
    name: "availability-zones",
    title: "Cost by availability zone",
    what: "What runs in which zone, and what it costs.",
    source: "FOCUS use case: compare resource cost per availability zone",
    by: ["ServiceProviderName", "RegionId", "AvailabilityZone", "ServiceName"],
    where: ["AvailabilityZone?"],
    sums: [...costs, distinct("ResourceId", "Resources")],
  },
  {
    ...all,
    name: "marketplace-vendors",
    title: "Marketplace vendors",
    what: "Services of vendors that someone else hosts or bills for.",
    source: "FOCUS use case: report spending on marketplace vendors",
    by: ["InvoiceIssuerName", "HostProviderName", "ServiceProviderName", "ServiceName"],
    keep: (key) =>
      [key("InvoiceIssuerName"), key("HostProviderName")].some(
        (other) => typeof other === "string" && other !== key("ServiceProviderName"),
      ),
    sums: [sum("BilledCost"), sum("EffectiveCost"), charges],
  },
];
