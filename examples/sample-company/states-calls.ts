import type { WorkloadState } from "./model.ts";
import { chance } from "./random.ts";
import { during, story } from "./story.ts";
import { growth, hourly, jitter, officeHours } from "./traffic.ts";

const launched = (hour: number): number => (hour >= story.launch ? story.launchFactor : 1);

/** What one generating call of assistant-agents sends and gets back. */
export const agentCall = {
  callsPerTask: 13,
  promptTokens: 4000,
  /** Share of the prompt that the provider serves from its prefix cache; a further 45 % could be and isn't. */
  cachedShare: 0.25,
  cacheableShare: 0.45,
  /** Chosen so that the doubled prompt without cache costs 70 % more per task at either provider's prices. */
  outputTokens: { anthropic: 780, openai: 650 },
  /** Share of calls that go to each provider. */
  share: { anthropic: 0.6, openai: 0.4 },
  embedTokensPerTask: 1500,
  /** Share of calls that repeat an earlier one to the letter. */
  duplicateShare: 0.11,
} as const;

/** Attempts for one call: five in a hundred are repeated; in the outage every call is tried four times. */
export const NORMAL_ATTEMPTS = 1.05;
export const STORM_ATTEMPTS = 4;

/** assistant-agents at one of its two providers. Prompts of failed attempts are billed, answers aren't. */
export function agentsAt(seed: number, provider: "anthropic" | "openai"): WorkloadState {
  const tasks = agentTasks(seed);
  const calls = tasks.map((count) => count * agentCall.callsPerTask * agentCall.share[provider]);
  const attempts = calls.map((count, hour) =>
    Math.round(count * (provider === "openai" && storm(hour) ? STORM_ATTEMPTS : NORMAL_ATTEMPTS)),
  );
  const prompt = (hour: number): number => agentCall.promptTokens * (longPrompt(hour) ? 2 : 1);
  const sent = attempts.map((count, hour) => Math.round(count * prompt(hour)));
  const cached = sent.map((tokens, hour) =>
    longPrompt(hour) ? 0 : Math.round(tokens * agentCall.cachedShare),
  );
  return {
    requests: calls.map(Math.round),
    attempts,
    failedAttempts: attempts.map((count, hour) => Math.round(count - (calls[hour] ?? 0))),
    inputTokens: sent,
    cachedTokens: cached,
    outputTokens: calls.map((count) => Math.round(count * agentCall.outputTokens[provider])),
  };
}

/** Completed tasks of assistant-agents, the outcome its cost is divided by; the outage doesn't stop them. */
export function agentTasks(seed: number): Float64Array {
  const of = chance(seed, "assistant-agents");
  return hourly((hour) =>
    Math.round(740 * officeHours(hour) * launched(hour) * growth(hour, 0.002) * jitter(of, hour, 0.05)),
  );
}

/** v2.31 doubled the prompt and broke the prefix cache, until v2.34. */
const longPrompt = (hour: number): boolean => during(hour, story.agentsPromptFrom, story.agentsPromptUntil);
const storm = (hour: number): boolean => during(hour, story.outageFrom, story.outageUntil);

/** assistant-classify: one label per incoming message. */
export function assistantClassify(seed: number): WorkloadState {
  const of = chance(seed, "assistant-classify");
  const items = hourly((hour) =>
    Math.round(7500 * officeHours(hour) * launched(hour) * jitter(of, hour, 0.05)),
  );
  return {
    items,
    requests: items,
    inputTokens: items.map((count) => count * 900),
    outputTokens: items.map((count) => count * 12),
  };
}

/** eval-nightly's judge calls: nobody waits for them, yet they are made one by one at the interactive price. */
export function evalCalls(seed: number): WorkloadState {
  const of = chance(seed, "eval-calls");
  const requests = hourly((hour) =>
    during(hour % 24, 1, 5) ? Math.round(1500 * jitter(of, hour, 0.08)) : 0,
  );
  return {
    requests,
    inputTokens: requests.map((count) => count * 2200),
    outputTokens: requests.map((count) => count * 180),
  };
}
