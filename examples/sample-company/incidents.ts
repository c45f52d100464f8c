import { type ToldChange } from "./changes.ts";
import { hourAt, isWeekend } from "./clock.ts";
import { daySum, type Effect, ofWorkload, share } from "./effects.ts";
import { WHOLE } from "./estate.ts";
import type { Meter, WorkloadState } from "./model.ts";
import { logGrowth, retentionRemoved } from "./states-batch.ts";
import { agentCall, NORMAL_ATTEMPTS, STORM_ATTEMPTS } from "./states-calls.ts";
import { chatNeed, chatNodes, chatScaling, RERANK_MINIMUM } from "./states-serving.ts";
import { story } from "./story.ts";
import { growth } from "./traffic.ts";
import type { WorkloadId } from "./workloads.ts";
import type { World } from "./world.ts";

/** Something that moves the bills at a time, and why. */
export interface Incident {
  readonly id: string;
  /** incident: alert its owner; price: a provider's doing; drift: too slow for a day's alarm; expected: alert nobody. */
  readonly kind: "incident" | "price" | "drift" | "expected";
  readonly day: string;
  readonly from: number;
  readonly until?: number;
  readonly workload: WorkloadId;
  readonly what: string;
  readonly cause: string;
  readonly change?: ToldChange;
  /** What it added to the bills between `from` and `until`; empty if it added nothing. */
  readonly effects: readonly Effect[];
}

export function incidents(world: World): Incident[] {
  const { states } = world;
  return [
    {
      id: "logs-without-retention",
      kind: "drift",
      day: "2026-06-01",
      from: 0,
      workload: "logs",
      what: "The logs bucket grows 4 % a week where 1 % was usual.",
      cause: "Retention was removed in May.",
      change: "retention",
      effects: [
        {
          touches: ofWorkload("logs", "TimedStorage"),
          micro: share(
            (hour) =>
              1 -
              growth(hour - retentionRemoved, logGrowth.usual) /
                growth(hour - retentionRemoved, logGrowth.now),
          ),
        },
      ],
    },
    {
      id: "nat-without-s3-endpoint",
      kind: "incident",
      day: "2026-06-24",
      from: story.natFrom,
      until: story.natUntil,
      workload: "nat",
      what: "The cost of NAT is six times as high for three days.",
      cause: "An apply of the platform team removed the S3 endpoint.",
      change: "natEndpoint",
      effects: [
        {
          touches: ({ resource, sku }) => resource.name === "nat-main" && sku.meter === "NatGateway-Bytes",
          micro: (_, hour) => Math.round((states.natExtra.movedGigabytes?.[hour] ?? 0) * WHOLE),
        },
      ],
    },
    {
      id: "list-price-cut",
      kind: "price",
      day: "2026-07-01",
      from: story.priceCut,
      workload: "assistant-agents",
      what: "The price of gpt-5.6-terra falls by 20 %.",
      cause: "Price change of the provider.",
      change: "priceCut",
      effects: [
        {
          touches: ({ sku }) => sku.meter.startsWith("gpt-5.6-terra"),
          excess: ({ contracted }, _, { sku }) => contracted - (sku.prices[0]?.contracted ?? contracted),
        },
      ],
    },
    {
      id: "agents-prompt-doubled",
      kind: "incident",
      day: "2026-07-14",
      from: story.agentsPromptFrom,
      until: story.agentsPromptUntil,
      workload: "assistant-agents",
      what: "A task of assistant-agents costs 70 % more at equal volume.",
      cause: "v2.31 doubled the prompt and broke the prefix cache.",
      change: "agentsPrompt",
      effects: [prompts(states.agentsAnthropic, "anthropic"), prompts(states.agentsOpenai, "openai")],
    },
    {
      id: "sweep-grid-typo",
      kind: "incident",
      day: "2026-07-22",
      from: story.sweepTypoFrom,
      until: story.sweepTypoUntil,
      workload: "sweeps",
      what: "Sweeps run on a hundred machines for a night.",
      cause: "A typo in the grid of a job that research submitted.",
      change: "sweepTypo",
      effects: [
        {
          touches: (meter) =>
            ofWorkload("sweeps")(meter) && /^sweep-(\d\d\d|[2-9]\d|1[1-9])\b/.test(meter.resource.name),
        },
      ],
    },
    {
      id: "assistant-launch",
      kind: "expected",
      day: "2026-08-04",
      from: story.launch,
      workload: "assistant-chat",
      what: "Everything of the assistant costs 35 % more; unit cost is flat.",
      cause: "The product was launched in new markets.",
      change: "launch",
      effects: launch(world),
    },
    {
      id: "rerank-minimum-raised",
      kind: "incident",
      day: "2026-08-12",
      from: story.rerankMinimum,
      workload: "search-rerank",
      what: "search-rerank shifts to a higher level and stays there.",
      cause: "An apply of the search team raised the minimum of replicas from 2 to 8.",
      change: "rerankMinimum",
      effects: [
        {
          touches: ofWorkload("search-rerank"),
          micro: share((hour) => {
            const { replicas, replicasNeeded } = states["search-rerank"];
            const enough = Math.max(RERANK_MINIMUM, replicasNeeded?.[hour] ?? 0);
            return 1 - enough / (replicas?.[hour] ?? enough);
          }),
        },
      ],
    },
    {
      id: "retry-storm",
      kind: "incident",
      day: "2026-08-19",
      from: story.outageFrom,
      until: story.outageUntil,
      workload: "assistant-agents",
      what: "Calls to OpenAI fail and are tried four times for five hours.",
      cause: "An outage of the provider; no change of the company.",
      effects: [storm(states.agentsOpenai)],
    },
    ...scheduled,
  ];
}

