import type { Instant } from "#units/instant.ts";
import { findPrice, type PriceAsk, type PriceRow, type Unpriced } from "./price.ts";

/** Who may say what a thing costs, the strongest word first. */
export const priceLayers = {
  contract: "your contract table, prices/contract.csv",
  bill: "what you paid in the last 30 days: EffectiveCost ÷ PricingQuantity",
  refreshed: "public prices fetched by plimsoll prices refresh",
  shipped: "public prices that came with Plimsoll",
} as const;
/** The name of a layer. */
export type PriceLayer = keyof typeof priceLayers;

/** The prices of one layer. */
export interface LayerRows {
  readonly layer: PriceLayer;
  readonly rows: readonly PriceRow[];
}

/** Days after which a price is told to be old. */
export const STALE_DAYS = 30;

/** A price with the layer it is from. */
export interface LayeredPrice {
  readonly layer: PriceLayer;
  readonly row: PriceRow;
  /** Whole days since the source said so; undefined for an undated source. */
  readonly ageDays: number | undefined;
  /** Old or undated. A contract is neither: it says itself how long it holds. */
  readonly stale: boolean;
  /** The source is younger than the asked time and does not say since when the price holds. */
  readonly seenLater: boolean;
}

/** The price of the first layer that has one, and what the others say; or that none has. */
export type LayeredAnswer =
  | {
      readonly state: "priced";
      readonly chosen: LayeredPrice;
      readonly others: readonly LayeredPrice[];
    }
  | {
      readonly state: "unpriced";
      readonly reason: Unpriced;
      readonly upperBound?: LayeredPrice;
      readonly candidates: readonly PriceRow[];
    };

/**
 * Asks the layers in order.
 * @param at when the thing is used
 * @param now what ages are counted to
 */
export function layeredPrice(
  layers: readonly LayerRows[],
  ask: PriceAsk,
  at: Instant,
  now: Instant,
): LayeredAnswer {
  const answers = inOrder(layers).map(({ layer, rows }) => ({ layer, answer: findPrice(rows, ask, at) }));
  const priced = answers.flatMap(({ layer, answer }) =>
    answer.state === "priced" ? [withAge(layer, answer.row, now, answer.seenLater)] : [],
  );
  const [chosen, ...others] = priced;
  // A layer that contradicts itself is not passed over: the next one would answer as if nothing were wrong.
  const unclear = answers.find(
    ({ answer }) => answer.state === "unpriced" && UNCLEAR.includes(answer.reason),
  );
  const before = (name: PriceLayer): number => LAYERS.indexOf(name);
  if (chosen !== undefined && (unclear === undefined || before(chosen.layer) < before(unclear.layer)))
    return { state: "priced", chosen, others };
  return noPrice(answers, now);
}

type Answers = readonly { layer: PriceLayer; answer: ReturnType<typeof findPrice> }[];

/** The reason that came closest to a price, and the on-demand price of the first layer that has one. */
function noPrice(answers: Answers, now: Instant): LayeredAnswer {
  const failed = answers.flatMap(({ layer, answer }) =>
    answer.state === "unpriced" ? [{ layer, answer }] : [],
  );
  const ranked = [...failed].sort(
    (a, b) => CLOSENESS.indexOf(b.answer.reason) - CLOSENESS.indexOf(a.answer.reason),
  );
  const bound = failed.find(({ answer }) => answer.upperBound !== undefined);
  const row = bound?.answer.upperBound;
  return {
    state: "unpriced",
    reason: ranked[0]?.answer.reason ?? "sku-unknown",
    candidates: ranked[0]?.answer.candidates ?? [],
    ...(bound === undefined || row === undefined
      ? {}
      : { upperBound: withAge(bound.layer, row, now, false) }),
  };
}

function withAge(layer: PriceLayer, row: PriceRow, now: Instant, seenLater: boolean): LayeredPrice {
  return { layer, row, ...priceAge(layer, row.asOf, now), seenLater };
}

/** How old a price is in whole days, and whether that is told; undefined where the source is undated. */
export function priceAge(
  layer: PriceLayer,
  asOf: Instant | undefined,
  now: Instant,
): { readonly ageDays: number | undefined; readonly stale: boolean } {
  const ageDays = asOf === undefined ? undefined : Math.max(0, Math.floor((now - asOf) / 86_400_000));
  return { ageDays, stale: layer !== "contract" && (ageDays === undefined || ageDays > STALE_DAYS) };
}

const LAYERS = Object.keys(priceLayers) as PriceLayer[];
const UNCLEAR: readonly Unpriced[] = ["ambiguous", "sources-disagree"];
const CLOSENESS: readonly Unpriced[] = [
  "sku-unknown",
  "region-unpriced",
  "option-unpriced",
  "currency-unpriced",
  "not-valid-then",
  ...UNCLEAR,
];

const inOrder = (layers: readonly LayerRows[]): LayerRows[] =>
  [...layers].sort((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer));
