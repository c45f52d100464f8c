import type { Estate } from "./estate.ts";
import type { Meter, Resource, Source, TagDefect, Tags } from "./model.ts";
import { chance, type Chance } from "./random.ts";
import { deadCostCenter, teams, workloadOf } from "./workloads.ts";

/** What a resource is tagged with on the bill, and how that is wrong. */
export interface TagState {
  readonly tags: Tags | undefined;
  readonly defect: TagDefect | undefined;
}

/** Share of the cost of taggable resources, per bill, whose tags are missing or wrong. */
export const DEFECT_SHARE = 0.18;

/** Nearly half has no tags at all; the other ways to be wrong share the rest. */
const defects: readonly TagDefect[] = [
  "untagged",
  "untagged",
  "untagged",
  "untagged",
  "capital-key",
  "trailing-blank-key",
  "misspelt-team",
  "dead-cost-center",
  "valueless",
];

/**
 * Picks resources in an order of chance until 18 % of each bill's cost is badly tagged, passing over those too big to fit.
 * A resource is badly tagged for its whole life and in all its charges.
 */
export function tagEstate(estate: Estate, costOf: (meter: Meter) => number): Map<string, TagState> {
  const of = chance(estate.seed, "tags");
  const costs = new Map<string, { resource: Resource; cost: number; order: number }>();
  for (const meter of estate.meters) {
    const { resource } = meter;
    const known = costs.get(resource.id);
    const cost = (known?.cost ?? 0) + costOf(meter);
    costs.set(resource.id, { resource, cost, order: known?.order ?? of(costs.size) });
  }
  const states = new Map<string, TagState>();
  const inOrder = [...costs.values()].sort((a, b) => a.order - b.order);
  for (const source of sources) {
    const entries = inOrder.filter(({ resource }) => resource.account.source === source);
    const taggable = entries.filter(({ resource }) => resource.tagsWanted);
    let room = DEFECT_SHARE * taggable.reduce((sum, { cost }) => sum + cost, 0);
    for (const [index, { resource, cost }] of entries.entries()) {
      const bad = resource.tagsWanted && cost <= room;
      if (bad) room -= cost;
      states.set(resource.id, tagState(resource, bad ? possible(source, pick(of, index)) : undefined));
    }
  }
  return states;
}

const sources: readonly Source[] = ["aws", "azure", "gpucloud", "aws-cur", "openai", "anthropic"];

/** A Cost and Usage Report has a column for each tag that was activated; a key that is spelt otherwise is not in it at all. */
const possible = (source: Source, defect: TagDefect): TagDefect =>
  source === "aws-cur" && (defect === "capital-key" || defect === "trailing-blank-key") ? "untagged" : defect;

const pick = (of: Chance, index: number): TagDefect =>
  defects[Math.floor(of(index + 1_000_000) * defects.length)] ?? "untagged";

function tagState(resource: Resource, defect: TagDefect | undefined): TagState {
  const none = defect === "untagged" || !resource.tagsWanted;
  return { tags: none ? undefined : tagsOf(resource, defect), defect };
}

function tagsOf({ workload, name, labels }: Resource, defect: TagDefect | undefined): Tags {
  const { team, type, environment, model } = workloadOf(workload);
  const { costCenter, owner } = teams[team];
  const teamKey = { "capital-key": "Team", "trailing-blank-key": "team " }[defect as "capital-key"] ?? "team";
  return {
    [teamKey]: defect === "valueless" ? "true" : defect === "misspelt-team" ? misspell(team) : team,
    environment,
    workload,
    "workload-type": type,
    ...(model !== undefined && { model }),
    "cost-center": defect === "dead-cost-center" ? deadCostCenter : costCenter,
    owner: defect === "valueless" ? "true" : owner,
    Name: name,
    ...(labels.cluster !== undefined && { "aws:eks:cluster-name": labels.cluster }),
    ...(labels.lease !== undefined && { lease: labels.lease }),
  };
}

/** Two letters change places: `assitant`, as someone once typed it into a template; other teams in the same way. */
function misspell(team: string): string {
  if (team === "assistant") return "assitant";
  return `${team.slice(0, 1)}${team.slice(2, 3)}${team.slice(1, 2)}${team.slice(3)}`;
}
