import { expect, test } from "vitest";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { identifyModel } from "./model-identity.ts";
import { parseTokenCatalogue } from "./token-catalogue.ts";
import { type CallPrice, priceCall, type TokenCall } from "./token-price.ts";
import type { TokenLayer } from "./token-rates.ts";
import { type CountClaims, partitionTokens } from "./token-usage.ts";

const catalogue = parseTokenCatalogue({
  format: 1,
  source: { name: "a list", asOf: "2026-09-01" },
  currency: "USD",
  providers: [
    {
      id: "anthropic",
      name: "Anthropic",
      match: { contains: "anthropic" },
      modelMatch: { contains: "claude" },
      models: [
        {
          id: "claude-a",
          match: { starts_with: "claude-a" },
          prices: {
            input_mtok: { base: "3", above: [[200_000, "6"]] },
            output_mtok: { base: "15", above: [[200_000, "22.5"]] },
            cache_read_mtok: "0.3",
            cache_write_mtok: "3.75",
            web_searches_kcount: "10",
          },
        },
      ],
    },
    {
      id: "deepseek",
      name: "DeepSeek",
      modelMatch: { starts_with: "deepseek" },
      models: [
        {
          id: "deepseek-chat",
          match: { equals: "deepseek-chat" },
          prices: [
            { prices: { input_mtok: "1", cache_read_mtok: "0.1", output_mtok: "2" } },
            { from: "2026-08-17", prices: { input_mtok: "0.5", output_mtok: "1" } },
            { daily: ["16:30:00Z", "00:30:00Z"], prices: { input_mtok: "0.25", output_mtok: "0.5" } },
          ],
        },
        {
          id: "deepseek-ocr",
          match: { equals: "deepseek-ocr" },
          prices: { input_mtok: "1", also: ["input_document_kpages"] },
        },
        { id: "deepseek-free", match: { equals: "deepseek-free" }, prices: {} },
      ],
    },
  ],
});
const shipped: TokenLayer = { layer: "shipped", cardsOf: ({ listed }) => listed?.cards ?? [] };
const noon = Date.UTC(2026, 8, 15, 12);

function price(
  model: string,
  claims: Partial<CountClaims>,
  more: Partial<TokenCall> = {},
  at = noon,
  layers = [shipped],
): CallPrice {
  const call = {
    model: identifyModel(catalogue, { model }),
    tier: "standard",
    region: undefined,
    tokens: partitionTokens({ input: 0, output: 0, ...claims }),
    ...more,
  } as const;
  return priceCall(call, layers, at, noon);
}
const cost = (answer: CallPrice): string =>
  answer.state === "priced" ? `${formatDecimal(answer.cost.units)} ${answer.cost.currency}` : answer.reason;

test("each token once: 100 uncached, 50 from the cache, 20 written, 10 out", () => {
  const answer = price("claude-a", { input: 170, cacheRead: 50, cacheWrite5m: 20, output: 10, reasoning: 4 });
  // (100 × 3 + 50 × 0.3 + 20 × 3.75 + 10 × 15) ÷ 1,000,000
  expect(cost(answer)).toBe("0.00054 USD");
  expect(answer).toMatchObject({
    layer: "shipped",
    ageDays: 14,
    parts: [
      { charged: "uncached_text", quantity: 100 },
      { charged: "cache_read_text", quantity: 50 },
      { charged: "cache_write_5m_text", quantity: 20 },
      { charged: "visible_text", quantity: 6 },
      { charged: "reasoning_text", quantity: 4, rate: { row: "anthropic/claude-a" } },
    ],
  });
});

test("a step is taken by the request's own size, cached tokens counted, and then for all of its tokens", () => {
  expect(cost(price("claude-a", { input: 200_000 }))).toBe("0.6 USD");
  expect(cost(price("claude-a", { input: 200_001 }))).toBe("1.200006 USD");
  expect(cost(price("claude-a", { input: 200_001, cacheRead: 200_001, output: 2 }))).toBe("0.0600453 USD");
});

test("a step for the part above is paid by that part alone", () => {
  const rate = {
    scope: "part",
    steps: [
      { above: 0, units: 3n },
      { above: 100, units: 2n },
      { above: 1000, units: 1n },
    ],
  } as const;
  const layer: TokenLayer = {
    layer: "contract",
    cardsOf: () => [
      {
        id: "line 2",
        tier: "standard",
        currency: "USD",
        whole: false,
        rates: { uncached_text: rate },
        uncounted: [],
        source: "contract",
      },
    ],
  };
  const units = (input: number): bigint | undefined => {
    const answer = price("claude-a", { input }, {}, noon, [layer]);
    return answer.state === "priced" ? answer.cost.units : undefined;
  };
  expect([100, 101, 1000, 1001].map(units)).toEqual([300n, 302n, 2100n, 2101n]);
});

