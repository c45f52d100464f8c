import type { RuleStrength } from "#facts/attribution.ts";
import { nameStem } from "#facts/resource-identity.ts";
import type { Confidence, Member } from "#facts/workload.ts";
import { knownName, type KnownNames } from "./known-names.ts";
import { faceOf, sourceOrder, type Thing, weightOf } from "./things.ts";

/** The workload that a thing belongs to, by key (its id in lower case), and why. */
export interface Link {
  readonly key: string;
  /** The workload's id as it is written. */
  readonly id: string;
  readonly why: Member["link"];
}
export type Links = ReadonlyMap<Thing, Link>;

const order: readonly Confidence[] = ["high", "medium", "low"];
/** The lesser of two confidences: a chain is as strong as its weakest link. */
export const weaker = (a: Confidence, b: Confidence): Confidence =>
  order.indexOf(a) > order.indexOf(b) ? a : b;

/**
 * Gives every thing its workload, in this order: what an overriding rule, a tag or label, or a rule says; what it is a part of; what alone runs on it; whom its
 * siblings belong to; a known workload in its name; whose machine it has for itself; what a rule guesses; else a row of its own, together with the things of its place that are named
 * alike. Each step sees what the steps before it found.
 */
export function linkThings(things: readonly Thing[]): Links {
  const links = new Map<Thing, Link>();
  for (const thing of things) {
    const link = ruledLink(thing, "override") ?? declaredLink(thing) ?? ruledLink(thing, "rule");
    if (link !== undefined) links.set(thing, link);
  }
  const known: KnownNames = new Map([...links.values()].map(({ key, id }) => [key, id]));
  followParts(things, links);
  linkSiblings(things, links);
  for (const thing of things) {
    const link = links.has(thing) ? undefined : namedLink(thing, known);
    if (link !== undefined) links.set(thing, link);
  }
  followParts(things, links);
  linkSoleTenants(things, links);
  for (const thing of things) {
    const link = links.has(thing) ? undefined : ruledLink(thing, "guess");
    if (link !== undefined) links.set(thing, link);
  }
  // What runs gets a row before the machines, so that a machine can belong to what runs on it.
  ownRows(
    things.filter(({ sightings }) => sightings.some(isRunning)),
    links,
  );
  followParts(things, links);
  ownRows(things, links);
  return links;
}

const isRunning = ({ source, hosts, partOf }: Thing["sightings"][number]): boolean =>
  source === "kubernetes" && hosts === undefined && partOf === undefined;

/** Kubernetes before Terraform before charges; within one source the value that costs most, then the first by name. */
function declaredLink({ sightings }: Thing): Link | undefined {
  for (const source of sourceOrder) {
    const [strongest] = sightings
      .filter((each) => each.source === source && each.declared.workload !== undefined)
      .sort(
        (a, b) =>
          weightOf(b) - weightOf(a) || ((a.declared.workload ?? "") < (b.declared.workload ?? "") ? -1 : 1),
      );
    if (strongest?.declared.workload === undefined) continue;
    const id = strongest.declared.workload.trim();
    const how = source === "kubernetes" ? "a label" : "a tag";
    return {
      key: id.toLowerCase(),
      id,
      why: { basis: "declared", confidence: "high", what: `${how} of ${strongest.ref} names it` },
    };
  }
  return undefined;
}

/** The workload that a rule names. */
function ruledLink({ sightings }: Thing, strength: RuleStrength): Link | undefined {
  const [strongest] = sightings
    .filter(({ ruled }) => ruled?.workload?.strength === strength)
    .sort((a, b) => weightOf(b) - weightOf(a) || (a.ref < b.ref ? -1 : 1));
  const ruled = strongest?.ruled?.workload;
  if (strongest === undefined || ruled === undefined) return undefined;
  const id = ruled.value.trim();
  const what = `rule ${ruled.rule} gives ${strongest.ref} to it`;
  const why: Link["why"] =
    strength === "guess" ? inferred("low", what) : { basis: "rule", confidence: "high", what };
  return { key: id.toLowerCase(), id, why };
}

/** Parts follow what they are part of, machines what alone runs on them, until nothing changes. */
function followParts(things: readonly Thing[], links: Map<Thing, Link>): void {
  const byId = new Map(things.flatMap((thing) => [...thing.ids].map((id) => [id, thing] as const)));
  const linkOf = (id: string): Link | undefined => {
    const thing = byId.get(id);
    return thing === undefined ? undefined : links.get(thing);
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const thing of things) {
      const link = links.has(thing) ? undefined : (partLink(thing, linkOf) ?? hostLink(thing, linkOf));
      if (link === undefined) continue;
      links.set(thing, link);
      changed = true;
    }
  }
}

