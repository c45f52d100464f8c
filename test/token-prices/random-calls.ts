import { readFile } from "node:fs/promises";
import { type NamedCard, namedLayer, shippedLayer } from "#facts/named-cards.ts";
import type { RateCard, ServiceTier } from "#facts/rate-card.ts";
import { parseTokenCatalogue } from "#facts/token-catalogue.ts";
import { partitionTokens, type TokenUsage } from "#facts/token-usage.ts";

const written = await readFile(new URL("../../catalog/token-prices.json", import.meta.url), "utf8");
/** The shipped prices. */
export const catalogue = parseTokenCatalogue(JSON.parse(written));

/** A contract with steps for the part above, a batch price, a region, and one line in another currency. */
const line = (provider: string, model: string, card: Partial<RateCard>): NamedCard => ({
  provider,
  model,
  exactness: 0,
  card: {
    id: `${provider} ${model}`,
    tier: "standard",
    currency: "USD",
    whole: false,
    uncounted: [],
    rates: {},
    source: "contract",
    ...card,
  },
});
const each = (units: bigint) => ({ scope: "request", steps: [{ above: 0, units }] }) as const;
const contract: readonly NamedCard[] = [
  line("openai", "gpt-5", {
    rates: {
      uncached_text: {
        scope: "part",
        steps: [
          { above: 0, units: 1_250_000_000_001n },
          { above: 1000, units: 900_000_000_003n },
          { above: 50_000, units: 1_000_000_000_000n },
        ],
      },
    },
    validFrom: Date.UTC(2026, 5, 15),
    validTo: Date.UTC(2026, 7, 1),
  }),
  line("openai", "gpt-5", {
    tier: "batch",
    rates: { uncached_text: each(600_000_000_000n), visible_text: each(7n) },
  }),
  line("aws", "global.anthropic.claude-haiku-4-5-20251001-v1:0", {
    region: "eu-west-1",
    rates: { visible_text: each(5_500_000_000_001n) },
  }),
  line("anthropic", "claude-opus-4-6", { currency: "EUR", rates: { uncached_text: each(1n) } }),
];
/** A contract before the shipped list. */
export const layers = [namedLayer("contract", contract, catalogue), shippedLayer];

const models = [
  ["openai", "gpt-5"],
  ["openai", "o3"],
  ["openai", "gpt-5.4"],
  ["openai", "gpt-audio"],
  [undefined, "claude-sonnet-4-5-20250929"],
  ["anthropic", "claude-opus-4-6"],
  ["anthropic", "nobody's model"],
  ["bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["google", "gemini-2.5-pro"],
  ["google", "gemini-2.5-flash"],
  ["google", "gemini-3.6-flash"],
  ["deepseek", "deepseek-chat"],
  ["deepseek", "deepseek-v4-pro"],
  ["azure", "gpt-4o"],
  ["perplexity", "sonar-pro"],
  ["perplexity", "sonar-deep-research"],
  ["mistral", "mistral-ocr-latest"],
] as const;

export interface RandomCall {
  readonly provider: string | undefined;
  readonly model: string;
  readonly tier: ServiceTier;
  readonly region: string | undefined;
  readonly at: number;
  readonly usage: TokenUsage;
  readonly searches: number;
}

/** The same calls at every run: a generator of Lehmer's. */
export function randomCalls(count: number): RandomCall[] {
  let state = 42;
  const next = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  const size = (): number => [0, 0, next(2000), next(150_000), next(400_000)][next(5)] ?? 0;
  return Array.from({ length: count }, () => {
    const [provider, model] = models[next(models.length)] ?? models[0];
    const [uncached, read, write, hour, audio] = [
      size(),
      size(),
      next(3) === 0 ? size() : 0,
      0,
      next(6) === 0 ? size() : 0,
    ];
    const [visible, reasoning] = [size(), next(2) === 0 ? size() : 0];
    const counted = partitionTokens({
      input: uncached + read + write + hour + audio,
      output: visible + reasoning,
      cacheRead: read,
      cacheWrite5m: write,
      inputBy: { audio },
      reasoning,
    });
    if (counted.state === "fault") throw new Error(JSON.stringify(counted.faults));
    return {
      provider,
      model,
      tier: next(5) === 0 ? "batch" : "standard",
      region: [undefined, "eu-west-1", "us-east-1"][next(3)],
      at: Date.UTC(2026, 5, 1) + next(100 * 86_400) * 1000 + next(1000),
      usage: counted.usage,
      searches: next(9) === 0 ? next(4) : 0,
    };
  });
}