test("dates and hours of the day decide, and a later price list is whole: what it lacks is not taken from an older one", () => {
  const at = (...utc: [number, number, number, number?]): number => Date.UTC(...utc);
  const input = (time: number): string => cost(price("deepseek-chat", { input: 1_000_000 }, {}, time));
  expect(input(at(2026, 7, 16, 12))).toBe("1 USD");
  expect(input(at(2026, 7, 17, 12))).toBe("0.5 USD");
  expect(input(at(2026, 7, 17, 16) + 30 * 60_000)).toBe("0.25 USD");
  expect(input(at(2026, 7, 18))).toBe("0.25 USD");
  expect(input(at(2026, 7, 18) + 30 * 60_000)).toBe("0.5 USD");
  expect(price("deepseek-chat", { input: 10, cacheRead: 5 }, {}, at(2026, 7, 18, 12))).toMatchObject({
    state: "unpriced",
    reason: "part-unpriced",
    unpriced: ["cache_read_text"],
  });
});

test("a call with one unpriced part is unpriced as a whole, and says what it costs at least", () => {
  const hour = price("claude-a", { input: 30, cacheWrite1h: 10, output: 1 });
  expect(hour).toMatchObject({
    state: "unpriced",
    reason: "part-unpriced",
    unpriced: ["cache_write_1h_text"],
  });
  expect(hour.state === "unpriced" && hour.lowerBound).toEqual({
    units: decimal("0.000075"),
    currency: "USD",
  });
  expect(price("claude-a", { input: 5, inputBy: { audio: 5 } })).toMatchObject({
    reason: "part-unpriced",
    unpriced: ["uncached_audio"],
    lowerBound: undefined,
  });
  expect(price("deepseek-ocr", { input: 5 })).toMatchObject({
    reason: "other-units",
    lowerBound: { units: decimal("0.000005") },
  });
  expect(price("claude-a", { input: 5 }, { fees: { file_search: 1 } })).toMatchObject({
    unpriced: ["file_search"],
  });
  expect(cost(price("claude-a", { input: 5 }, { fees: { web_search: 2 } }))).toBe("0.020015 USD");
});

test("what nobody prices is unpriced with its reason, never 0", () => {
  expect(price("claude-a", { input: -1 })).toMatchObject({
    reason: "usage-faulty",
    faults: [{ code: "not-a-count" }],
  });
  expect(cost(price("claude-x", { input: 1 }))).toBe("model-unknown");
  expect(cost(price("gpt-nobody", { input: 1 }))).toBe("provider-unknown");
  expect(cost(price("deepseek-free", { input: 1 }))).toBe("no-rates");
  expect(cost(price("claude-x", {}))).toBe("model-unknown");
  expect(cost(price("claude-a", {}))).toBe("0 USD");
  const batch = price("claude-a", { input: 1_000 }, { tier: "batch" });
  expect(batch).toMatchObject({
    reason: "tier-unpriced",
    upperBound: { units: decimal("0.003"), currency: "USD" },
  });
  expect(price("claude-a", { input: 1_000 }, { tier: "priority" })).toMatchObject({ upperBound: undefined });
});

test("a stronger layer answers part by part, and parts in different currencies are never added", () => {
  const card = (id: string, currency: string, region?: string): TokenLayer => ({
    layer: "contract",
    cardsOf: () => [
      {
        id,
        tier: "standard",
        currency,
        whole: false,
        rates: { uncached_text: { scope: "request", steps: [{ above: 0, units: 1n }] } },
        uncounted: [],
        source: "contract.csv",
        ...(region === undefined ? {} : { region }),
      },
    ],
  });
  const claims = { input: 2, cacheRead: 1 };
  const mixed = price("claude-a", claims, {}, noon, [card("line 2", "USD"), shipped]);
  expect(mixed).toMatchObject({
    state: "priced",
    layer: "shipped",
    parts: [{ rate: { layer: "contract", row: "line 2" } }, { rate: { layer: "shipped" } }],
  });
  expect(cost(price("claude-a", claims, {}, noon, [card("line 2", "EUR"), shipped]))).toBe(
    "currencies-mixed",
  );
  const inFrankfurt = card("line 2", "USD", "eu-central-1");
  expect(
    cost(price("claude-a", { input: 1 }, { region: "EU-Central-1" }, noon, [inFrankfurt, shipped])),
  ).toBe("0.000000000000000001 USD");
  expect(cost(price("claude-a", { input: 1 }, { region: "us-east-1" }, noon, [inFrankfurt, shipped]))).toBe(
    "0.000003 USD",
  );
  expect(cost(price("claude-a", { input: 1 }, {}, noon, [inFrankfurt]))).toBe("region-unpriced");
});