function partLink({ sightings }: Thing, linkOf: (id: string) => Link | undefined): Link | undefined {
  for (const id of sightings.flatMap(({ partOf = [] }) => partOf)) {
    const link = linkOf(id);
    if (link === undefined) continue;
    return { ...link, why: inferred(link.why.confidence, `it is a part of ${id}, which belongs to it`) };
  }
  return undefined;
}

function hostLink({ sightings }: Thing, linkOf: (id: string) => Link | undefined): Link | undefined {
  const hosted = [...new Set(sightings.flatMap(({ hosts = [] }) => hosts))];
  const links = hosted.map(linkOf);
  const [first] = links;
  if (first === undefined || links.some((link) => link?.key !== first.key)) return undefined;
  const what = `${hosted.length === 1 ? hosted[0] : `all ${hosted.length} controllers`} on it belong to it`;
  return { ...first, why: inferred(weaker("medium", first.why.confidence), what) };
}

/** What has a machine for itself belongs to whom the machine's tag names. */
function linkSoleTenants(things: readonly Thing[], links: Map<Thing, Link>): void {
  const machines = new Map<string, { readonly links: (Link | undefined)[]; alone: boolean }>();
  for (const thing of things) {
    const hosted = new Set(thing.sightings.flatMap(({ hosts = [] }) => hosts));
    for (const id of hosted) {
      const found = machines.get(id) ?? { links: [], alone: true };
      machines.set(id, found);
      found.links.push(links.get(thing));
      if (hosted.size > 1) found.alone = false;
    }
  }
  for (const thing of things) {
    if (links.has(thing)) continue;
    const found = [...thing.ids].flatMap((id) => machines.get(id) ?? []);
    const all = found.flatMap((each) => each.links);
    const [first] = all;
    if (first === undefined || found.some(({ alone }) => !alone)) continue;
    if (all.some((link) => link?.key !== first.key || link.why.basis !== "declared")) continue;
    const what =
      all.length === 1
        ? "the machine that it has for itself belongs to it"
        : `all ${all.length} machines that it has for itself belong to it`;
    links.set(thing, { ...first, why: inferred("medium", what) });
  }
}

/** Machines of a pool are named alike: where all that are tagged agree, the untagged ones are taken to belong with them. */
function linkSiblings(things: readonly Thing[], links: Map<Thing, Link>): void {
  const siblings = new Map<string, { readonly link: Link; count: number; agree: boolean }>();
  for (const thing of things) {
    const link = links.get(thing);
    if (link === undefined) continue;
    for (const stem of stemsOf(thing)) {
      const found = siblings.get(stem) ?? { link, count: 0, agree: true };
      siblings.set(stem, found);
      found.count++;
      if (found.link.key !== link.key) found.agree = false;
    }
  }
  for (const thing of things) {
    if (links.has(thing)) continue;
    const alike = stemsOf(thing).flatMap((stem) => siblings.get(stem) ?? []);
    const [first] = alike;
    if (first === undefined || alike.some(({ agree, link }) => !agree || link.key !== first.link.key))
      continue;
    const count = alike.reduce((sum, each) => sum + each.count, 0);
    const what =
      count === 1
        ? "the one other resource of that name there belongs to it"
        : `all ${count} resources named like it there that are tagged belong to it`;
    links.set(thing, { ...first.link, why: inferred(count === 1 ? "low" : "medium", what) });
  }
}

const stemsOf = ({ sightings }: Thing): string[] => [
  ...new Set(
    sightings.flatMap(({ place, name }) => (name === undefined ? [] : `${place}\n${nameStem(name)}`)),
  ),
];

function namedLink(thing: Thing, known: KnownNames): Link | undefined {
  for (const sighting of thing.sightings) {
    const found = knownName(sighting, known);
    if (found === undefined) continue;
    const { key, confidence, what } = found;
    return { key, id: known.get(key) ?? key, why: inferred(confidence, what) };
  }
  return undefined;
}

function ownRows(things: readonly Thing[], links: Map<Thing, Link>): void {
  for (const thing of things) {
    if (links.has(thing)) continue;
    const face = faceOf(thing);
    const stem = nameStem(face?.name ?? face?.ref ?? "");
    const place = face?.place ?? "";
    const id = place === "" || place === stem ? stem : `${place}/${stem}`;
    const what = "nothing says which workload it is; what is named alike in its place is one row";
    links.set(thing, { key: id.toLowerCase(), id, why: inferred("low", what) });
  }
}

const inferred = (confidence: Confidence, what: string): Member["link"] => ({
  basis: "inferred",
  confidence,
  what,
});
