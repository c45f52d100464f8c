import type { Sighting } from "#facts/sighting.ts";
import type { SightingSource } from "#facts/workload.ts";
import { formatDecimal } from "#units/decimal.ts";

/** One thing as all sources together see it: sightings that share an identifier. */
export interface Thing {
  readonly sightings: readonly Sighting[];
  readonly ids: ReadonlySet<string>;
}

/** Whose word counts first: what runs now, then what was applied, then what was billed. */
export const sourceOrder: readonly SightingSource[] = ["kubernetes", "terraform", "charges"];

/** Joins sightings that share an identifier, directly or through a third one. The order of the sightings is kept. */
export function joinByIdentity(sightings: readonly Sighting[]): Thing[] {
  const parent = sightings.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] ?? root;
    for (let at = index; at !== root;) [at, parent[at]] = [parent[at] ?? root, root];
    return root;
  };
  const holder = new Map<string, number>();
  sightings.forEach(({ ids }, index) => {
    for (const id of ids) {
      const other = holder.get(id);
      if (other === undefined) holder.set(id, index);
      else parent[rootOf(index)] = rootOf(other);
    }
  });
  const things = new Map<number, Sighting[]>();
  sightings.forEach((sighting, index) => {
    const root = rootOf(index);
    const members = things.get(root);
    if (members === undefined) things.set(root, [sighting]);
    else members.push(sighting);
  });
  return [...things.values()].map((members) => ({
    sightings: members,
    ids: new Set(members.flatMap(({ ids }) => ids)),
  }));
}

/** The size of a sighting's cost, only for choosing between values: currencies are compared by their numbers. */
export function weightOf({ costs = [] }: Sighting): number {
  return costs.reduce((sum, { units }) => sum + Math.abs(Number(formatDecimal(units))), 0);
}

/** A cluster's name for what runs says most; else the bill's, which has the account; a module's name says least. */
const faceOrder: readonly SightingSource[] = ["kubernetes", "charges", "terraform"];

/** The sighting whose name and place stand for the thing. */
export function faceOf({ sightings }: Thing): Sighting | undefined {
  return faceOrder
    .map((source) => sightings.find((each) => each.source === source && each.name !== undefined))
    .concat(sightings[0])
    .find((each) => each !== undefined);
}
