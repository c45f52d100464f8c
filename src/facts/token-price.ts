import type { Instant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";
import type { PriceLayer } from "./price-layers.ts";
import { allCharged, type Charged, type Rate, type RequestFee } from "./rate-card.ts";
import type { LayeredRate, NoRates, RateAsk, ResolvedRates, TokenLayer } from "./token-rates.ts";
import { resolveRates } from "./token-rates.ts";
import type { CountFault, TokenCount, TokenUsage } from "./token-usage.ts";

/** One call to a model. */
export interface TokenCall extends RateAsk {
  readonly tokens: TokenCount;
  /** Searches and the like that the call made; a call is one request in any case. */
  readonly fees?: Readonly<Partial<Record<Exclude<RequestFee, "request">, number>>>;
}

/** What one charged part of a call came to. */
export interface CostPart {
  readonly charged: Charged;
  readonly quantity: number;
  /** Units of the 18th decimal that one token cost; undefined where parts of it cost different rates. */
  readonly unitsEach: bigint | undefined;
  readonly cost: Money;
  readonly rate: LayeredRate;
}

/**
 * Why a call has no price.
 * - usage-faulty: its counts are no partition
 * - part-unpriced: no layer has a rate of something it used
 * - currencies-mixed: its parts are priced in different currencies
 */
export type UnpricedCall = NoRates | "usage-faulty" | "part-unpriced" | "currencies-mixed";

/** What a call costs, exactly; or that it has no price, and what is known nevertheless. */
export type CallPrice =
  | {
      readonly state: "priced";
      readonly cost: Money;
      readonly parts: readonly CostPart[];
      /** The weakest layer that was needed. */
      readonly layer: PriceLayer | undefined;
      /** Of the oldest rate that was used; undefined where one is undated, or none was needed. */
      readonly ageDays: number | undefined;
    }
  | {
      readonly state: "unpriced";
      readonly reason: UnpricedCall;
      /** What was used and has no rate. */
      readonly unpriced: readonly Charged[];
      /** What is priced of it. */
      readonly parts: readonly CostPart[];
      /** The sum of those parts: it costs at least that. Undefined where nothing is priced, or in several currencies. */
      readonly lowerBound: Money | undefined;
      /** What it would cost at once, for calls that wait: batch and flex are sold below that. */
      readonly upperBound: Money | undefined;
      readonly faults: readonly CountFault[];
    };

/**
 * What a call costs: Σ tokens × rate over the parts it used, each at the first layer that has a rate of it. Nothing is rounded: a rate of
 * one token is exact at the 18th decimal. Steps are taken by this request's own size, never by a sum of several.
 * @param layers the strongest first
 * @param at when the call was made
 * @param now what ages are counted to
 */
export function priceCall(
  call: TokenCall,
  layers: readonly TokenLayer[],
  at: Instant,
  now: Instant,
): CallPrice {
  const price = applyRates(resolveRates(layers, call, at, now), call);
  if (price.state === "priced" || (call.tier !== "batch" && call.tier !== "flex")) return price;
  const atOnce = applyRates(resolveRates(layers, { ...call, tier: "standard" }, at, now), call);
  return atOnce.state === "priced" ? { ...price, upperBound: atOnce.cost } : price;
}

/** Prices a call by rates that were resolved once for all calls of its model, way and time. */
function applyRates(
  resolved: ResolvedRates,
  { tokens, fees = {} }: Pick<TokenCall, "tokens" | "fees">,
): CallPrice {
  if (tokens.state === "fault") return unpriced("usage-faulty", { faults: tokens.faults });
  const used = usedBy(tokens.usage, fees);
  if (resolved.state === "unpriced")
    return unpriced(resolved.reason, { unpriced: used.map(([charged]) => charged) });
  const parts: CostPart[] = [];
  const missing: Charged[] = [];
  for (const [charged, quantity] of used) {
    const rate = resolved.rates[charged];
    if (rate !== undefined) parts.push(costPart(charged, quantity, rate, tokens.usage.input));
    // A model that takes no fee by the request has no rate of it, and lacks none.
    else if (charged !== "request") missing.push(charged);
  }
  const currencies = new Set(parts.map(({ cost }) => cost.currency));
  const known = { parts, unpriced: missing };
  if (currencies.size > 1) return unpriced("currencies-mixed", known);
  const cost = sumOf(parts, resolved);
  if (missing.length > 0)
    return unpriced("part-unpriced", { ...known, lowerBound: parts.length === 0 ? undefined : cost });
  if (resolved.uncounted.length > 0)
    return unpriced("other-units", { ...known, lowerBound: parts.length === 0 ? undefined : cost });
  return { state: "priced", cost, parts, ...standing(parts) };
}

function usedBy(usage: TokenUsage, fees: Readonly<Partial<Record<Charged, number>>>): [Charged, number][] {
  const counts: Readonly<Partial<Record<Charged, number>>> = { ...usage.parts, ...fees, request: 1 };
  return allCharged.flatMap((charged): [Charged, number][] => {
    const quantity = counts[charged] ?? 0;
    return quantity === 0 ? [] : [[charged, quantity]];
  });
}

function costPart(charged: Charged, quantity: number, rate: LayeredRate, input: number): CostPart {
  const each = rate.scope === "request" ? stepAt(rate, input) : undefined;
  const units = each === undefined ? byParts(rate, quantity) : BigInt(quantity) * each;
  const single = rate.steps.length === 1 ? rate.steps[0]?.units : undefined;
  return { charged, quantity, unitsEach: each ?? single, cost: { units, currency: rate.currency }, rate };
}

/** What each token costs in a request of that size. */
export function stepAt({ steps }: Rate, input: number): bigint {
  return steps.reduce((units, step, index) => (index === 0 || input > step.above ? step.units : units), 0n);
}

/** The tokens below a step at the rate below it, those above at its own. */
function byParts({ steps }: Rate, quantity: number): bigint {
  return steps.reduce((sum, { above, units }, index) => {
    const until = Math.min(quantity, steps[index + 1]?.above ?? quantity);
    return sum + BigInt(Math.max(0, until - above)) * units;
  }, 0n);
}

function sumOf(parts: readonly CostPart[], { rates }: Extract<ResolvedRates, { state: "resolved" }>): Money {
  const currency = parts[0]?.cost.currency ?? Object.values(rates)[0]?.currency ?? "";
  return { units: parts.reduce((sum, { cost }) => sum + cost.units, 0n), currency };
}

/** The layers, the strongest first. */
export const strengths: readonly PriceLayer[] = ["contract", "bill", "refreshed", "shipped"];

function standing(parts: readonly CostPart[]): {
  layer: PriceLayer | undefined;
  ageDays: number | undefined;
} {
  const rates = parts.map(({ rate }) => rate);
  const weakest = Math.max(-1, ...rates.map(({ layer }) => strengths.indexOf(layer)));
  const ages = rates.flatMap(({ ageDays }) => ageDays ?? []);
  return {
    layer: strengths[weakest],
    ageDays: ages.length === 0 || ages.length < rates.length ? undefined : Math.max(...ages),
  };
}

const unpriced = (
  reason: UnpricedCall,
  known: Partial<Omit<Extract<CallPrice, { state: "unpriced" }>, "state" | "reason">>,
): CallPrice => ({
  state: "unpriced",
  reason,
  unpriced: [],
  parts: [],
  lowerBound: undefined,
  upperBound: undefined,
  faults: [],
  ...known,
});
