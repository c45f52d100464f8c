import { daySum, ofWorkload, share } from "./effects.ts";
import type { Meter, WorkloadState } from "./model.ts";
import { batchShare, classifierShare } from "./prices.ts";
import { agentCall } from "./states-calls.ts";
import { story } from "./story.ts";
import type { Waste } from "./waste.ts";
import type { World } from "./world.ts";

/** What calls to model providers cost too much. */
export function modelWastes({ states }: World): Waste[] {
  const at = ({ resource }: Meter): WorkloadState =>
    resource.account.source === "openai" ? states.agentsOpenai : states.agentsAnthropic;
  return [
    {
      id: "duplicate-calls",
      what: "11 % of the calls repeat an earlier one to the letter.",
      advice: "Cache answers by a hash of the request.",
      overlaps: ["uncached-prefix"],
      effect: { touches: ofWorkload("assistant-agents"), micro: share(() => agentCall.duplicateShare) },
    },
    {
      id: "uncached-prefix",
      what: "45 % of each prompt is a prefix that the provider could serve from its cache, and does not.",
      advice: "Put what never changes first and mark it for caching.",
      overlaps: ["duplicate-calls"],
      effect: {
        touches: ({ resource, sku }) =>
          resource.workload === "assistant-agents" &&
          sku.details.TokenCacheAction === "Uncached" &&
          !sku.meter.startsWith("text-embedding"),
        micro: (meter, day) => Math.round(daySum(at(meter).inputTokens, day) * agentCall.cacheableShare),
        // A token read from the cache costs a tenth.
        excess: ({ contracted }) => (contracted * 9n) / 10n,
      },
    },
    {
      id: "classify-model-too-dear",
      what: "A large model gives labels that a small fine-tuned one gives as well for a tenth of the cost.",
      advice: "Fine-tune a small model on past labels; check it against the quality guardrail first.",
      effect: {
        until: story.classifySmaller,
        touches: ofWorkload("assistant-classify"),
        micro: share(() => 1 - classifierShare),
      },
    },
    {
      id: "evaluation-at-interactive-price",
      what: "Judge calls that nobody waits for are made one by one at the interactive price.",
      advice: "Send them to the batch endpoint at half the price.",
      effect: {
        touches: ({ resource }) =>
          resource.workload === "eval-nightly" && resource.account.source === "openai",
        micro: share(() => 1 - batchShare),
      },
    },
  ];
}
