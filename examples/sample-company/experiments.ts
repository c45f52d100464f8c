import { formatDecimal, roundTo } from "#units/decimal.ts";
import { changeId, type ToldChange } from "./changes.ts";
import { effectCost, ofWorkload } from "./effects.ts";
import type { Meter } from "./model.ts";
import { isoTime } from "./clock.ts";
import { story } from "./story.ts";
import { teams, type WorkloadId, workloadOf } from "./workloads.ts";
import type { World } from "./world.ts";

/** A change made to save, and what it truly did. */
interface Experiment {
  readonly id: string;
  readonly workload: WorkloadId;
  readonly change: ToldChange;
  readonly from: number;
  readonly hypothesis: string;
  readonly unit: string;
  /** Effect on cost per unit as a ratio, as the world is built. */
  readonly trueEffect: number;
  readonly verdict: string;
  readonly meters: (meter: Meter) => boolean;
  readonly units: Float64Array | undefined;
  readonly guardrail?: {
    readonly name: string;
    readonly least: number;
    readonly before: number;
    readonly after: number;
  };
}

/** Agreement of labels with people's, before and after assistant-classify changed its model; outcomes start from these. */
export const labelAgreement = {
  name: "agreement with people's labels",
  least: 0.92,
  before: 0.95,
  after: 0.87,
} as const;

function experiments({ states }: World): Experiment[] {
  return [
    {
      id: "training-on-spot",
      workload: "vision-train",
      change: "trainOnSpot",
      from: story.trainOnSpot,
      hypothesis: "Spot capacity with checkpoints makes an epoch cheaper.",
      unit: "trained epoch",
      trueEffect: -0.35,
      verdict: "works",
      meters: ({ resource, sku }) =>
        resource.workload === "vision-train" && /^(Box|Spot)Usage:p5/.test(sku.meter),
      units: states["vision-train"].epochs,
    },
    {
      id: "embedding-batch-size",
      workload: "search-embed",
      change: "embedBatchSize",
      from: story.embedBatchSize,
      hypothesis: "A larger batch makes an embedding cheaper.",
      unit: "embedded item",
      trueEffect: 0,
      verdict: "no effect: cost fell because the corpus shrank by 20 % at the same time",
      meters: ofWorkload("search-embed", "BoxUsage:g6.xlarge"),
      units: states["search-embed"].items,
    },
    {
      id: "smaller-classifier",
      workload: "assistant-classify",
      change: "classifySmaller",
      from: story.classifySmaller,
      hypothesis: "A smaller model labels as well for less.",
      unit: "label",
      trueEffect: -0.8,
      verdict: "cheaper, but breaks its quality guardrail",
      meters: ofWorkload("assistant-classify"),
      units: states["assistant-classify"].items,
      guardrail: labelAgreement,
    },
  ];
}

/** The experiments that had started by the window's end, with cost per unit before and after as the bills have it. */
export function experimentsOf(world: World) {
  return experiments(world)
    .filter(({ from }) => from < world.hours)
    .map(({ meters, units, from, change, workload, ...rest }) => ({
      ...rest,
      workload,
      owner: teams[workloadOf(workload).team].owner,
      change: changeId(change),
      from: isoTime(from),
      before: costPerUnit(world, meters, units, 0, from),
      after: costPerUnit(world, meters, units, from, world.hours),
    }));
}

function costPerUnit(
  world: World,
  touches: (meter: Meter) => boolean,
  units: Float64Array | undefined,
  from: number,
  until: number,
) {
  const cost = effectCost(world, { touches, from, until }, 1)?.touched ?? 0n;
  const count = Math.round((units ?? new Float64Array()).slice(from, until).reduce((a, b) => a + b, 0));
  const perUnit = count === 0 ? 0n : roundTo(cost / BigInt(count), 9, "half-even");
  return { units: count, effectiveCost: formatDecimal(cost), costPerUnit: formatDecimal(perUnit) };
}
