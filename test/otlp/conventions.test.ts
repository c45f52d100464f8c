import { describe, expect, test } from "vitest";
import type { Call } from "#facts/call.ts";
import { keyKind } from "#ingest/calls/content-keys.ts";
import { customerNames, names } from "#ingest/otlp/span-texts.ts";
import { countNames } from "#ingest/otlp/span-usage.ts";
import { readSpans, type TestSpan } from "./span-body.ts";

const callOf = async (
  attributes: Readonly<Record<string, unknown>>,
  span: TestSpan = {},
): Promise<Call | undefined> => (await readSpans([{ ...span, attributes }])).calls[0];

const tokens = (of: Partial<Call["tokens"] & object>): object => ({
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
  ...of,
});

const cached = tokens({
  uncachedInput: 200,
  cacheRead: 700,
  cacheWrite5m: 100,
  visibleOutput: 60,
  reasoningOutput: 40,
});

/** The same call in every spelling. */
const spellings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "the first generation": {
    "gen_ai.system": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.usage.prompt_tokens": 1000,
    "gen_ai.usage.completion_tokens": 100,
    "gen_ai.usage.cache_read_input_tokens": 700,
    "gen_ai.usage.cache_creation_input_tokens": 100,
    "gen_ai.usage.reasoning_tokens": 40,
  },
  "the second generation": {
    "gen_ai.operation.name": "chat",
    "gen_ai.system": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cache_read_input_tokens": 700,
    "gen_ai.usage.cache_creation_input_tokens": 100,
    "gen_ai.usage.reasoning_tokens": 40,
  },
  "the third generation": {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cache_read.input_tokens": 700,
    "gen_ai.usage.cache_creation.input_tokens": 100,
    "gen_ai.usage.reasoning.output_tokens": 40,
  },
  OpenInference: {
    "openinference.span.kind": "LLM",
    "llm.provider": "anthropic",
    "llm.model_name": "claude-sonnet-4-5",
    "llm.token_count.prompt": 1000,
    "llm.token_count.completion": 100,
    "llm.token_count.prompt_details.cache_read": 700,
    "llm.token_count.prompt_details.cache_write": 100,
    "llm.token_count.completion_details.reasoning": 40,
    "llm.token_count.total": 1100,
  },
  OpenLLMetry: {
    "llm.request.type": "chat",
    "gen_ai.system": "Anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cache_read.input_tokens": 700,
    "gen_ai.usage.cache_creation.input_tokens": 100,
    "llm.usage.reasoning_tokens": 40,
    "llm.usage.total_tokens": 1100,
    "traceloop.span.kind": "task",
  },
};

test.each(Object.entries(spellings))("%s: the same tokens of the same model", async (_, attributes) => {
  expect(await callOf(attributes, { name: "chat claude-sonnet-4-5" })).toMatchObject({
    provider: "anthropic",
    operation: "chat",
    requestModel: "claude-sonnet-4-5",
    tokens: cached,
    tokensFault: null,
    status: "ok",
  });
});

test("modalities are subsets of input and output", async () => {
  const call = await callOf({
    "gen_ai.operation.name": "generate_content",
    "gen_ai.provider.name": "gcp.gemini",
    "gen_ai.usage.input_tokens": 300,
    "gen_ai.usage.text.input_tokens": 60,
    "gen_ai.usage.image.input_tokens": 200,
    "gen_ai.usage.audio.input_tokens": 30,
    "gen_ai.usage.video.input_tokens": 10,
    "gen_ai.usage.output_tokens": 50,
    "gen_ai.usage.audio.output_tokens": 20,
  });
  expect(call?.tokens).toEqual(
    tokens({
      uncachedInput: 300,
      imageInput: 200,
      audioInput: 30,
      videoInput: 10,
      visibleOutput: 50,
      audioOutput: 20,
    }),
  );
});

test("counts that only Anthropic's own rule explains are read by it", async () => {
  const counts = {
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": 3,
    "gen_ai.usage.cache_creation.input_tokens": 12_304,
    "gen_ai.usage.cache_read.input_tokens": 0,
    "gen_ai.usage.output_tokens": 550,
  };
  expect((await callOf({ ...counts, "gen_ai.provider.name": "anthropic" }))?.tokens).toEqual(
    tokens({ uncachedInput: 3, cacheWrite5m: 12_304, visibleOutput: 550 }),
  );
  expect(await callOf({ ...counts, "gen_ai.provider.name": "openai" })).toMatchObject({
    tokens: null,
    tokensFault: "cached-exceeds-input: cached 12304 of 3",
  });
});

describe("counts that are none", () => {
  const chat = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.usage.output_tokens": 5,
  };
  test.each([
    [-1, "not-a-count: input -1"],
    [1.5, "not-a-count: input 1.5"],
    ["9223372036854775807", 'not-a-count: gen_ai.usage.input_tokens "9223372036854775807"'],
    ["forty umbrellas", "not-a-count: gen_ai.usage.input_tokens"],
  ])("%s", async (input, tokensFault) => {
    expect(await callOf({ ...chat, "gen_ai.usage.input_tokens": input })).toMatchObject({
      tokens: null,
      tokensFault,
    });
  });

  test("none at all is unknown, not zero and not a fault", async () => {
    expect(await callOf({ "gen_ai.operation.name": "chat" })).toMatchObject({
      tokens: null,
      tokensFault: null,
    });
    const told = await callOf({ "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 0 });
    expect(told?.tokens).toEqual(tokens({}));
  });
});

test("every name that is read may be kept", () => {
  const all = [...Object.values(names).flat(), ...countNames, ...customerNames];
  const more =
    "gen_ai.response.id gen_ai.response.finish_reasons gen_ai.agent.id service.name k8s.pod.name cost_center env";
  expect([...all, ...more.split(" ")].filter((name) => keyKind(name) !== "plain")).toEqual([]);
});

test("errors, tiers, regions, customers and stated cost", async () => {
  expect(
    await callOf(
      {
        "openinference.span.kind": "LLM",
        "llm.provider": "aws",
        "llm.cost.total": 0.0000125,
        "openai.response.service_tier": "priority",
        "server.address": "bedrock-runtime.eu-west-1.amazonaws.com",
        "session.id": "session-1",
        "user.id": "user-1",
      },
      {
        status: 2,
        events: [
          {
            name: "exception",
            timeUnixNano: "1",
            attributes: [
              { key: "exception.type", value: { stringValue: "openai.RateLimitError" } },
              { key: "exception.message", value: { stringValue: "umbrella" } },
            ],
          },
          { name: "First Token Stream Event", timeUnixNano: `${Date.UTC(2026, 6, 1, 12) + 400}000000` },
        ],
      },
    ),
  ).toMatchObject({
    provider: "aws.bedrock",
    region: "eu-west-1",
    tier: "priority",
    status: "error",
    error: "openai.RateLimitError",
    firstToken: 400_000,
    statedCost: "0.0000125",
    statedCurrency: "USD",
    conversation: "session-1",
    customer: "user-1",
    attributes: { "user.id": "user-1" },
  });
});
