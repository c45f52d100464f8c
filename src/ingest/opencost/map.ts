import { type Layout, quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { missingNames, type Needed, sourceColumns } from "#ingest/source-columns.ts";
import type { OpencostRow } from "./allocation-columns.ts";
import {
  type ChargeTimes,
  gibHours,
  opencostCharges,
  type OpencostPart,
  unevenRemark,
  withShared,
} from "./charges.ts";

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

/** The columns that make a file an allocation of Kubecost's; whose it is, one of `kubecostKeys` says. */
export const kubecostNeeds: Needed = [["CPUCost"], ["RAMCost"], ["TotalCost"]];
const kubecostKeys = ["Name", "Cluster", "Namespace", "Controller", "ControllerName", "Pod"] as const;

/** What two names must share to be one column: CPU Cost, cpu_cost, cpuCost and properties.cluster, Cluster. */
export const opencostSpelling = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .replace(/^properties(?=.)/, "");

export const allocationNote =
  "OpenCost divides a cluster's cost that a bill has too: its role is allocation, and reports sum it only with --role allocation.";

/** Maps OpenCost's daily export of allocations onto FOCUS; undefined if the columns are not its. README.md says what is decided. */
export function mapOpencost(columns: readonly string[], layout: Layout): SourceMapping | undefined {
  return missingNames(opencostNeeds, columns).length > 0 ? undefined : mapTable(columns, layout, "opencost");
}

/** Maps Kubecost's CSV of allocations; undefined if the columns are not its. */
export function mapKubecost(columns: readonly string[], layout: Layout): SourceMapping | undefined {
  if (missingNames(kubecostNeeds, columns, opencostSpelling).length > 0) return undefined;
  const keys = kubecostKeys.map((key): [string] => [key]);
  const whose = missingNames(keys, columns, opencostSpelling).length < keys.length;
  return whose ? mapTable(columns, layout, "kubecost") : undefined;
}

function mapTable(columns: readonly string[], layout: Layout, format: string): SourceMapping {
  const found = sourceColumns(columns, opencostSpelling);
  const { text, amount } = found;
  const date = found.find("Date");
  const [start, end] = [found.find("WindowStart", "Start"), found.find("WindowEnd", "End")];
  const currency = found.find("BillingCurrency", "Currency");
  const [labels, total] = [text("Labels"), amount("TotalCost")];
  const parts = partsOf(amount);
  const row: OpencostRow = {
    name: text("Name"),
    cluster: text("Cluster"),
    node: text("Node"),
    providerId: text("ProviderID"),
    namespace: text("Namespace"),
    controllerKind: text("ControllerKind"),
    controller: text("ControllerName", "Controller"),
    pod: text("Pod"),
    container: text("Container"),
    labels,
    namespaceLabels: text("NamespaceLabels"),
    volume: "null::varchar",
    volumeId: "null::varchar",
    more: {},
  };
  const rest = Object.fromEntries(found.rest().map((name) => [name, quoted(name)]));
  const required = [found.find("TotalCost"), ...(date === undefined ? [start, end] : [date]), currency];
  return {
    format,
    version: "csv",
    layout,
    rows: withShared("select * from delivered", { ...row, more: rest }),
    charges: opencostCharges(
      parts,
      total,
      timesOf(start, end, date),
      currency === undefined ? undefined : quoted(currency),
    ),
    amounts: found.amounts(),
    spellings: found.spellings(),
    times: {
      ...(date === undefined ? {} : { [date]: "utc" }),
      ...(start === undefined || end === undefined ? {} : { [start]: "iso", [end]: "iso" }),
    },
    extra: [],
    required: required.filter((name) => name !== undefined),
    remarks: [unevenRemark(parts, total, found.find("TotalCost") ?? "TotalCost")],
    mode: "overwrite",
    role: "allocation",
    notes: [allocationNote],
  };
}

/** A row of an export is of its day, of an answer of its window. */
function timesOf(
  start: string | undefined,
  end: string | undefined,
  date: string | undefined,
): ChargeTimes | undefined {
  if (start !== undefined && end !== undefined) return { start: quoted(start), end: quoted(end) };
  return date === undefined ? undefined : { start: quoted(date), end: `${quoted(date)} + interval 1 day` };
}

/** The components of a cost. Cross-zone and the like are parts of networkCost, and idle that was shared is within the component's cost. */
export function partsOf(amount: (...names: string[]) => string): OpencostPart[] {
  const whole = (name: string): string[] => [amount(`${name}Cost`), amount(`${name}CostAdjustment`)];
  /** None where the delivery has no such column. */
  const hours = (
    name: string,
    unit: string,
    of: (sql: string) => string = (sql) => sql,
  ): Pick<OpencostPart, "quantity" | "unit"> => {
    const found = amount(name);
    return found.startsWith("null") ? {} : { quantity: of(found), unit };
  };
  return [
    {
      component: "cpu",
      costs: whole("CPU"),
      resource: "Node",
      ...hours("CPUCoreHours", "Core-Hours"),
    },
    {
      component: "ram",
      costs: whole("RAM"),
      resource: "Node",
      ...hours("RAMByteHours", "GiB-Hours", gibHours),
    },
    { component: "gpu", costs: whole("GPU"), resource: "Node", ...hours("GPUHours", "GPU-Hours") },
    {
      component: "storage",
      costs: whole("PV"),
      resource: "Volume",
      ...hours("PVByteHours", "GiB-Hours", gibHours),
    },
    { component: "network", costs: whole("Network"), resource: "Network" },
    { component: "loadbalancer", costs: whole("LoadBalancer"), resource: "Network" },
    { component: "shared", costs: [amount("SharedCost")] },
    { component: "external", costs: [amount("ExternalCost")] },
  ];
}
