import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type CountingRule, countTokens } from "./count-tokens.ts";
import { inputParts, outputParts, type TokenUsage } from "./token-usage.ts";

const counted = (rule: CountingRule, usage: unknown): TokenUsage => {
  const count = countTokens(rule, usage);
  if (count.state === "fault") throw new Error(JSON.stringify(count.faults));
  return count.usage;
};
const codes = (rule: CountingRule, usage: unknown): string[] => {
  const count = countTokens(rule, usage);
  return count.state === "fault" ? count.faults.map(({ code }) => code) : [];
};

test("the same call is the same partition, whoever counts it", () => {
  const parts = { uncached_text: 100, cache_read_text: 20_000, visible_text: 350, reasoning_text: 150 };
  const openai = {
    prompt_tokens: 20_100,
    completion_tokens: 500,
    total_tokens: 20_600,
    prompt_tokens_details: { cached_tokens: 20_000, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 150 },
  };
  expect(counted("openai", openai)).toEqual({
    parts,
    input: 20_100,
    output: 500,
    total: 20_600,
    overlapAssumed: false,
  });
  const same: [CountingRule, unknown][] = [
    ["azure-openai", openai],
    ["litellm", { ...openai, cache_read_input_tokens: 20_000 }],
    [
      "openai",
      {
        input_tokens: 20_100,
        output_tokens: 500,
        input_tokens_details: { cached_tokens: 20_000 },
        output_tokens_details: { reasoning_tokens: 150 },
      },
    ],
    [
      "anthropic",
      {
        input_tokens: 100,
        cache_read_input_tokens: 20_000,
        output_tokens: 500,
        output_tokens_details: { thinking_tokens: 150 },
      },
    ],
    [
      "gemini",
      {
        promptTokenCount: 20_100,
        cachedContentTokenCount: 20_000,
        candidatesTokenCount: 350,
        thoughtsTokenCount: 150,
        totalTokenCount: 20_600,
      },
    ],
    [
      "vertex",
      {
        prompt_token_count: "20100",
        cached_content_token_count: 20_000,
        candidates_token_count: 350,
        thoughts_token_count: 150,
      },
    ],
    [
      "otel",
      {
        "gen_ai.usage.input_tokens": 20_100,
        "gen_ai.usage.cache_read.input_tokens": 20_000,
        "gen_ai.usage.output_tokens": 500,
        "gen_ai.usage.reasoning.output_tokens": 150,
      },
    ],
    [
      "langfuse",
      { input: 100, input_cached_tokens: 20_000, output: 350, output_reasoning: 150, total: 20_600 },
    ],
    [
      "langfuse",
      { input: 20_100, input_cached_tokens: 20_000, output: 500, output_reasoning: 150, total: 20_600 },
    ],
  ];
  for (const [rule, usage] of same) expect(counted(rule, usage).parts, JSON.stringify(usage)).toEqual(parts);
});

test("Anthropic's and Bedrock's input excludes cache tokens; writes for an hour stand apart", () => {
  expect(
    counted("anthropic", {
      input_tokens: 3,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      output_tokens: 5,
    }),
  ).toMatchObject({
    parts: { uncached_text: 3, cache_write_5m_text: 100, cache_write_1h_text: 200, visible_text: 5 },
    input: 303,
  });
  const converse = {
    inputTokens: 3,
    cacheReadInputTokens: 10,
    cacheWriteInputTokens: 300,
    cacheDetails: [{ ttl: "1h", inputTokens: 200 }],
    outputTokens: 5,
    totalTokens: 318,
  };
  expect(counted("bedrock", converse)).toMatchObject({
    parts: { uncached_text: 3, cache_read_text: 10, cache_write_5m_text: 100, cache_write_1h_text: 200 },
    total: 318,
  });
  expect(counted("bedrock", { input_tokens: 3, output_tokens: 5 }).input).toBe(3);
  expect(
    codes("anthropic", {
      input_tokens: 1,
      cache_creation_input_tokens: 9,
      cache_creation: { ephemeral_5m_input_tokens: 8 },
    }),
  ).toEqual(["told-twice"]);
});

test("cached tokens that are audio too are counted once; where the overlap is not told, text is taken to be cached first", () => {
  const told = counted("openai", {
    input_tokens: 150,
    output_tokens: 10,
    input_token_details: {
      text_tokens: 90,
      audio_tokens: 60,
      cached_tokens: 100,
      cached_tokens_details: { text_tokens: 70, audio_tokens: 30 },
    },
  });
  expect(told).toMatchObject({
    parts: { uncached_text: 20, uncached_audio: 30, cache_read_text: 70, cache_read_audio: 30 },
    overlapAssumed: false,
  });
  const untold = counted("openai", {
    prompt_tokens: 150,
    completion_tokens: 0,
    prompt_tokens_details: { audio_tokens: 60, cached_tokens: 100 },
  });
  expect(untold).toMatchObject({
    parts: { uncached_audio: 50, cache_read_text: 90, cache_read_audio: 10 },
    overlapAssumed: true,
  });
  expect(
    counted("gemini", {
      promptTokenCount: 300,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 100 },
        { modality: "IMAGE", tokenCount: 200 },
      ],
      candidatesTokenCount: 0,
      toolUsePromptTokenCount: 40,
    }),
  ).toMatchObject({ parts: { uncached_text: 140, uncached_image: 200 }, input: 340 });
});

