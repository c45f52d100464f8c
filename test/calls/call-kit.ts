import type { Call, CallTokens } from "#facts/call.ts";

/** A call with little to say; `more` says the rest. */
export const call = (id: string, more: Partial<Call> = {}): Call => ({
  source: "gateway",
  id,
  start: Date.UTC(2026, 6, 14, 9),
  duration: 1_200_000,
  firstToken: 300_000,
  provider: "openai",
  operation: "chat",
  requestModel: "gpt-6-mini",
  responseModel: "gpt-6-mini-2026-05-01",
  region: null,
  tier: "standard",
  status: "ok",
  error: null,
  retry: null,
  tokens: tokens({ uncachedInput: 1000, visibleOutput: 200 }),
  tokensFault: null,
  requests: {},
  statedCost: null,
  statedCurrency: null,
  traceId: null,
  conversation: null,
  step: null,
  customer: null,
  promptHash: null,
  attributes: { team: "search", "service.name": "answers" },
  ...more,
});

/** Token counts, zero where nothing is said. */
export const tokens = (some: Partial<CallTokens>): CallTokens => ({
  uncachedInput: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  visibleOutput: 0,
  reasoningOutput: 0,
  audioInput: 0,
  imageInput: 0,
  videoInput: 0,
  audioOutput: 0,
  ...some,
});
