import { hourAt } from "./clock.ts";
import type { WorkloadState } from "./model.ts";
import type { World } from "./world.ts";

/** Hours of the world that calls and signals are written for: two days, on the second of which a deploy doubles a prompt. */
export interface ActivityHours {
  readonly from: number;
  readonly until: number;
}

const CALLS_FROM = hourAt("2026-07-13");
const CALLS_HOURS = 48;

/** The last two days of a world that ends before. */
export function activityHours({ hours }: World): ActivityHours {
  const until = Math.min(hours, CALLS_FROM + CALLS_HOURS);
  return { from: Math.max(0, until - CALLS_HOURS), until };
}

/** Part `index` of a whole number that is spread over `parts`, so that all of them add up to it. */
export const partOf = (total: number, index: number, parts: number): number =>
  Math.floor((total * (index + 1)) / parts) - Math.floor((total * index) / parts);

/** What one kind of caller does to one model. */
export interface Caller {
  readonly workload: string;
  readonly team: string;
  readonly environment: string;
  readonly provider: string;
  readonly model: string;
  readonly operation: "chat" | "embeddings";
  readonly step: string;
  readonly state: WorkloadState;
  /** One call in so many is written: traces are sampled. */
  readonly oneIn: number;
}

/** The model that assistant-chat serves, as its servers name it. */
export const CHAT_MODEL = "llama-3.3-70b-instruct-fp8";

/** Who calls which model. */
export function callers({ states, hours }: World): Caller[] {
  const agents = {
    workload: "assistant-agents",
    team: "assistant",
    environment: "production",
    oneIn: 1,
  } as const;
  const tasks = states["assistant-agents"].tasks ?? new Float64Array(hours);
  return [
    {
      ...agents,
      provider: "anthropic",
      model: "claude-sonnet-4-6",
      operation: "chat",
      step: "generate",
      state: states.agentsAnthropic,
    },
    {
      ...agents,
      provider: "openai",
      model: "gpt-5.6-terra",
      operation: "chat",
      step: "generate",
      state: states.agentsOpenai,
    },
    {
      ...agents,
      provider: "openai",
      model: "text-embedding-3-large",
      operation: "embeddings",
      step: "embed",
      state: { requests: tasks, inputTokens: tasks.map((count) => count * 1500) },
    },
    {
      workload: "assistant-classify",
      team: "assistant",
      environment: "production",
      provider: "openai",
      model: "gpt-5.5",
      operation: "chat",
      step: "label",
      oneIn: 1,
      state: states["assistant-classify"],
    },
    {
      workload: "eval-nightly",
      team: "platform",
      environment: "staging",
      provider: "openai",
      model: "gpt-5.6-terra",
      operation: "chat",
      step: "judge",
      oneIn: 1,
      state: states.evalCalls,
    },
    {
      workload: "assistant-chat",
      team: "assistant",
      environment: "production",
      provider: "vllm",
      model: CHAT_MODEL,
      operation: "chat",
      step: "answer",
      oneIn: 50,
      state: states["assistant-chat"],
    },
  ];
}
