import type { ServingWork } from "#analysis/self-hosted/token-cost.ts";
import { answerModels } from "#flows/prices/answer-models.ts";
import { partitionTokens } from "#facts/token-usage.ts";
import { divideRounded } from "#units/decimal.ts";
import type { Instant } from "#units/instant.ts";
import type { PriceLayer } from "#facts/price-layers.ts";

/** An API model as it is written: a model, or `model@provider`. */
export interface ApiModel {
  readonly model: string;
  readonly provider?: string;
}

/** What an API asks for a million tokens in a mix. */
export interface ApiPrice extends ApiModel {
  /** Units of the 18th decimal; undefined where some of it has no price. */
  readonly perMillion: bigint | undefined;
  readonly currency: string | undefined;
  readonly layer: PriceLayer | undefined;
  /** Days since the oldest rate was true. */
  readonly ageDays: number | undefined;
}

/** The model and provider of `gpt-5-mini@openai`. */
export function parseApiModel(text: string): ApiModel {
  const [model = "", provider] = text.split(/@(?=[^@]*$)/);
  return provider === undefined || provider === "" ? { model } : { model, provider };
}

/**
 * What an API would ask for the same tokens, cached ones at its price for those. Prices step by the size of a request, so requests are taken to be as large as
 * they are on average.
 * @param requests that the work came in
 * @throws Problem "model-unknown"
 */
export async function apiPrice(
  data: string,
  api: ApiModel,
  { input, output, cached = 0n }: ServingWork,
  requests: number,
  at: Instant,
  now: Instant,
): Promise<ApiPrice> {
  const each = (tokens: bigint): number => Math.round(Number(tokens) / Math.max(1, requests));
  const claims = { input: each(input), cacheRead: Math.min(each(input), each(cached)), output: each(output) };
  const size = claims.input + claims.output;
  const unknown = {
    ...api,
    perMillion: undefined,
    currency: undefined,
    layer: undefined,
    ageDays: undefined,
  };
  if (requests <= 0 || size === 0) return unknown;
  const { lines } = await answerModels({
    data,
    at,
    now,
    tier: "standard",
    ...api,
    call: { tokens: partitionTokens({ ...claims, cacheWrite5m: 0, cacheWrite1h: 0 }) },
  });
  const price = lines[0]?.price;
  if (price?.state !== "priced") return unknown;
  return {
    ...api,
    perMillion: divideRounded(price.cost.units * 1_000_000n, BigInt(size), "half-even"),
    currency: price.cost.currency,
    layer: price.layer,
    ageDays: price.ageDays,
  };
}
