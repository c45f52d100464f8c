import { formatDecimal } from "#units/decimal.ts";
import { changeId } from "./changes.ts";
import { hourAt, isoTime } from "./clock.ts";
import type { Delivery } from "./deliveries.ts";
import { effectCost, type EffectCost } from "./effects.ts";
import { incidents } from "./incidents.ts";
import { SPOT_OVERHEAD } from "./states-batch.ts";
import { spotShareOfList } from "./prices.ts";
import { story } from "./story.ts";
import { bookTruth, deliveryTruth } from "./truth-books.ts";
import { wastes } from "./waste.ts";
import { teams, workloadOf } from "./workloads.ts";
import type { World } from "./world.ts";

/**
 * `truth.json`: what is known of the company because it is made up, and what analyses of its bills are judged against. All amounts
 * are exact; `caused` is the part of the effective cost that a waste or an incident added.
 * @param copies how often each resource of a FOCUS bill is repeated
 */
export function truthFile(world: World, deliveries: readonly Delivery[], copies: number) {
  return {
    simulated: "This company is made up. Nothing here was measured anywhere.",
    seed: world.seed,
    from: isoTime(0),
    until: isoTime(world.hours),
    copies,
    books: bookTruth(world, deliveries),
    deliveries: deliveryTruth(deliveries),
    waste: wasteTruth(world, copies),
    incidents: incidentTruth(world, copies),
    experiments: experiments
      .filter(({ at }) => at < world.hours)
      .map(({ at, ...rest }) => ({ from: isoTime(at), ...rest })),
    leases: leases.map(({ end, gone, workload }) => ({
      workload,
      owner: teams[workloadOf(workload).team].owner,
      end: isoTime(end),
      tornDown: gone === undefined ? null : isoTime(gone),
    })),
  };
}

const weeks = ({ from, until }: EffectCost): number => (until - from) / 168;

function costText(cost: EffectCost) {
  const perWeek = Number(formatDecimal(cost.caused)) / weeks(cost);
  return {
    from: isoTime(cost.from),
    until: isoTime(cost.until),
    currency: cost.currency,
    touchedEffectiveCost: formatDecimal(cost.touched),
    causedEffectiveCost: formatDecimal(cost.caused),
    aboutPerWeek: Math.round(perWeek),
    resources: cost.resources,
  };
}

function wasteTruth(world: World, copies: number) {
  return wastes(world).flatMap(({ id, workload, what, advice, overlaps, effect }) => {
    const cost = effectCost(world, effect, copies);
    if (cost === undefined) return [];
    const { owner } = teams[workloadOf(workload).team];
    return [{ id, workload, owner, what, advice, overlaps: overlaps ?? [], ...costText(cost) }];
  });
}

function incidentTruth(world: World, copies: number) {
  return incidents(world).flatMap(
    ({ id, kind, day, from, until, workload, what, cause, change, effects }) => {
      if (from >= world.hours) return [];
      const costs = effects.flatMap((effect) => effectCost(world, effect, copies) ?? []);
      const { owner } = teams[workloadOf(workload).team];
      return [
        {
          id,
          kind,
          day,
          from: isoTime(from),
          until: until === undefined ? null : isoTime(until),
          workload,
          owner,
          what,
          cause,
          change: change === undefined ? null : changeId(change),
          effects: costs.map(costText),
        },
      ];
    },
  );
}

/** Trials whose true effect is known; an analysis must find the first, refuse the second and stop at the third's guardrail. */
const experiments = [
  {
    id: "training-on-spot",
    at: story.trainOnSpot,
    workload: "vision-train",
    unit: "trained epoch",
    trueEffectRatio: Number((spotShareOfList * SPOT_OVERHEAD - 1).toFixed(3)),
    note: "Against the list price of the machine; before, it was bought at the negotiated price.",
  },
  {
    id: "embedding-batch-size",
    at: story.embedBatchSize,
    workload: "search-embed",
    unit: "million embedded texts",
    trueEffectRatio: 0,
    note: "The bill fell because a fifth of the corpus was gone.",
  },
  {
    id: "smaller-classifier",
    at: story.classifySmaller,
    workload: "assistant-classify",
    unit: "label",
    trueEffectRatio: -0.8,
    note: "The quality guardrail is broken: cheaper and not good enough.",
  },
];

/** Four sandboxes: one within its lease, one torn down in time, one 19 days late, one whose lease ended and that is still there. */
const leases = [
  { workload: "sandbox-rag", end: hourAt("2026-09-15"), gone: undefined },
  { workload: "sandbox-vlm", end: hourAt("2026-08-01"), gone: hourAt("2026-08-01") },
  { workload: "sandbox-diffusion", end: story.sandboxEnded, gone: story.sandboxGone },
  { workload: "sandbox-voice", end: hourAt("2026-07-01"), gone: undefined },
];
