import { takeInventory } from "#analysis/inventory/take-inventory.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { type Assignment, type Workload, type WorkloadType, workloadTypes } from "#facts/workload.ts";
import type { ResourceCost } from "#lake/decode-resource-costs.ts";
import { type Money, sumByCurrency } from "#units/money.ts";
import { Problem } from "#units/problems.ts";
import { type Gathered, type GatherIo, gatherSightings } from "./gather-sightings.ts";
import type { InventoryAsked } from "./inventory-asked.ts";
import { readLiveCluster } from "./read-live-cluster.ts";

/** The inventory, as every view gets it. */
export interface Inventory extends Omit<Gathered, "sightings" | "unnamed"> {
  /** Those that were asked for, the costliest of each currency first. */
  readonly workloads: readonly Workload[];
  /** Of all workloads, before type and team were asked for. */
  readonly all: number;
  /** Cost of all workloads shown, per currency. */
  readonly totals: readonly Money[];
  /** Charges that name no resource, such as taxes and fees, per currency. */
  readonly withoutResource: readonly Unnamed[];
  /** Resources below the limit, not looked at singly, per currency. */
  readonly rest: readonly Unnamed[];
}

/** Cost that belongs to no row, counted. */
export interface Unnamed {
  readonly cost: Money;
  readonly charges: number;
  readonly resources: number;
}

/** What of the inventory is asked for. */
export interface InventoryFilter {
  readonly type?: WorkloadType;
  readonly team?: string;
}

const realIo: GatherIo = { readCluster: readLiveCluster };

/**
 * The workloads that charges, clusters and states know of, each with its type, owner and cost in the window.
 * @param assignments what people decided
 * @throws Problem "lake-empty", "window-invalid" and what the sources' readers throw
 */
export async function answerInventory(
  asked: InventoryAsked,
  filter: InventoryFilter = {},
  assignments: readonly Assignment[] = [],
  io: GatherIo = realIo,
): Promise<Inventory> {
  const { sightings, unnamed, ...gathered } = await gatherSightings(asked, io);
  const { window } = gathered;
  const all = takeInventory({ sightings, assignments, ...(window === undefined ? {} : { window }) });
  const team = filter.team?.toLowerCase();
  const workloads = all.filter(
    (workload) =>
      (filter.type === undefined || workload.type.value === filter.type) &&
      (team === undefined || workload.team?.value.toLowerCase() === team),
  );
  return {
    ...gathered,
    workloads,
    all: all.length,
    totals: sumByCurrency(workloads.flatMap(({ costs }) => costs)),
    withoutResource: sums(unnamed, "none"),
    rest: sums(unnamed, "rest"),
  };
}

/**
 * One workload by its id, or by its name where that is one workload's alone.
 * @throws Problem "workload-unknown" with the nearest names
 */
export function findWorkload(workloads: readonly Workload[], asked: string): Workload {
  const plain = asked.trim().toLowerCase();
  const exact = workloads.find(({ id }) => id.toLowerCase() === plain);
  if (exact !== undefined) return exact;
  const named = workloads.filter(({ name }) => name.toLowerCase() === plain);
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  const ids = (named.length > 1 ? named : workloads).map(({ id }) => id);
  const which = named.length > 1 ? ` It may be ${ids.slice(0, 5).join(" or ")}.` : didYouMean(asked, ids);
  const what = named.length > 1 ? `${named.length} workloads are` : "No workload is";
  throw new Problem("workload-unknown", `${what} called "${asked}".${which}`);
}

/** @throws Problem "option-invalid" for a word that is none of the types */
export function workloadTypeNamed(text: string): WorkloadType {
  const found = workloadTypes.find((type) => type === text.toLowerCase());
  if (found !== undefined) return found;
  throw new Problem(
    "option-invalid",
    `There is no workload type "${text}".${didYouMean(text, workloadTypes)}`,
    { hint: `The types are ${workloadTypes.join(", ")}.` },
  );
}

const sums = (rows: readonly ResourceCost[], part: ResourceCost["part"]): Unnamed[] =>
  rows
    .filter((row) => row.part === part)
    .map(({ cost: units, currency, charges, resources }) => ({
      cost: { units, currency },
      charges,
      resources,
    }));
