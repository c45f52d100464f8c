import { decimal, multiply } from "#units/decimal.ts";
import { billingPeriodOf } from "./clock.ts";
import { type Effect, labelled, ofWorkload, share } from "./effects.ts";
import { INTERRUPTED_NIGHTS } from "./estate-batch.ts";
import type { Meter } from "./model.ts";
import { embedOnCpu, eurosPerDollar, l40sPerHour, spotShareOfList } from "./prices.ts";
import { checkpoint, EPOCHS_PER_NIGHT, evaluation, SPOT_OVERHEAD } from "./states-batch.ts";
import { chatNodes, chatScaling, EMBEDDED_PER_NODE_HOUR, EMBEDDED_UNCHANGED } from "./states-serving.ts";
import { story } from "./story.ts";
import type { Waste } from "./waste.ts";
import type { World } from "./world.ts";

const isMachine = ({ sku }: Meter): boolean => /^(BoxUsage|SpotUsage)/.test(sku.meter);

/** Machines that do useful work, but more of them, dearer or for longer than the work needs. */
export function scaledWastes({ states }: World): Waste[] {
  const { nodes = new Float64Array(), replicasNeeded = new Float64Array() } = states["assistant-chat"];
  const best = chatNodes(replicasNeeded, { signalFactor: 1, minimum: 2, givenBackPerHour: Infinity });
  const pool = ({ resource }: Meter): boolean =>
    resource.labels.nodePool === "chat-h100" || resource.name.startsWith("chat-h100");
  return [
    {
      id: "vision-infer-on-a100",
      what: "Inference on A100 80GB where an L40S of the GPU cloud meets its targets.",
      advice: "Move vision-infer to L40S, one for one.",
      effect: { touches: labelled("vision-infer-on-a100"), excess: overL40s },
    },
    {
      id: "search-embed-on-gpu",
      what: "Nightly embeddings on L4 that wait for their CPU; CPU machines meet the deadline.",
      advice: "Run search-embed on c7i.4xlarge: two of them embed what three L4 machines do.",
      overlaps: ["embeddings-recomputed"],
      effect: {
        touches: (meter) => ofWorkload("search-embed", "BoxUsage:g6.xlarge")(meter),
        excess: ({ contracted }) => {
          const nodes = decimal(String(EMBEDDED_PER_NODE_HOUR / embedOnCpu.itemsPerHour));
          return contracted - cents(multiply(decimal(embedOnCpu.perHour), nodes, "half-even"));
        },
      },
    },
    {
      id: "embeddings-recomputed",
      what: "Seven of ten embeddings are computed again though their text has not changed.",
      advice: "Keep a hash of each text and skip what is unchanged.",
      overlaps: ["search-embed-on-gpu"],
      effect: {
        touches: labelled("search-embed-on-gpu"),
        micro: share(() => EMBEDDED_UNCHANGED),
      },
    },
    {
      id: "assistant-chat-scaling",
      what: `A CPU signal asks for ${chatScaling.signalFactor} times what is needed, scale-down waits, and six replicas stay up at night.`,
      advice: "Scale on queue length with 5 minutes of stabilisation and a night window of two replicas.",
      effect: {
        touches: pool,
        micro: share((hour) => 1 - (best[hour] ?? 0) / (nodes[hour] ?? 1)),
      },
    },
    trainingOnDemand(),
    checkpointWaits(),
    {
      id: "model-reloaded",
      what: "Every task of eval-nightly loads the model again: 6 of 20 minutes.",
      advice: "Keep the model loaded for all tasks of a night.",
      effect: {
        touches: labelled("model-reloaded"),
        micro: share(
          () => ((evaluation.tasksPerNight - 1) * evaluation.loadMinutes) / evaluation.minutesPerNight,
        ),
      },
    },
  ];
}

/** Prices of alternatives at six decimals, as invoices have them. */
const cents = (units: bigint): bigint => units - (units % 10n ** 12n);

function overL40s({ contracted }: { contracted: bigint }, hour: number): bigint {
  const rate = eurosPerDollar[billingPeriodOf(hour).month as keyof typeof eurosPerDollar];
  return contracted - cents(multiply(decimal(l40sPerHour), decimal(rate), "half-even"));
}

function trainingOnDemand(): Waste {
  const shareOfList = decimal((spotShareOfList * SPOT_OVERHEAD).toFixed(6));
  return {
    id: "training-on-demand",
    what: "Nightly training on demand though it has checkpoints and slack until morning.",
    advice: "Train on spot capacity, resume from the newest checkpoint.",
    effect: {
      until: story.trainOnSpot,
      touches: (meter) => labelled("training-on-demand")(meter) && isMachine(meter),
      excess: ({ list, contracted }) => contracted - cents(multiply(list, shareOfList, "half-even")),
    },
  };
}

/** What training loses to saves and to work repeated after an interruption, at one interval over another. */
function checkpointWaits(): Waste {
  const secondsBetweenInterruptions = (EPOCHS_PER_NIGHT * SPOT_OVERHEAD * 3600) / INTERRUPTED_NIGHTS;
  const lost = (minutes: number): number =>
    checkpoint.saveSeconds / (minutes * 60) + (minutes * 60) / 2 / secondsBetweenInterruptions;
  const effect: Effect = {
    from: story.trainOnSpot,
    touches: (meter) => ofWorkload("vision-train")(meter) && meter.sku.meter.startsWith("SpotUsage"),
    micro: share(() => lost(checkpoint.everyMinutes) - lost(checkpoint.bestMinutes)),
  };
  return {
    id: "checkpoints-too-often",
    what: "Training waits 15 s for a checkpoint every 10 minutes; with a failure every 66 hours one in 45 minutes loses least.",
    advice: "Checkpoint every 45 minutes.",
    effect,
  };
}
