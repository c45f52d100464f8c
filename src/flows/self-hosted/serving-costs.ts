import type { ServingCost } from "#analysis/self-hosted/token-cost.ts";
import type { Filter } from "#facts/cost-question.ts";
import { parseDimension } from "#facts/cost-question.ts";
import type { CostRow } from "#facts/cost-row.ts";
import type { Role } from "#facts/role.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { readLake } from "#lake/snapshot.ts";
import { divideRounded } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import type { Granularity, Window } from "#units/window.ts";

/** What a workload cost in some time. */
export interface WorkloadCost {
  /** AllocatedResourceId. */
  readonly workload: string;
  /** ISO 8601; undefined where time is not cut. */
  readonly bucket: string | undefined;
  readonly currency: string;
  /** bill: nodes of an invoice divided among who used them. allocation: what an allocation says, by its own prices. */
  readonly basis: "bill" | "allocation";
  readonly cost: ServingCost;
}

/**
 * What workloads of clusters were allocated, with their share of what nobody held on their nodes: by the invoice where its node charges are divided, else by the
 * allocation.
 * @param workloads AllocatedResourceIds
 */
export async function servingCosts(
  data: string,
  window: Window,
  granularity: Granularity | undefined,
  workloads: readonly string[],
): Promise<WorkloadCost[]> {
  const { periods } = await readLake(data);
  const has = (role: Role): boolean => periods.some((period) => period.role === role);
  if (workloads.length === 0 || !has("allocation")) return [];
  const ask = askOf(data, window, granularity);
  const named = only("AllocatedResourceId", workloads);
  const components = await ask("allocation", ["AllocatedResourceId", "IdleKind", "extra:Component"], [named]);
  const billed = has("invoice") ? await heldBy(ask, "invoice", named) : [];
  const [basis, held] =
    billed.length > 0
      ? (["bill", billed] as const)
      : (["allocation", await heldBy(ask, "allocation", named)] as const);
  const shares = await idleShares(ask, basis === "bill" ? "invoice" : "allocation", held);
  return whole(held).map(({ workload, bucket, currency, sum }) => ({
    workload,
    bucket,
    currency,
    basis,
    cost: costOf(sum, components, workload, bucket, shares.get(idOf(workload, bucket, currency)) ?? 0n),
  }));
}

type Ask = (role: Role, by: readonly string[], where: readonly Filter[]) => Promise<readonly CostRow[]>;

const askOf =
  (data: string, window: Window, granularity: Granularity | undefined): Ask =>
  async (role, by, where) => {
    const question = {
      measures: ["EffectiveCost"],
      by: by.map(parseDimension),
      where,
      window,
      time: "charge",
      spread: true,
      role,
      ...(granularity === undefined ? {} : { granularity }),
    } as const;
    return (await reportCost(data, { question })).rows;
  };

const only = (column: string, values: readonly string[]): Filter => ({
  kind: "is",
  dimension: parseDimension(column),
  values,
});

/** What a workload was allocated of a node. */
interface Held {
  readonly workload: string;
  readonly node: string | null;
  readonly bucket: string | undefined;
  readonly currency: string;
  readonly sum: bigint;
}

async function heldBy(ask: Ask, role: Role, named: Filter): Promise<Held[]> {
  const rows = await ask(role, ["AllocatedResourceId", "ResourceId"], [named]);
  return rows.map(({ keys: [workload, node], bucket, currency, sums: [sum = 0n] }) => ({
    workload: workload ?? "",
    node: node ?? null,
    bucket: bucketOf(bucket),
    currency,
    sum,
  }));
}

const bucketOf = (bucket: number | undefined): string | undefined =>
  bucket === undefined ? undefined : formatInstant(bucket);
const idOf = (...parts: readonly (string | null | undefined)[]): string => JSON.stringify(parts);

/** Over all nodes. */
function whole(held: readonly Held[]): Held[] {
  const sums = new Map<string, Held>();
  for (const each of held) {
    const id = idOf(each.workload, each.bucket, each.currency);
    const before = sums.get(id);
    sums.set(id, before === undefined ? { ...each, node: null } : { ...before, sum: before.sum + each.sum });
  }
  return [...sums.values()];
}

/** What nobody held of a node is borne by those who held some of it, as they did. */
async function idleShares(ask: Ask, role: Role, held: readonly Held[]): Promise<Map<string, bigint>> {
  const nodes = [...new Set(held.flatMap(({ node }) => node ?? []))];
  const shares = new Map<string, bigint>();
  if (nodes.length === 0) return shares;
  const rows = await ask(
    role,
    ["ResourceId", "IdleKind", "AllocatedResourceId"],
    [only("ResourceId", nodes)],
  );
  const idle = new Map<string, bigint>();
  const used = new Map<string, bigint>();
  for (const {
    keys: [node, kind, workload],
    bucket,
    currency,
    sums: [sum = 0n],
  } of rows) {
    const id = idOf(node, bucketOf(bucket), currency);
    const into = workload === null ? (kind === "unallocated" ? idle : undefined) : used;
    into?.set(id, (into.get(id) ?? 0n) + sum);
  }
  for (const { workload, node, bucket, currency, sum } of held) {
    const id = idOf(node, bucket, currency);
    const all = used.get(id) ?? 0n;
    if (all <= 0n) continue;
    const own = idOf(workload, bucket, currency);
    const share = divideRounded((idle.get(id) ?? 0n) * sum, all, "half-even");
    shares.set(own, (shares.get(own) ?? 0n) + share);
  }
  return shares;
}

/** Divides what was held into GPUs and the rest as the allocation's components are. */
function costOf(
  sum: bigint,
  components: readonly CostRow[],
  workload: string,
  bucket: string | undefined,
  idleShare: bigint,
): ServingCost {
  let [gpu, other, otherIdle] = [0n, 0n, 0n];
  for (const {
    keys: [own, kind, component],
    bucket: at,
    sums: [part = 0n],
  } of components) {
    if (own !== workload || bucketOf(at) !== bucket) continue;
    if (component === "gpu") gpu += part;
    else {
      other += part;
      if (kind !== null) otherIdle += part;
    }
  }
  const all = gpu + other;
  if (all <= 0n) return { gpu: 0n, other: sum, otherIdle: 0n, idleShare };
  const gpuCost = divideRounded(sum * gpu, all, "half-even");
  const idle = other === 0n ? 0n : divideRounded((sum - gpuCost) * otherIdle, other, "half-even");
  return { gpu: gpuCost, other: sum - gpuCost, otherIdle: idle, idleShare };
}
