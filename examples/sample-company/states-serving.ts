import { isWeekend, hourOfDay } from "./clock.ts";
import type { WorkloadState } from "./model.ts";
import { chance } from "./random.ts";
import { during, story } from "./story.ts";
import { dailyJitter, growth, hourly, jitter, officeHours, spikes } from "./traffic.ts";

const CHAT_REQUESTS_PER_REPLICA = 2000;
const CHAT_REPLICAS_PER_NODE = 4;
/** More than the launch needs: a lower limit would hide its cost. */
const CHAT_MOST = 32;

const launched = (hour: number): number => (hour >= story.launch ? story.launchFactor : 1);
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** How replicas follow what the traffic needs. */
export interface ChatScaling {
  /** The CPU signal asks for so many times what is needed. */
  readonly signalFactor: number;
  readonly minimum: number;
  /** Replicas given back in an hour at most: each burst restarts the 30 minutes of stabilisation. */
  readonly givenBackPerHour: number;
}
export const chatScaling: ChatScaling = { signalFactor: 1.15, minimum: 6, givenBackPerHour: 1 };

/** @returns machines of four replicas for each hour */
export function chatNodes(needed: Float64Array, scaling: ChatScaling): Float64Array {
  return chatReplicas(needed, scaling).map((count) => Math.ceil(count / CHAT_REPLICAS_PER_NODE));
}

function chatReplicas(needed: Float64Array, scaling: ChatScaling): Float64Array {
  let current = 10;
  return needed.map((need) => {
    const wanted = clamp(Math.ceil(need * scaling.signalFactor), scaling.minimum, CHAT_MOST);
    current = Math.max(wanted, current - scaling.givenBackPerHour);
    return current;
  });
}

/** Replicas that serve so many requests an hour. */
export const chatNeed = (requests: Float64Array): Float64Array =>
  requests.map((count) => clamp(Math.ceil(count / CHAT_REQUESTS_PER_REPLICA), 2, CHAT_MOST));

/** assistant-chat: pairs of H100 scaled badly. `replicasNeeded` is what the traffic needs. */
export function assistantChat(seed: number): WorkloadState {
  const of = chance(seed, "assistant-chat");
  const requests = hourly((hour) =>
    Math.round(
      34_500 *
        (0.08 + 0.92 * officeHours(hour)) *
        launched(hour) *
        growth(hour, 0.004) *
        jitter(of, hour, 0.05),
    ),
  );
  const needed = chatNeed(requests);
  const nodes = chatNodes(needed, chatScaling);
  return {
    requests,
    replicas: chatReplicas(needed, chatScaling),
    replicasNeeded: needed,
    nodes,
    gpus: nodes.map((count) => count * 8),
    busyGpus: needed.map((count) => count * 2),
    inputTokens: requests.map((count) => count * 900),
    outputTokens: requests.map((count) => count * 250),
    // One request in four resolves a ticket; outcomes start from here.
    tasks: requests.map((count) => Math.round(count / 4)),
  };
}

export const RERANK_MINIMUM = 2;
export const RERANK_MOST = 12;

/** search-rerank: spiky; the minimum of replicas goes from 2 to 8 on 08-12. */
export function searchRerank(seed: number): WorkloadState {
  const of = chance(seed, "search-rerank");
  const requests = hourly((hour) =>
    Math.round(26_000 * (0.15 + officeHours(hour)) * spikes(of, hour) * jitter(of, hour, 0.1)),
  );
  const needed = requests.map((count) => clamp(Math.ceil(count / 9000), 1, RERANK_MOST));
  const replicas = needed.map((need, hour) =>
    clamp(need, hour >= story.rerankMinimum ? 8 : RERANK_MINIMUM, RERANK_MOST),
  );
  return {
    requests,
    replicas,
    replicasNeeded: needed,
    nodes: replicas,
    gpus: replicas,
    busyGpus: needed.map((need, hour) => Math.min(need, replicas[hour] ?? need)),
  };
}

/** search-rerank-v1: nobody has called it since week 4, but it is up. */
export function searchRerankV1(seed: number): WorkloadState {
  const of = chance(seed, "search-rerank-v1");
  const requests = hourly((hour) =>
    hour >= story.silentEndpoint ? 0 : Math.round(700 * officeHours(hour) * jitter(of, hour, 0.15)),
  );
  return { requests, replicas: hourly(() => 1), gpus: hourly(() => 1) };
}

/** vision-infer: port authorities send pictures in daylight; A100s where L40S would meet the targets. */
export function visionInfer(seed: number): WorkloadState {
  const of = chance(seed, "vision-infer");
  const requests = hourly((hour) => {
    const daylight = Math.max(0.15, Math.sin(((hourOfDay(hour) - 3) / 18) * Math.PI));
    return Math.round(56_000 * daylight * (isWeekend(hour) ? 0.8 : 1) * jitter(of, hour, 0.05));
  });
  const needed = requests.map((count) => clamp(Math.ceil(count / 12_000), 2, 7));
  return {
    requests,
    replicas: needed,
    replicasNeeded: needed,
    nodes: needed,
    gpus: needed,
    busyGpus: needed,
  };
}

/** What an L4 machine embeds in an hour: its four cores read and tokenize no faster, so the GPU waits. */
export const EMBEDDED_PER_NODE_HOUR = 64_000;
/** Share of the corpus that has not changed since the night before. */
export const EMBEDDED_UNCHANGED = 0.7;

/** search-embed: the whole corpus every night from 22:00, most of it unchanged; from 07-20 there is less of it. */
export function searchEmbed(seed: number): WorkloadState {
  const of = chance(seed, "search-embed");
  const items = hourly((hour) => {
    if (!during((hour + 2) % 24, 0, 8)) return 0;
    const volume = hour >= story.embedBatchSize ? 0.8 : 1;
    return Math.round(1_900_000 * volume * dailyJitter(of, hour + 2, 0.04));
  });
  const nodes = items.map((count) => Math.ceil(count / EMBEDDED_PER_NODE_HOUR));
  return { items, nodes, gpus: nodes, busyGpus: nodes };
}

/** When anybody uses staging: weekdays from 08:00 to 18:00. */
export const stagingUsed = (hour: number): boolean => !isWeekend(hour) && during(hourOfDay(hour), 8, 18);

/** The copy of assistant and search in staging: always on, used on weekdays from 08:00 to 18:00. */
export function staging(seed: number): WorkloadState {
  const of = chance(seed, "staging");
  const requests = hourly((hour) => (stagingUsed(hour) ? Math.round(400 * jitter(of, hour, 0.3)) : 0));
  return {
    requests,
    replicas: hourly(() => 1),
    gpus: hourly(() => 3),
    busyGpus: hourly((hour) => (stagingUsed(hour) ? 3 : 0)),
    inputTokens: requests.map((count) => count * 2100),
    outputTokens: requests.map((count) => count * 300),
  };
}
