import { decimal, divide } from "#units/decimal.ts";
import type { Instant } from "#units/instant.ts";
import { NO_REGION } from "./effective-rate.ts";
import type { NamedCard } from "./named-cards.ts";
import type { Charged } from "./rate-card.ts";

/** What tokens of one kind cost and how many there were, by a bill; amounts are exact decimals as text. */
export interface TokenRateGroup {
  readonly provider: string;
  readonly model: string;
  /** FOCUS 1.5 TokenDirection: Input or Output. */
  readonly direction: string;
  /** FOCUS 1.5 TokenCacheAction: Uncached, Read or Write. */
  readonly cacheAction: string | undefined;
  readonly region: string;
  readonly currency: string;
  /** Sum of EffectiveCost. */
  readonly cost: string;
  /** Sum of x_Tokens, above zero. */
  readonly tokens: string;
  readonly charges: number;
  /** End of the last charge. */
  readonly lastUsed: Instant;
}

/**
 * Rates that were paid for tokens, as cards: EffectiveCost ÷ x_Tokens, half to even at the 18th decimal of one token. Input that does not
 * say what of it was cached gives no rate, since it blends two; so does what cost nothing in sum.
 * @param hourApart true where writes for an hour have a price of their own: then a bill's writes blend two, and give no rate either
 */
export function paidTokenRates(
  groups: readonly TokenRateGroup[],
  hourApart: (provider: string, model: string) => boolean,
): NamedCard[] {
  return groups.flatMap((group) => {
    const units = divide(decimal(group.cost), decimal(group.tokens), "half-even");
    const charged = chargedBy(group, hourApart);
    if (units <= 0n || charged.length === 0) return [];
    const { provider, model, region, currency, charges, lastUsed } = group;
    const kind = [group.direction, ...(group.cacheAction === undefined ? [] : [group.cacheAction])].join(" ");
    const source = `your bill: ${charges.toLocaleString("en-US")} charge${charges === 1 ? "" : "s"}`;
    const rates = Object.fromEntries(
      charged.map((each) => [each, { scope: "request", steps: [{ above: 0, units }] } as const]),
    );
    const card = {
      id: `bill: ${provider} ${model} ${kind}${region === NO_REGION ? "" : ` ${region}`} ${currency}`,
      tier: "standard",
      ...(region === NO_REGION ? {} : { region }),
      currency,
      whole: false,
      rates,
      uncounted: [],
      source,
      asOf: lastUsed,
    } as const;
    return [{ provider, model, exactness: 0, card }];
  });
}

function chargedBy(
  { provider, model, direction, cacheAction }: TokenRateGroup,
  hourApart: (provider: string, model: string) => boolean,
): readonly Charged[] {
  if (direction === "Output") return ["visible_text", "reasoning_text"];
  if (direction !== "Input") return [];
  if (cacheAction === "Uncached") return ["uncached_text"];
  if (cacheAction === "Read") return ["cache_read_text"];
  return cacheAction === "Write" && !hourApart(provider, model) ? ["cache_write_5m_text"] : [];
}
