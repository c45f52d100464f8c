import { minus, share } from "./derive.ts";
import { charges, distinct, type NamedReport, sum } from "./named-report.ts";

const all = { group: "Owners and budgets", time: "charge", where: [] } as const;
const effective = sum("EffectiveCost");
const promoted = ["Team", "Environment", "Workload", "Owner", "CostCenter"] as const;

/** Who causes the cost, how much of it nobody owns, and the actuals that budgets are held against. */
export const ownersAndBudgets: readonly NamedReport[] = [
  {
    ...all,
    name: "tag-coverage",
    title: "Tag coverage",
    what: "What share of each provider's cost carries a team, environment, workload, owner and cost centre, in any spelling of the tag.",
    source: "FOCUS use case: analyse tag coverage",
    by: ["ServiceProviderName"],
    sums: [
      effective,
      ...promoted.map((tag) =>
        sum("EffectiveCost", { name: `${tag}EffectiveCost`, when: [`x_${tag}?`], hidden: true }),
      ),
    ],
    derived: promoted.map((tag) => share(`${tag}CoverageRatio`, `${tag}EffectiveCost`, "EffectiveCost")),
  },
  {
    ...all,
    name: "unallocated-cost",
    title: "Cost without a team",
    what: "How much of each service's cost no team is named for.",
    source: "FOCUS use case: analyse tag coverage",
    by: ["ServiceProviderName", "ServiceName"],
    sums: [sum("EffectiveCost", { name: "UnallocatedEffectiveCost", when: ["!x_Team?"] }), effective],
    derived: [share("UnallocatedRatio", "UnallocatedEffectiveCost", "EffectiveCost")],
  },
  {
    ...all,
    name: "untagged-resources",
    title: "Costliest resources without an owner",
    what: "The resources that cost most and name neither team nor owner nor cost centre nor workload.",
    source: "FOCUS use case: analyse tag coverage",
    by: ["ServiceProviderName", "SubAccountId", "ServiceName", "ResourceId", "ResourceName"],
    where: ["ResourceId?", "!x_Team?", "!x_Owner?", "!x_CostCenter?", "!x_Workload?"],
    sums: [effective, charges],
    top: 20,
  },
  {
    ...all,
    name: "team-costs",
    title: "Cost by team",
    what: "What each team spends, where, and how much of it is usage.",
    source: "FOCUS use case: allocate costs by tags",
    by: ["x_Team", "x_Environment", "x_CostCenter"],
    sums: [
      effective,
      sum("BilledCost"),
      sum("EffectiveCost", { name: "UsageEffectiveCost", when: ["ChargeCategory=Usage"] }),
      distinct("x_Workload", "Workloads"),
    ],
  },
  {
    ...all,
    name: "application-costs-month-over-month",
    title: "Application cost month over month",
    what: "What each application costs per month, and the change against the month before.",
    source: "FOCUS use case: analyse application cost month over month",
    by: ["x_Workload"],
    period: "month",
    change: true,
    sums: [effective, sum("BilledCost")],
  },
  {
    ...all,
    name: "application-actuals",
    title: "Actuals per application and service",
    what: "What each application used per month and service: the actuals of its budget.",
    source: "FOCUS use case: track budgets per application",
    by: ["x_Workload", "x_CostCenter", "ServiceName"],
    period: "month",
    sums: [effective, sum("BilledCost"), charges],
    example: "x_Workload=support-bot",
  },
  {
    ...all,
    name: "sub-account-actuals",
    title: "Actuals per sub account",
    what: "What each sub account was billed per billing period, and how much of it credits took off: the actuals of its budget.",
    source: "FOCUS use case: compare budget and billed cost per sub account",
    time: "billing",
    by: ["ServiceProviderName", "SubAccountId", "SubAccountName"],
    period: "month",
    sums: [
      sum("BilledCost"),
      sum("BilledCost", { name: "CreditBilledCost", when: ["ChargeCategory=Credit"] }),
    ],
    derived: [
      { name: "BilledCostBeforeCredits", kind: "decimal", from: minus("BilledCost", "CreditBilledCost") },
    ],
  },
];
