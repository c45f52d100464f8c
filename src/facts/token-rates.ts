import type { Instant } from "#units/instant.ts";
import type { ModelIdentity } from "./model-identity.ts";
import { priceAge, type PriceLayer } from "./price-layers.ts";
import {
  allCharged,
  type Charged,
  holdsAt,
  type Rate,
  type RateCard,
  type ServiceTier,
} from "./rate-card.ts";

/** The rates of one layer. */
export interface TokenLayer {
  readonly layer: PriceLayer;
  /** Every card of a model, the weakest first: of several that hold and have a rate the last one counts. */
  readonly cardsOf: (model: ModelIdentity) => readonly RateCard[];
}

/** A rate with who says so. */
export interface LayeredRate extends Rate {
  readonly currency: string;
  readonly layer: PriceLayer;
  /** The card it stands on: a line of the contract, a model of the catalogue. */
  readonly row: string;
  readonly source: string;
  readonly asOf: Instant | undefined;
  readonly ageDays: number | undefined;
  readonly stale: boolean;
  /** The source is younger than the asked time and does not say since when the rate holds. */
  readonly seenLater: boolean;
}

/**
 * Why a model has no rates at all; the last one came closest.
 * - no-rates: the list names the model and no price of it
 * - other-units: it is charged by units that tokens don't tell, such as pages
 */
const noRateReasons = [
  "provider-unknown",
  "model-unknown",
  "tier-unpriced",
  "region-unpriced",
  "not-valid-then",
  "no-rates",
  "other-units",
] as const;
/** Why a model has no rates at all. */
export type NoRates = (typeof noRateReasons)[number];

/** What a model costs in one way at one time: each charged part by the first layer that has a rate of it. */
export type ResolvedRates =
  | {
      readonly state: "resolved";
      readonly rates: Readonly<Partial<Record<Charged, LayeredRate>>>;
      /** What the deciding sources charge beside tokens and a call's counts don't tell. */
      readonly uncounted: readonly string[];
    }
  | { readonly state: "unpriced"; readonly reason: NoRates };

/** How and where a model is used. */
export interface RateAsk {
  readonly model: ModelIdentity;
  readonly tier: ServiceTier;
  /** Undefined where it is not known; then only rates that hold everywhere answer. */
  readonly region: string | undefined;
}

/**
 * The rates in force at an instant. Rates of one call may come from several layers: a contract that names input and output leaves the
 * cache to the list.
 * @param layers the strongest first
 * @param now what ages are counted to
 */
export function resolveRates(
  layers: readonly TokenLayer[],
  ask: RateAsk,
  at: Instant,
  now: Instant,
): ResolvedRates {
  const found = layers.map(({ layer, cardsOf }) => ({ layer, ...cardsInForce(cardsOf(ask.model), ask, at) }));
  const asked = found.flatMap(({ layer, cards }) =>
    cards.map((card) => ({ card, standing: standingOf(card, layer, at, now) })),
  );
  const rates: Partial<Record<Charged, LayeredRate>> = {};
  const deciding = new Set<RateCard>();
  for (const charged of allCharged) {
    const first = asked.find(({ card }) => card.rates[charged] !== undefined);
    const rate = first?.card.rates[charged];
    if (first === undefined || rate === undefined) continue;
    const { steps, scope } = rate;
    rates[charged] = { steps, scope, ...first.standing };
    deciding.add(first.card);
  }
  if (deciding.size > 0)
    return {
      state: "resolved",
      rates,
      uncounted: [...new Set([...deciding].flatMap((card) => card.uncounted))],
    };
  const reasons = found.flatMap(({ reason }) => reason ?? []);
  const closest = Math.max(...reasons.map((reason) => noRateReasons.indexOf(reason)), unknownAs(ask.model));
  return { state: "unpriced", reason: noRateReasons[closest] ?? "model-unknown" };
}

const unknownAs = ({ provider, listed }: ModelIdentity): number =>
  noRateReasons.indexOf(
    provider === undefined && listed === undefined ? "provider-unknown" : "model-unknown",
  );

/** The cards that may speak, the strongest first, or at which step none was left. */
function cardsInForce(
  cards: readonly RateCard[],
  { tier, region }: RateAsk,
  at: Instant,
): { readonly cards: readonly RateCard[]; readonly reason?: NoRates } {
  if (cards.length === 0) return { cards };
  const ofTier = cards.filter((card) => card.tier === tier);
  if (ofTier.length === 0) return { cards: [], reason: "tier-unpriced" };
  const there = ofTier.filter((card) => card.region === undefined || same(card.region, region));
  if (there.length === 0) return { cards: [], reason: "region-unpriced" };
  const then = there.filter((card) => holdsAt(card, at));
  if (then.length === 0) return { cards: [], reason: "not-valid-then" };
  const last = upToWhole([...then].reverse());
  const own = last.filter((card) => card.region !== undefined);
  const chosen = [...own, ...last.filter((card) => card.region === undefined)];
  const units = chosen.some(({ uncounted }) => uncounted.length > 0);
  return { cards: chosen, reason: units ? "other-units" : "no-rates" };
}

/** The strongest first, and nothing after a whole price list. */
function upToWhole(cards: readonly RateCard[]): readonly RateCard[] {
  const end = cards.findIndex(({ whole }) => whole);
  return end === -1 ? cards : cards.slice(0, end + 1);
}

/** Who says what a card says, the same for all of its rates. */
function standingOf(
  { validFrom, asOf, currency, id, source }: RateCard,
  layer: PriceLayer,
  at: Instant,
  now: Instant,
): Omit<LayeredRate, keyof Rate> {
  const { ageDays, stale } = priceAge(layer, asOf, now);
  const seenLater = validFrom === undefined && asOf !== undefined && asOf > at;
  return { currency, layer, row: id, source, asOf, ageDays, stale, seenLater };
}

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();
