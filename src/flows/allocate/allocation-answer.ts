import type { Window } from "#units/window.ts";
import type { UsedPrice } from "./catalogue-prices.ts";
import type { AllocationTable } from "./allocation-table.ts";
import type { IdleMode } from "#analysis/allocation/share-idle.ts";
import { type CostGroup, groupCosts, mergeGroups } from "#analysis/allocation/group-costs.ts";
import { shareIdle } from "#analysis/allocation/share-idle.ts";
import type { Allocation } from "#analysis/allocation/allocation.ts";
import type { ClusterUsage } from "#facts/cluster-usage.ts";
import { usageQueries } from "#ingest/prometheus/queries.ts";
import type { AllocateRequest } from "./allocate-request.ts";
import { allocationTable } from "./allocation-table.ts";

/** A node that nobody priced, and what a price would hang on. */
export interface UnpricedNode {
  readonly cluster: string;
  readonly node: string;
  readonly instanceType: string | null;
  readonly reason: string;
  readonly hours: number;
}

export interface AllocateAnswer {
  readonly window: Window;
  readonly stepSeconds: number;
  readonly idle: IdleMode;
  readonly table: AllocationTable;
  readonly unpriced: readonly UnpricedNode[];
  /** Prices of the catalogue's layers that nodes were charged by. */
  readonly pricesUsed: readonly UsedPrice[];
  /** Hours of nodes between their first and last sample in which they were not seen: not charged, since unknown. */
  readonly unseenNodeHours: number;
  readonly read: {
    readonly nodes: number;
    readonly pods: number;
    readonly containers: number;
    readonly gpus: number;
  };
  /** Name of a query to its PromQL. */
  readonly queries: Readonly<Record<string, string>>;
}

/** What is remembered of a window that was allocated; its series are not. */
export interface WindowSummary {
  readonly groups: readonly CostGroup[];
  readonly unpriced: readonly UnpricedNode[];
  readonly unseenNodeHours: number;
  /** What there was, each by a name of its own. */
  readonly seen: Readonly<Record<"nodes" | "pods" | "containers" | "gpus", readonly string[]>>;
}

/** What an answer needs of a window. */
export function summaryOf(
  { by, idle, stepSeconds }: AllocateRequest,
  usage: ClusterUsage,
  allocation: Allocation,
): WindowSummary {
  const hours = (steps: number): number => (steps * stepSeconds) / 3600;
  const pods = usage.pods.map(({ cluster, namespace, name, uid }) =>
    JSON.stringify([cluster, namespace, name, uid]),
  );
  return {
    groups: groupCosts(usage, allocation, shareIdle(usage, allocation, idle), by),
    unpriced: allocation.nodes.flatMap(({ node, reason, presentSteps }) => {
      const fact = usage.nodes[node];
      if (fact === undefined || reason === undefined) return [];
      const instanceType = fact.labels["node_kubernetes_io_instance_type"] ?? null;
      return [{ cluster: fact.cluster, node: fact.name, instanceType, reason, hours: hours(presentSteps) }];
    }),
    unseenNodeHours: hours(allocation.nodes.reduce((sum, { unseenSteps }) => sum + unseenSteps, 0)),
    seen: {
      nodes: usage.nodes.map(({ cluster, name }) => JSON.stringify([cluster, name])),
      pods,
      containers: usage.containers.name.map((name, at) => `${pods[usage.containers.pod[at] ?? 0]} ${name}`),
      gpus: usage.devices.map(({ node, id }) => JSON.stringify([usage.nodes[node]?.name, id])),
    },
  };
}

/** The answer of windows that follow each other; costs are those of each, added. */
export function answerOf(request: AllocateRequest, windows: readonly WindowSummary[]): AllocateAnswer {
  const { by, idle, window, stepSeconds, matchers } = request;
  const distinct = (what: keyof WindowSummary["seen"]): number =>
    new Set(windows.flatMap(({ seen }) => seen[what])).size;
  return {
    window,
    stepSeconds,
    idle,
    table: allocationTable(mergeGroups(windows.flatMap(({ groups }) => groups)), by, stepSeconds),
    unpriced: mergeUnpriced(windows.flatMap(({ unpriced }) => unpriced)),
    pricesUsed: request.catalogue?.used() ?? [],
    unseenNodeHours: windows.reduce((sum, { unseenNodeHours }) => sum + unseenNodeHours, 0),
    read: {
      nodes: distinct("nodes"),
      pods: distinct("pods"),
      containers: distinct("containers"),
      gpus: distinct("gpus"),
    },
    queries: queryTexts(stepSeconds, matchers),
  };
}

function mergeUnpriced(nodes: readonly UnpricedNode[]): UnpricedNode[] {
  const merged = new Map<string, UnpricedNode>();
  for (const node of nodes) {
    const id = JSON.stringify([node.cluster, node.node, node.reason]);
    merged.set(id, { ...node, hours: node.hours + (merged.get(id)?.hours ?? 0) });
  }
  return [...merged.values()];
}

function queryTexts(stepSeconds: number, matchers: string): Record<string, string> {
  const texts = Object.entries(usageQueries(`${stepSeconds}s`, matchers)).flatMap(([name, query]) => {
    if (typeof query === "string") return [[name, query]];
    return [[name, query(name === "gpuActivity" ? "DCGM_FI_PROF_GR_ENGINE_ACTIVE" : "1h")]];
  });
  return Object.fromEntries(texts) as Record<string, string>;
}
