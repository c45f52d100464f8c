import * as fc from "fast-check";
import { expect, test } from "vitest";
import { callTokens, plainTokens } from "./call-tokens.ts";
import { partitionTokens } from "./token-usage.ts";

test("cached and reasoned tokens are counted once, and those that are no text are subsets", () => {
  const count = partitionTokens({
    input: 1000,
    cacheRead: 600,
    cacheWrite5m: 50,
    cacheWrite1h: 50,
    inputBy: { audio: 100, image: 20 },
    output: 300,
    reasoning: 100,
    outputBy: { audio: 40 },
  });
  expect(callTokens(count)).toEqual({
    tokens: {
      uncachedInput: 300,
      cacheRead: 600,
      cacheWrite5m: 50,
      cacheWrite1h: 50,
      visibleOutput: 200,
      reasoningOutput: 100,
      audioInput: 100,
      imageInput: 20,
      videoInput: 0,
      audioOutput: 40,
    },
    tokensFault: null,
  });
});

test("nothing counted is unknown, and a fault says what is wrong without repeating a text", () => {
  const fault = (code: "nothing-counted" | "not-a-count", value: string) =>
    callTokens({ state: "fault", faults: [{ code, field: "input", value }] });
  expect(fault("nothing-counted", "")).toEqual({ tokens: null, tokensFault: null });
  expect(fault("not-a-count", "-1")).toEqual({ tokens: null, tokensFault: "not-a-count: input -1" });
  expect(fault("not-a-count", '"some text"')).toEqual({ tokens: null, tokensFault: "not-a-count: input" });
});

test("the short way and the long way count alike", () => {
  const count = fc.oneof(fc.integer({ min: -1, max: 20 }), fc.constantFrom(0.5, NaN, 2 ** 53 - 1, 2 ** 53));
  fc.assert(
    fc.property(count, count, count, count, count, (input, output, cacheRead, cacheWrite, reasoning) => {
      const long = callTokens(
        partitionTokens({ input, output, cacheRead, cacheWrite5m: cacheWrite, reasoning }),
      );
      expect(plainTokens({ input, output, cacheRead, cacheWrite, reasoning }) ?? null).toEqual(long.tokens);
    }),
    { numRuns: 2000 },
  );
});
