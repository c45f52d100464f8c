import { type AllocationDimension, type CostGroup, totalCost } from "#analysis/allocation/group-costs.ts";
import { divideRounded, formatDecimal, ONE } from "#units/decimal.ts";
import { ratioOf, type ResultColumn, type ResultRow } from "#flows/report/result-table.ts";

/** Groups as rows of named values: decimals as exact text, what is unknown null. */
export interface AllocationTable {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultRow[];
  /** Per currency. */
  readonly totals: readonly ResultRow[];
}

const costColumns: readonly [name: string, cost: (group: CostGroup) => bigint][] = [
  ["CpuCost", ({ costs }) => costs.cpu],
  ["RamCost", ({ costs }) => costs.ram],
  ["GpuCost", ({ costs }) => costs.gpu],
  ["StorageCost", ({ costs }) => costs.storage],
  ["NetworkCost", ({ costs }) => costs.network],
  ["IdleShareCost", ({ idleShare }) => idleShare],
  ["TotalCost", totalCost],
  ["GpuActiveCost", ({ gpuStates }) => gpuStates.active],
  ["GpuWarmIdleCost", ({ gpuStates }) => gpuStates.warmIdle],
  ["GpuAllocatedIdleCost", ({ gpuStates }) => gpuStates.allocatedIdle],
  ["GpuUnknownCost", ({ gpuStates }) => gpuStates.unknown],
];
const quantityColumns: readonly [name: string, quantity: (group: CostGroup) => bigint][] = [
  ["CoreHours", ({ quantities }) => quantities.coreHours],
  ["RamGibHours", ({ quantities }) => quantities.ramGibHours],
  ["GpuHours", ({ quantities }) => quantities.gpuHours],
];

/** The rows of groups, and their sums per currency. */
export function allocationTable(
  groups: readonly CostGroup[],
  by: readonly AllocationDimension[],
  stepSeconds: number,
): AllocationTable {
  return {
    columns: [
      { name: "Kind", kind: "text" },
      ...by.map((name): ResultColumn => ({ name, kind: "text" })),
      { name: "BillingCurrency", kind: "text" },
      ...[...costColumns, ...quantityColumns].map(([name]): ResultColumn => ({ name, kind: "decimal" })),
      { name: "EfficiencyRatio", kind: "share" },
      { name: "UseKnownRatio", kind: "share" },
      { name: "GpuActivityMetric", kind: "text" },
      { name: "UnknownHours", kind: "decimal" },
    ],
    rows: groups.map((group) => rowOf(group, by, stepSeconds)),
    totals: totalsOf(groups),
  };
}

function rowOf(group: CostGroup, by: readonly AllocationDimension[], stepSeconds: number): ResultRow {
  const { costs, knownCost, usedCost, currency } = group;
  const unknown = currency === undefined;
  const ofNodes = group.kind === "workload" ? costs.cpu + costs.ram + costs.gpu : 0n;
  const seconds = BigInt(group.unknownSteps) * BigInt(stepSeconds);
  return {
    Kind: group.kind,
    ...Object.fromEntries(by.map((name, at) => [name, group.keys[at] ?? null])),
    BillingCurrency: currency ?? null,
    ...texts(costColumns, group, unknown),
    ...texts(quantityColumns, group, false),
    EfficiencyRatio: unknown ? null : ratioOf(usedCost, knownCost),
    UseKnownRatio: unknown ? null : ratioOf(knownCost, ofNodes),
    GpuActivityMetric: group.gpuMetrics.join(" ") || null,
    UnknownHours: formatDecimal(divideRounded(seconds * ONE, 3600n, "half-even")),
  };
}

const texts = (
  columns: readonly [string, (group: CostGroup) => bigint][],
  group: CostGroup,
  unknown: boolean,
): ResultRow =>
  Object.fromEntries(columns.map(([name, of]) => [name, unknown ? null : formatDecimal(of(group))]));

function totalsOf(groups: readonly CostGroup[]): ResultRow[] {
  const currencies = [...new Set(groups.flatMap(({ currency }) => currency ?? []))].sort();
  return currencies.map((currency) => {
    const own = groups.filter((group) => group.currency === currency);
    const sums = costColumns.map(([name, of]) => {
      const sum = own.reduce((total, group) => total + of(group), 0n);
      return [name, formatDecimal(sum)];
    });
    return { BillingCurrency: currency, ...Object.fromEntries(sums) } as ResultRow;
  });
}
