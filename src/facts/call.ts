import type { Instant } from "#units/instant.ts";

/** How a call ended; unknown where its source does not tell. */
export const callStatuses = ["ok", "error", "unknown"] as const;
export type CallStatus = (typeof callStatuses)[number];

/**
 * Tokens of a call as a partition: the classes add up to the totals and none is counted twice. Whole numbers; null is unknown, not zero.
 * Where a source tells no more than the totals, all input is uncached and all output visible.
 */
export interface CallTokens {
  readonly uncachedInput: number;
  readonly cacheRead: number;
  /** Written to a cache that lives five minutes, or of a lifetime that the source does not tell. */
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly visibleOutput: number;
  readonly reasoningOutput: number;
  /** Of the input and output above, those that are no text; subsets, not classes of their own. */
  readonly audioInput: number;
  readonly imageInput: number;
  readonly videoInput: number;
  readonly audioOutput: number;
}

/**
 * One request to a model, wherever it ran. Names are those of OpenTelemetry's GenAI conventions; no text of a prompt or an answer is
 * ever part of it.
 */
export interface Call {
  /** Who delivered it: an application, a gateway. */
  readonly source: string;
  /** Unique within its source, and the same each time that the call is delivered: trace and span id, or the gateway's request id. */
  readonly id: string;
  readonly start: Instant;
  /** Whole microseconds. */
  readonly duration: number | null;
  /** Whole microseconds to the first token or chunk. */
  readonly firstToken: number | null;
  /** gen_ai.provider.name: openai, anthropic, aws.bedrock, vllm, … */
  readonly provider: string;
  /** gen_ai.operation.name: chat, embeddings, text_completion, … */
  readonly operation: string;
  readonly requestModel: string | null;
  readonly responseModel: string | null;
  readonly region: string | null;
  /** standard, batch, priority, flex; null where the source does not tell. */
  readonly tier: string | null;
  readonly status: CallStatus;
  /** error.type of a failed call. */
  readonly error: string | null;
  /** True of a call that repeats a failed one. */
  readonly retry: boolean | null;
  /** Undefined parts were not told; a call whose counts make no partition has none, and says why. */
  readonly tokens: CallTokens | null;
  readonly tokensFault: string | null;
  /** Requests that are priced singly, such as web searches. */
  readonly requests: Readonly<Record<string, number>>;
  /** What the source itself says the call cost, as exact decimal text, and its currency: an estimate, never a price of ours. */
  readonly statedCost: string | null;
  readonly statedCurrency: string | null;
  readonly traceId: string | null;
  readonly conversation: string | null;
  /** Agent, workflow or prompt by name. */
  readonly step: string | null;
  /** The customer, tenant or end user on whose behalf it ran. */
  readonly customer: string | null;
  /** A keyed hash of the prompt, where one was asked for. */
  readonly promptHash: string | null;
  /** Who owns it and what else is told: resource attributes, tags and labels, as delivered. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Only of what is no single call but a sum of several, as providers' usage reports give them. */
  readonly summed?: SummedCalls;
}

/** What a usage report tells of the calls that it sums up. */
export interface SummedCalls {
  /** How many they are; null where the report does not say. */
  readonly calls: number | null;
  /** Input tokens of one of them, as near as the report tells: prices of some models go by it. */
  readonly contextTokens: number | null;
}
