import { formatDecimal, roundTo } from "#units/decimal.ts";
import { changeId } from "./changes.ts";
import { isoTime } from "./clock.ts";
import { effectCost, type EffectCost } from "./effects.ts";
import { incidents } from "./incidents.ts";
import { wastes } from "./waste.ts";
import { teams, workloadOf } from "./workloads.ts";
import type { World } from "./world.ts";

/** Every injected waste that the window shows: where, whose, since when, how much, and what ends it. */
export function wasteTruth(world: World, copies: number) {
  return wastes(world).flatMap(({ id, what, advice, overlaps = [], effect }) => {
    const cost = effectCost(world, effect, copies);
    if (cost === undefined || cost.caused === 0n) return [];
    const { workloads } = cost;
    return [{ id, workloads, owners: ownersOf(workloads), what, advice, overlaps, ...costText(cost) }];
  });
}

/** What only looks idle, and a detector must leave alone. */
export function notWaste({ estate }: World) {
  return estate.resources
    .filter(({ labels }) => labels.trap === "busy-gpu-quiet-cpu")
    .map(({ id, workload }) => ({ resource: id, workload, why: "Its CPU is quiet, its GPU is busy." }));
}

/** Incidents and what only looks like one, that have begun by the window's end. One entry of `effects` for each part and currency. */
export function incidentTruth(world: World, copies: number) {
  return incidents(world)
    .filter(({ from }) => from < world.hours)
    .map(({ id, kind, day, from, until, workload, what, cause, change, effects }) => {
      const span = until === undefined ? { from } : { from, until };
      const costs = effects.flatMap((effect) => effectCost(world, { ...span, ...effect }, copies) ?? []);
      return {
        id,
        kind,
        day,
        from: isoTime(from),
        until: until === undefined ? null : isoTime(until),
        workload,
        owner: teams[workloadOf(workload).team].owner,
        what,
        cause,
        change: change === undefined ? null : changeId(change),
        effects: costs.map(costText),
      };
    });
}

const ownersOf = (workloads: readonly string[]): string[] => [
  ...new Set(workloads.map((workload) => teams[workloadOf(workload).team].owner)),
];

/** Effective cost, exactly: of all charges touched, of the part that is the cause's; and that per week of its time, to the cent. */
function costText({ from, until, currency, touched, caused, resources }: EffectCost) {
  return {
    from: isoTime(from),
    until: isoTime(until),
    currency,
    touchedEffectiveCost: formatDecimal(touched),
    causedEffectiveCost: formatDecimal(caused),
    causedPerWeek: formatDecimal(roundTo((caused * 168n) / BigInt(until - from), 2, "half-even")),
    resources,
  };
}
