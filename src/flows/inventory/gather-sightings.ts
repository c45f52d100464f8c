import type { Sighting } from "#facts/sighting.ts";
import { clusterSightings } from "#ingest/kubernetes/map.ts";
import type { FoundObjects } from "#ingest/kubernetes/objects-of.ts";
import { readDumps } from "#ingest/kubernetes/read-dump.ts";
import { stateSightings } from "#ingest/terraform/map.ts";
import { readState } from "#ingest/terraform/read-state.ts";
import type { ResourceCost } from "#lake/decode-resource-costs.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { askResources } from "./ask-resources.ts";
import type { InventoryAsked, Looked } from "./inventory-asked.ts";

/** What all sources say, before it is made into rows. */
export interface Gathered {
  readonly sightings: readonly Sighting[];
  readonly window?: Window;
  /** Rows of charges that name no resource, and of the resources below the top. */
  readonly unnamed: readonly ResourceCost[];
  readonly looked: readonly Looked[];
  readonly notes: readonly string[];
  readonly query?: string;
}

/**
 * Asks the lake, the dumps, the cluster and the states. Without a lake the other sources answer alone.
 * @param io reads a live cluster; the real one by default
 * @throws Problem "lake-empty" if there is neither a lake nor another source
 */
export async function gatherSightings(asked: InventoryAsked, io: GatherIo): Promise<Gathered> {
  const cluster = [...(await dumped(asked.kubernetes ?? [])), ...(await live(asked.kubeconfig, io))];
  const states = await applied(asked.terraform ?? []);
  const others = cluster.length + states.looked.length;
  const charges = await askResources(asked).catch((cause: unknown) => {
    if (others > 0 && cause instanceof Problem && cause.code === "lake-empty") return undefined;
    throw cause;
  });
  const names = new Map(charges?.accounts);
  const fromStates = states.sightings.map((sighting) => ({
    ...sighting,
    place: names.get(sighting.place) ?? sighting.place,
  }));
  return {
    sightings: [
      ...cluster.flatMap(({ sightings }) => sightings),
      ...fromStates,
      ...(charges?.sightings ?? []),
    ],
    ...(charges === undefined ? {} : { window: charges.window, query: charges.query }),
    unnamed: charges?.unnamed ?? [],
    looked: [
      ...(charges === undefined ? [] : [charges.looked]),
      ...cluster.map(({ looked }) => looked),
      ...states.looked,
    ],
    notes: [
      ...(charges === undefined ? ["No bill was imported, so no cost is known."] : []),
      ...cluster.flatMap(({ notes }) => notes),
      ...states.notes,
    ],
  };
}

/** Reads the objects of a live cluster. */
export interface GatherIo {
  readonly readCluster: (
    kubeconfig: string,
  ) => Promise<FoundObjects & { cluster: string; notes: readonly string[] }>;
}

interface Part {
  readonly sightings: readonly Sighting[];
  readonly looked: Looked;
  readonly notes: readonly string[];
}

async function dumped(inputs: readonly string[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (const input of inputs)
    for (const { cluster, objects, passedOver, file } of await readDumps(input))
      parts.push(clusterPart(cluster, file, { objects, passedOver }));
  return parts;
}

async function live(kubeconfig: string | undefined, io: GatherIo): Promise<Part[]> {
  if (kubeconfig === undefined) return [];
  const { cluster, notes, ...found } = await io.readCluster(kubeconfig);
  const part = clusterPart(cluster, `the cluster ${cluster}`, found);
  return [{ ...part, notes: [...part.notes, ...notes] }];
}

function clusterPart(cluster: string, where: string, { objects, passedOver }: FoundObjects): Part {
  const sightings = clusterSightings(cluster, objects);
  const kinds = Object.entries(passedOver).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    sightings,
    looked: {
      source: "kubernetes",
      what: `${where}: ${objects.length} objects, ${sightings.length} controllers, nodes and claims`,
    },
    notes:
      kinds.length === 0
        ? []
        : [`${where}: not read: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")}.`],
  };
}

async function applied(
  files: readonly string[],
): Promise<{ sightings: Sighting[]; looked: Looked[]; notes: string[] }> {
  const all: { sightings: Sighting[]; looked: Looked[]; notes: string[] } = {
    sightings: [],
    looked: [],
    notes: [],
  };
  for (const file of files) {
    const { resources, form, encoding } = await readState(file);
    const { sightings, passedOver } = stateSightings(resources);
    all.sightings.push(...sightings);
    all.looked.push({
      source: "terraform",
      what: `${file}: ${sightings.length} resources and volumes, ${passedOver} of types that no workload is made of`,
    });
    if (form === "prior")
      all.notes.push(`${file} is a plan: only what exists already was read, not what it would make.`);
    if (encoding === "utf-16")
      all.notes.push(`${file} is UTF-16, as PowerShell's redirect writes it; it was decoded.`);
  }
  return all;
}
