import { identifiersOf } from "#facts/resource-identity.ts";
import type { Sighting } from "#facts/sighting.ts";
import type { Workload } from "#facts/workload.ts";
import { usd } from "#units/money.ts";
import { takeInventory } from "#analysis/inventory/take-inventory.ts";

/** The week that the tests' charges are of. */
export const week = { start: Date.UTC(2026, 5, 1), end: Date.UTC(2026, 5, 8) };

/** A machine on a bill. */
export function machine(id: string, name: string, more: Partial<Sighting> = {}): Sighting {
  return {
    source: "charges",
    ref: id,
    name,
    place: "prod",
    ids: identifiersOf(id),
    declared: {},
    traits: { kind: "instance", services: ["EC2"], machineHours: 168 },
    first: week.start,
    last: week.end,
    costs: [usd("10")],
    ...more,
  };
}

/** A controller in a cluster. */
export function controller(kind: string, name: string, more: Partial<Sighting> = {}): Sighting {
  const ref = `c/ns/${kind}/${name}`;
  return {
    source: "kubernetes",
    ref,
    name,
    place: "c/ns",
    ids: [ref.toLowerCase()],
    declared: {},
    traits: { kind, images: [], gpus: 0 },
    ...more,
  };
}

/** The rows that sightings of the week make. */
export const inventory = (...sightings: Sighting[]): Workload[] => takeInventory({ sightings, window: week });

/** The one row that they make. */
export function only(...sightings: Sighting[]): Workload {
  const [row, ...others] = inventory(...sightings);
  if (row === undefined || others.length > 0) throw new Error(`${others.length + 1} rows`);
  return row;
}
