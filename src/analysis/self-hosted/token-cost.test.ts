import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, formatDecimal, roundTo } from "#units/decimal.ts";
import { breakEven, divideByTokens, type ServingWork, tokenCost } from "./token-cost.ts";

const cents = (units: bigint | undefined): string =>
  units === undefined ? "none" : formatDecimal(roundTo(units, 3, "half-even"));

/** OpenCost's own worked example: 3.20 USD an hour, 12 M and 3 M tokens, half of the time for each, 0.8 M cached. */
const work: ServingWork = {
  input: 12_000_000n,
  output: 3_000_000n,
  cached: 800_000n,
  time: { prefill: 600_000_000n, decode: 600_000_000n },
  gpuActive: 0.25,
};
const cost = {
  gpu: decimal("2.4"),
  other: decimal("0.5"),
  otherIdle: decimal("0.1"),
  idleShare: decimal("0.3"),
};

describe("a token of a self-hosted model", () => {
  test("costs on allocation basis what OpenCost's worked example says", () => {
    const { allocation, split, cacheHits } = tokenCost(cost, work);
    expect([allocation.cost, split]).toEqual([decimal("3.2"), "compute-time"]);
    expect(cents(allocation.perMillion)).toBe("0.213");
    expect(cents(allocation.inputPerMillion)).toBe("0.143");
    expect(cents(allocation.outputPerMillion)).toBe("0.533");
    expect(cents(cacheHits)).toBe("0.067");
  });

  test("costs on usage basis what GPUs did and nothing that stood idle; their quotient is the utilisation", () => {
    const { usage, utilisation } = tokenCost(cost, work);
    expect(usage?.cost).toBe(decimal("1"));
    expect(utilisation).toBe(decimal("0.3125"));
  });

  test("has no usage basis where nobody measures how busy the GPUs were; without GPUs none is needed", () => {
    const unknown = { ...work, gpuActive: undefined };
    expect(tokenCost(cost, unknown)).toMatchObject({ usage: undefined, utilisation: undefined });
    expect(tokenCost({ ...cost, gpu: 0n }, unknown).usage?.cost).toBe(decimal("0.4"));
  });

  test("is divided by a fixed factor where no time is measured, and says so; nothing is made up where there are no tokens", () => {
    const { allocation, split } = tokenCost(cost, { ...work, time: undefined, cached: undefined });
    expect(split).toBe("multiplier");
    // 12 M of one weight and 3 M of two and a half.
    expect(cents(allocation.inputPerMillion)).toBe("0.164");
    expect(cents(allocation.outputPerMillion)).toBe("0.41");
    expect(tokenCost(cost, { ...work, input: 0n, output: 0n }).allocation).toEqual({
      cost: decimal("3.2"),
      perMillion: undefined,
      inputPerMillion: undefined,
      outputPerMillion: undefined,
    });
  });

  test("is as cheap as an API from a utilisation on that may be out of reach", () => {
    expect(breakEven(decimal("0.1"), decimal("0.4"))).toBe(decimal("0.25"));
    expect(breakEven(decimal("0.6"), decimal("0.4"))).toBe(decimal("1.5"));
    expect(breakEven(undefined, decimal("0.4"))).toBeUndefined();
    expect(breakEven(decimal("0.6"), 0n)).toBeUndefined();
  });
});

test("whatever callers count, their parts and the rest are the whole, and none is below zero", () => {
  const tokens = fc.bigInt({ min: 0n, max: 10n ** 12n });
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 26n }),
      fc.record({ input: tokens, output: tokens, cached: fc.option(tokens, { nil: undefined }) }),
      fc.array(fc.record({ input: tokens, output: tokens }), { maxLength: 20 }),
      (gpu, counts, parts) => {
        const done = { ...work, ...counts };
        const { allocation } = tokenCost({ gpu, other: 0n, otherIdle: 0n, idleShare: 0n }, done);
        const divided = divideByTokens(allocation, done, parts);
        expect(divided.parts.reduce((sum, part) => sum + part, divided.rest)).toBe(gpu);
        expect([...divided.parts, divided.rest].every((part) => part >= 0n)).toBe(true);
      },
    ),
  );
});