test("what can't be a partition is a fault of the call, with its field and value, and is never clipped", () => {
  const details = (cached_tokens: unknown): unknown => ({
    prompt_tokens: 10,
    completion_tokens: 1,
    prompt_tokens_details: { cached_tokens },
  });
  expect(countTokens("openai", details(11))).toEqual({
    state: "fault",
    faults: [{ code: "cached-exceeds-input", field: "cached", value: "11 of 10" }],
  });
  for (const [cached, code] of [
    [-1, "not-a-count"],
    [1.5, "not-a-count"],
    [Number.NaN, "not-a-count"],
    [Number.POSITIVE_INFINITY, "not-a-count"],
    ["1e3", "not-a-count"],
    [{}, "not-a-count"],
    [true, "not-a-count"],
    [2 ** 53, "too-large"],
    [2n ** 60n, "too-large"],
  ] as const)
    expect(codes("openai", details(cached)), typeof cached).toEqual([code]);
  expect(codes("openai", { prompt_tokens: 2 ** 53 - 1, completion_tokens: 2 })).toEqual(["too-large"]);
  expect(codes("openai", { prompt_tokens: 10, completion_tokens: 5, total_tokens: 20 })).toEqual([
    "total-differs",
  ]);
  expect(
    codes("openai", {
      prompt_tokens: 1,
      completion_tokens: 5,
      completion_tokens_details: { reasoning_tokens: 6 },
    }),
  ).toEqual(["reasoning-exceeds-output"]);
  expect(
    codes("openai", {
      prompt_tokens: 5,
      completion_tokens: 0,
      prompt_tokens_details: { audio_tokens: 3, image_tokens: 3 },
    }),
  ).toEqual(["modalities-exceed-total"]);
  expect(
    codes("litellm", {
      prompt_tokens: 10,
      completion_tokens: 1,
      prompt_tokens_details: { cached_tokens: 5 },
      cache_read_input_tokens: 6,
    }),
  ).toEqual(["told-twice"]);
  expect(codes("langfuse", { input: 5, output: 1, total: 9, input_cached_tokens: 1 })).toEqual([
    "total-differs",
  ]);
  expect(codes("langfuse", { input: 5, output: 1, input_smell: 2 })).toEqual(["count-unknown"]);
  for (const nothing of [{}, null, undefined, "text", [], 7])
    expect(codes("openai", nothing)).toEqual(["nothing-counted"]);
});

const side = fc.record({ text: count(), audio: count(), image: count(), video: count() });
function count(): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(0), fc.nat(1_000_000), fc.nat(2 ** 44));
}
const all = (by: Record<string, number>): number => Object.values(by).reduce((a, b) => a + b, 0);

test("the cells always sum to the totals, for every overlap that can be told", () => {
  fc.assert(
    fc.property(side, side, side, count(), (fresh, cached, out, thought) => {
      const both = (name: keyof typeof fresh): number => fresh[name] + cached[name];
      const usage = counted("openai", {
        input_tokens: all(fresh) + all(cached),
        output_tokens: all(out) + thought,
        input_token_details: {
          audio_tokens: both("audio"),
          image_tokens: both("image"),
          video_tokens: both("video"),
          cached_tokens: all(cached),
          cached_tokens_details: {
            text_tokens: cached.text,
            audio_tokens: cached.audio,
            image_tokens: cached.image,
            video_tokens: cached.video,
          },
        },
        output_token_details: {
          reasoning_tokens: thought,
          audio_tokens: out.audio,
          image_tokens: out.image,
          video_tokens: out.video,
        },
      });
      const sum = (names: typeof inputParts): number =>
        names.reduce((total, part) => total + (usage.parts[part] ?? 0), 0);
      expect(sum(inputParts)).toBe(usage.input);
      expect(sum(outputParts)).toBe(usage.output);
      expect(usage.parts.uncached_audio ?? 0).toBe(fresh.audio);
      expect(usage.parts.cache_read_video ?? 0).toBe(cached.video);
      expect(usage.parts.reasoning_text ?? 0).toBe(thought);
    }),
  );
});

test("any counts at all are either a partition that sums to what was told, or a fault", () => {
  const any = fc.oneof(
    fc.nat(50),
    fc.constant(undefined),
    fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 53, null, "7"),
  );
  fc.assert(
    fc.property(
      fc.array(any, { minLength: 9, maxLength: 9 }),
      ([p, o, read, w5, w1, audio, image, think, total]) => {
        const result = countTokens("openai", {
          prompt_tokens: p,
          completion_tokens: o,
          total_tokens: total,
          prompt_tokens_details: {
            cached_tokens: read,
            cache_write_tokens: w5,
            audio_tokens: audio,
            image_tokens: image,
          },
          cache_creation: { ephemeral_1h_input_tokens: w1 },
          completion_tokens_details: { reasoning_tokens: think },
        });
        if (result.state === "fault") return;
        const { parts, input, output } = result.usage;
        const values = Object.values(parts);
        expect(values.every((each) => Number.isSafeInteger(each) && each > 0)).toBe(true);
        expect(values.reduce((a, b) => a + b, 0)).toBe(input + output);
        expect(input).toBe(Number(p ?? 0));
        expect(output).toBe(Number(o ?? 0));
      },
    ),
  );
});
