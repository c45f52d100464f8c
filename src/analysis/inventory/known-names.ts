import { nameStem } from "#facts/resource-identity.ts";
import type { Sighting } from "#facts/sighting.ts";
import type { Confidence } from "#facts/workload.ts";

/** Workloads that some tag or label names: key to id as written. */
export type KnownNames = ReadonlyMap<string, string>;

interface Found {
  readonly key: string;
  readonly confidence: Confidence;
  readonly what: string;
}

/**
 * A known workload that a resource's name or resource group names: the whole name or the group, which is medium; or its beginning,
 * or several words inside it, which is low. The longest name wins. A single word inside a name is none: `halyard-logs` may be anybody's.
 */
export function knownName(sighting: Sighting, known: KnownNames): Found | undefined {
  const name = sighting.name?.toLowerCase();
  const group = /\/resourcegroups\/(?:rg-)?([^/]+)\//i.exec(sighting.ref)?.[1]?.toLowerCase();
  for (const whole of name === undefined ? [] : [name, nameStem(name)])
    if (known.has(whole)) return { key: whole, confidence: "medium", what: `it is named ${whole}` };
  if (group !== undefined && known.has(group))
    return { key: group, confidence: "medium", what: `its resource group is named after ${group}` };
  if (name === undefined) return undefined;
  const [longest] = [...known.keys()]
    .filter((key) => name.startsWith(`${key}-`) || (key.includes("-") && `-${name}-`.includes(`-${key}-`)))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (longest === undefined) return undefined;
  return { key: longest, confidence: "low", what: `its name ${sighting.name ?? ""} holds ${longest}` };
}
