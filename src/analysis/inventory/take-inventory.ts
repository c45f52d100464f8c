import type { Sighting } from "#facts/sighting.ts";
import { type Assignment, type Member, type Workload, workloadFields } from "#facts/workload.ts";
import { type Money, sumByCurrency } from "#units/money.ts";
import type { Window } from "#units/window.ts";
import { linkThings } from "./link-things.ts";
import { settleField, settleType } from "./settle-field.ts";
import { joinByIdentity, weightOf } from "./things.ts";

/** What the inventory is made of. */
export interface InventoryInput {
  readonly sightings: readonly Sighting[];
  /** What people decided, per workload. */
  readonly assignments?: readonly Assignment[];
  /** The window that charges were looked at in; without one, no rhythm is read. */
  readonly window?: Window;
}

interface Row {
  readonly id: string;
  readonly members: { readonly sighting: Sighting; readonly link: Member["link"] }[];
}

/**
 * One row per workload from what all sources saw: largest cost first, currencies apart, then by id. The costs of all
 * rows add up to those of the sightings, since each sighting is in exactly one row.
 */
export function takeInventory({ sightings, assignments = [], window }: InventoryInput): Workload[] {
  const rows = new Map<string, Row>();
  for (const [thing, link] of linkThings(joinByIdentity(inOrder(sightings)))) {
    const row = rows.get(link.key) ?? { id: link.id, members: [] };
    rows.set(link.key, row);
    row.members.push(...thing.sightings.map((sighting) => ({ sighting, link: link.why })));
  }
  return sorted([...rows].map(([key, row]) => workloadOf(row, assignments.filter(byKey(key)), window)));
}

/** An order of their own, so that the same sightings make the same rows whichever source was read first. */
function inOrder(sightings: readonly Sighting[]): Sighting[] {
  const keyOf = ({ source, ref, name = "", declared, partOf = [] }: Sighting): string =>
    [source, ref, name, declared.workload ?? "", ...partOf].join("\n");
  return sightings
    .map((sighting) => ({ sighting, key: keyOf(sighting), weight: weightOf(sighting) }))
    .sort((a, b) => (a.key === b.key ? a.weight - b.weight : a.key < b.key ? -1 : 1))
    .map(({ sighting }) => sighting);
}

const byKey =
  (key: string) =>
  ({ workload }: Assignment): boolean =>
    workload.trim().toLowerCase() === key;

function workloadOf({ id, members }: Row, assignments: readonly Assignment[], window?: Window): Workload {
  const sightings = members.map(({ sighting }) => sighting);
  const isDeclared = members.some(({ link }) => link.basis === "declared");
  const name = id.slice(id.lastIndexOf("/") + 1);
  // What was only guessed to belong here says nothing of the type, where there is better.
  const sure = members.filter(({ link }) => link.confidence !== "low").map(({ sighting }) => sighting);
  const judged = sure.length === 0 ? sightings : sure;
  const firsts = sightings.flatMap(({ first }) => first ?? []);
  const lasts = sightings.flatMap(({ last }) => last ?? []);
  const asked = sightings.filter(({ source, hosts }) => source === "kubernetes" && hosts === undefined);
  const fields = workloadFields.flatMap((field) => {
    const known = settleField(field, judged, assignments);
    return known === undefined ? [] : [[field, known] as const];
  });
  return {
    id,
    name,
    ...Object.fromEntries(fields),
    type: settleType(
      { name, sightings: judged, isDeclared, ...(window === undefined ? {} : { window }) },
      assignments,
    ),
    members: members
      .map(({ sighting: { source, ref, name: called }, link }) => ({
        source,
        ref,
        ...(called === undefined ? {} : { name: called }),
        link,
      }))
      .sort((a, b) => (a.source === b.source ? (a.ref < b.ref ? -1 : 1) : a.source < b.source ? -1 : 1)),
    ...(firsts.length === 0 ? {} : { firstSeen: firsts.reduce((a, b) => Math.min(a, b)) }),
    ...(lasts.length === 0 ? {} : { lastSeen: lasts.reduce((a, b) => Math.max(a, b)) }),
    costs: sumByCurrency(sightings.flatMap(({ costs = [] }) => costs)),
    unpricedCharges: sightings.reduce((sum, { unpricedCharges = 0 }) => sum + unpricedCharges, 0),
    ...(asked.length === 0
      ? {}
      : { gpusRequested: asked.reduce((sum, { traits: { gpus = 0 } }) => sum + gpus, 0) }),
  };
}

/** Only amounts of one currency are compared: the currency of most rows comes first, rows without charges last. */
function sorted(workloads: readonly Workload[]): Workload[] {
  const rows = new Map<string, number>();
  for (const { costs } of workloads)
    for (const { currency } of costs.slice(0, 1)) rows.set(currency, (rows.get(currency) ?? 0) + 1);
  const currencies = [...rows]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([currency]) => currency);
  const place = (cost: Money | undefined): number =>
    cost === undefined ? Infinity : currencies.indexOf(cost.currency);
  return workloads.toSorted((a, b) => {
    const [first, second] = [a.costs[0], b.costs[0]];
    const apart = place(first) === place(second) ? 0 : place(first) - place(second);
    const larger = Number(first !== undefined && second !== undefined && first.units < second.units);
    const smaller = Number(first !== undefined && second !== undefined && first.units > second.units);
    return apart || larger - smaller || (a.id < b.id ? -1 : 1);
  });
}