/** What looks odd and is as it should be. */
const scheduled: readonly Incident[] = [
  {
    id: "weekend-fine-tunes",
    kind: "expected",
    day: "2026-06-06",
    from: hourAt("2026-06-06"),
    workload: "finetune-weekly",
    what: "Twenty hours of eight A100 from every Saturday, 08:00.",
    cause: "Schedule.",
    effects: [
      { touches: ofWorkload("finetune-weekly", "ND96"), micro: share((hour) => (isWeekend(hour) ? 1 : 0)) },
    ],
  },
  {
    id: "month-first-fees",
    kind: "expected",
    day: "2026-06-01",
    from: 0,
    workload: "fees",
    what: "Support, the tracker's subscription and the platform fee are charged on the first of a month.",
    cause: "Schedule.",
    effects: [],
  },
  {
    id: "late-data",
    kind: "expected",
    day: "2026-08-27",
    from: story.lateFrom,
    workload: "cluster",
    what: "The last days of August look low until AWS delivers the month again.",
    cause: "Late data: see `late` for what was missing.",
    effects: [],
  },
];

/** The doubled prompt: all of it uncached, where a quarter of half as much was read from the cache. */
function prompts({ inputTokens }: WorkloadState, source: "anthropic" | "openai"): Effect {
  const { cachedShare } = agentCall;
  return {
    touches: ({ resource, sku }) =>
      resource.account.source === source &&
      resource.workload === "assistant-agents" &&
      sku.details.TokenDirection === "Input" &&
      !sku.meter.startsWith("text-embedding"),
    micro: ({ sku }, day) => {
      const sent = daySum(inputTokens, day, story.agentsPromptFrom, story.agentsPromptUntil);
      const usual = sku.details.TokenCacheAction === "Read" ? cachedShare / 2 : (1 - cachedShare) / 2;
      return Math.round(sent * ((sku.details.TokenCacheAction === "Read" ? 0 : 1) - usual));
    },
  };
}

function storm({ inputTokens }: WorkloadState): Effect {
  return {
    touches: ({ resource, sku }) =>
      resource.account.source === "openai" &&
      resource.workload === "assistant-agents" &&
      sku.details.TokenDirection === "Input" &&
      !sku.meter.startsWith("text-embedding"),
    micro: ({ sku }, day) => {
      const sent = daySum(inputTokens, day, story.outageFrom, story.outageUntil);
      const read =
        sku.details.TokenCacheAction === "Read" ? agentCall.cachedShare : 1 - agentCall.cachedShare;
      return Math.round(sent * (1 - NORMAL_ATTEMPTS / STORM_ATTEMPTS) * read);
    },
  };
}

function launch({ states }: World): Effect[] {
  const { nodes = new Float64Array(), requests = new Float64Array() } = states["assistant-chat"];
  const before = requests.map((count, hour) => (hour < story.launch ? count : count / story.launchFactor));
  const without = chatNodes(chatNeed(before), chatScaling);
  const ofCalls = ({ resource }: Meter): boolean =>
    ["assistant-agents", "assistant-classify"].includes(resource.workload);
  return [
    {
      touches: ({ resource }) =>
        resource.workload === "assistant-chat" && resource.name.startsWith("chat-h100"),
      micro: share((hour) => 1 - (without[hour] ?? 0) / (nodes[hour] ?? 1)),
    },
    { touches: ofCalls, micro: share(() => 1 - 1 / story.launchFactor) },
  ];
}
