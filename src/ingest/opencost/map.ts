import type { Layout, SourceMapping } from "#facts/source-mapping.ts";
import { jsonObject } from "#ingest/json-object.ts";
import { missingNames, type Needed, sourceColumns } from "#ingest/source-columns.ts";

/** The columns that make a file OpenCost's daily export of allocations. */
export const opencostNeeds: Needed = [
  ["Date"],
  ["Namespace"],
  ["Pod"],
  ["Container"],
  ["CPUCost"],
  ["RAMCost"],
  ["TotalCost"],
];

/** Maps OpenCost's daily export of allocations onto FOCUS; undefined if the columns are not its. README.md says what is decided. */
export function mapOpencost(columns: readonly string[], layout: Layout): SourceMapping | undefined {
  if (missingNames(opencostNeeds, columns).length > 0) return undefined;
  const opencost = sourceColumns(columns);
  const [cost, date] = [opencost.amount("TotalCost"), opencost.text("Date")];
  const [namespace, pod, container] = [
    opencost.text("Namespace"),
    opencost.text("Pod"),
    opencost.text("Container"),
  ];
  const controller = opencost.text("ControllerName");
  // What the export tells beside costs stays there to be asked for, costs of components among it.
  const kept = ["Namespace", "ControllerKind", "ControllerName", "Container"].filter(
    (name) => opencost.find(name) !== undefined,
  );
  return {
    format: "opencost",
    version: "csv",
    layout,
    charges: [
      {
        columns: {
          BilledCost: cost,
          EffectiveCost: cost,
          ContractedCost: cost,
          BillingPeriodStart: `date_trunc('month', ${date})`,
          BillingPeriodEnd: `date_trunc('month', ${date}) + interval 1 month`,
          ChargeCategory: "'Usage'",
          ChargeDescription: `concat_ws('/', ${namespace}, ${controller}, ${container})`,
          ChargeFrequency: "'Usage-Based'",
          ChargePeriodStart: date,
          ChargePeriodEnd: `${date} + interval 1 day`,
          PricingCategory: "'Standard'",
          ResourceId: `concat_ws('/', ${namespace}, ${pod}, ${container})`,
          ResourceName: pod,
          ResourceType: "'Container'",
          ServiceCategory: "'Compute'",
          ServiceName: "'Kubernetes'",
          ServiceSubcategory: "'Containers'",
          Tags: `coalesce(${opencost.text("Labels")}, ${jsonObject({ namespace, controller })})`,
        },
      },
    ],
    amounts: opencost.amounts(),
    spellings: opencost.spellings(),
    times: { Date: "utc" },
    extra: [...kept, ...opencost.rest()],
    required: ["TotalCost", "Date"],
    mode: "overwrite",
    role: "allocation",
    notes: [
      "OpenCost divides a cluster's cost that a bill has too: its role is allocation, and reports sum it only with --role allocation.",
    ],
  };
}
