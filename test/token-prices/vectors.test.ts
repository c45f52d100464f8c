import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { countTokens } from "#facts/count-tokens.ts";
import type { Charged, RateCard } from "#facts/rate-card.ts";
import { type CallPrice, priceCall } from "#facts/token-price.ts";
import type { TokenLayer } from "#facts/token-rates.ts";
import type { TokenCount } from "#facts/token-usage.ts";
import { decimal, divideRounded, formatDecimal } from "#units/decimal.ts";

const testData = process.env["PLIMSOLL_TEST_DATA"];
if (testData === undefined)
  console.warn("Skipped: PLIMSOLL_TEST_DATA does not name the folder of published vectors.");

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly usage: Record<string, number>;
  readonly rates_usd_per_mtok: Record<string, string>;
  readonly expected_usd: string;
  readonly wrong_usd: string;
  readonly convention: string;
  readonly expected: Record<string, number>;
  readonly each: Record<string, number>;
  readonly expected_p95_input_tokens: number;
}
const vectors = (kind: string): Vector[] => {
  const text = readFileSync(path.join(testData ?? "", "peers", "correctness-vectors.json"), "utf8");
  return (JSON.parse(text) as Vector[]).filter((each) => each.kind === kind);
};

const chargedOf: Readonly<Record<string, readonly Charged[]>> = {
  input: ["uncached_text"],
  cache_read: ["cache_read_text"],
  cache_write_5m: ["cache_write_5m_text"],
  output: ["visible_text", "reasoning_text"],
};

function priced(tokens: TokenCount, rates: Record<string, string>): CallPrice {
  const card: RateCard = {
    id: "the vector's own",
    tier: "standard",
    currency: "USD",
    whole: true,
    uncounted: [],
    source: "vector",
    rates: Object.fromEntries(
      Object.entries(rates).flatMap(([name, perMillion]) =>
        (chargedOf[name] ?? []).map((charged) => [
          charged,
          {
            scope: "request",
            steps: [{ above: 0, units: divideRounded(decimal(perMillion), 1_000_000n, "half-even") }],
          },
        ]),
      ),
    ),
  };
  const layer: TokenLayer = {
    layer: "contract",
    cardsOf: () => (Object.keys(rates).length === 0 ? [] : [card]),
  };
  const model = { provider: "any", name: "any", region: undefined, listed: undefined };
  return priceCall({ model, tier: "standard", region: undefined, tokens }, [layer], 0, 0);
}

/** A vector's inclusive counts in OpenAI's words. */
const inclusive = (usage: Record<string, number>): unknown => ({
  input_tokens: usage["input_tokens_total"],
  output_tokens: usage["output_tokens"],
  input_tokens_details: { cached_tokens: usage["cached_input_tokens"] },
});

describe.skipIf(testData === undefined)("published vectors", () => {
  test("calls whose cached tokens others bill twice cost what the provider's console says", () => {
    const all = vectors("llm_cost");
    expect(all.length).toBeGreaterThan(1);
    for (const { id, convention, usage, rates_usd_per_mtok: rates, expected_usd: expected } of all) {
      const tokens = convention.startsWith("anthropic")
        ? countTokens("anthropic", usage)
        : countTokens("openai", inclusive(usage));
      const price = priced(tokens, rates);
      expect(price.state === "priced" && formatDecimal(price.cost.units), id).toBe(expected);
    }
  });

  test("cached and uncached tokens sum to the input", () => {
    const all = vectors("token_partition");
    expect(all.length).toBeGreaterThan(0);
    for (const { id, usage, expected } of all) {
      const tokens = countTokens("openai", inclusive(usage));
      expect(tokens, id).toMatchObject({
        state: "counted",
        usage: {
          parts: { uncached_text: expected["uncached"], cache_read_text: expected["cached"] },
          input: expected["total"],
        },
      });
    }
  });

  test("usage without a rate is unpriced, not free", () => {
    const all = vectors("unpriced_usage");
    expect(all.length).toBeGreaterThan(0);
    for (const { usage } of all) {
      const price = priced(countTokens("openai", { input_tokens: usage["tokens"] }), {});
      expect(price).toMatchObject({ state: "unpriced", lowerBound: undefined });
      expect(price).not.toHaveProperty("cost");
    }
  });

  test("modalities are parts of a call's input, so a call of 100 text and 200 image tokens is one of 300", () => {
    const all = vectors("histogram");
    expect(all.length).toBeGreaterThan(0);
    for (const { each, expected_p95_input_tokens: expected } of all) {
      const [text, image] = [each["text"] ?? 0, each["image"] ?? 0];
      const tokens = countTokens("otel", {
        "gen_ai.usage.input_tokens": text + image,
        "gen_ai.usage.text.input_tokens": text,
        "gen_ai.usage.image.input_tokens": image,
      });
      expect(tokens).toMatchObject({
        usage: { input: expected, parts: { uncached_text: text, uncached_image: image } },
      });
    }
  });
});
