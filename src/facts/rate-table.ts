import { formatDecimal } from "#units/decimal.ts";
import type { Instant } from "#units/instant.ts";
import type { Window } from "#units/window.ts";
import type { Charged, DailyWindow, RateCard } from "./rate-card.ts";
import type { PriceLayer } from "./price-layers.ts";
import { stepAt, type UnpricedCall } from "./token-price.ts";
import { type LayeredRate, type RateAsk, resolveRates, type TokenLayer } from "./token-rates.ts";
import { MOST_TOKENS } from "./token-usage.ts";

/** A rate that SQL joins calls with: by key and where the call's time and input lie between the bounds. */
export interface RateTableRow {
  /** Provider, model, tier and region as the calls name them. */
  readonly key: number;
  readonly from: Instant;
  /** Before this instant. */
  readonly until: Instant;
  /** Seconds of the UTC day. */
  readonly secondFrom: number;
  readonly secondUntil: number;
  /** Input tokens of the request: more than this … */
  readonly inputAbove: number;
  /** … and at most this. */
  readonly inputUpTo: number;
  readonly charged: Charged;
  /** 0, or from how many tokens of its own on `rate` is added to the rate of those below. */
  readonly partAbove: number;
  /** What one token or one request costs, as exact text: a DECIMAL(38,18). */
  readonly rate: string;
  readonly currency: string;
  /** Who says so. */
  readonly layer: PriceLayer;
}

/** How calls name what they use. */
export interface RateKey extends RateAsk {
  readonly key: number;
}

/** The rates that calls of a time are priced by, and the keys that SQL leaves to `priceCall`. */
export interface RateTable {
  readonly rows: readonly RateTableRow[];
  /** Keys whose price depends on more than one row can say: units beside tokens. */
  readonly apart: readonly number[];
  /** Why keys have no rows, by key. */
  readonly reasons: ReadonlyMap<number, UnpricedCall>;
}

/**
 * Resolves each key once, over all of the time that calls were made in: one row per part, span of dates, hours of the day and size of the
 * request. What has no row has no price.
 */
export function rateTable(
  keys: readonly RateKey[],
  layers: readonly TokenLayer[],
  within: Window,
): RateTable {
  const rows: RateTableRow[] = [];
  const apart: number[] = [];
  const reasons = new Map<number, UnpricedCall>();
  for (const key of keys) {
    const made = rowsOf(key, layers, within);
    if (made.apart) apart.push(key.key);
    else rows.push(...made.rows);
    if (made.reason !== undefined && (made.apart || made.rows.length === 0))
      reasons.set(key.key, made.reason);
  }
  return { rows, apart, reasons };
}

interface KeyRows {
  readonly rows: readonly RateTableRow[];
  readonly apart: boolean;
  /** Why there is no rate, at the last time without one. */
  readonly reason?: UnpricedCall;
}

function rowsOf(key: RateKey, layers: readonly TokenLayer[], within: Window): KeyRows {
  const rows: RateTableRow[] = [];
  let reason: UnpricedCall | undefined;
  // The cards of a model are looked up once, not at every boundary.
  const known = layers.map(({ layer, cardsOf }) => ({ layer, cards: cardsOf(key.model) }));
  const cards = known.flatMap((each) => each.cards);
  const held = known.map(({ layer, cards }): TokenLayer => ({ layer, cardsOf: () => cards }));
  for (const span of spansOf(cards, within))
    for (const slot of slotsOf(cards)) {
      const at = firstWithin(span, slot);
      if (at === undefined) continue;
      const resolved = resolveRates(held, key, at, at);
      if (resolved.state === "unpriced") {
        reason = resolved.reason;
        continue;
      }
      const rates = Object.entries(resolved.rates) as [Charged, LayeredRate][];
      if (resolved.uncounted.length > 0) return { rows: [], apart: true, reason: "other-units" };
      const place = {
        key: key.key,
        from: span.start,
        until: span.end,
        secondFrom: slot.start,
        secondUntil: slot.end,
      };
      rows.push(...bandsOf(rates).flatMap((band) => rates.flatMap((rate) => rowsAt(rate, band, place))));
    }
  return reason === undefined ? { rows, apart: false } : { rows, apart: false, reason };
}

type Place = Pick<RateTableRow, "key" | "from" | "until" | "secondFrom" | "secondUntil">;
type Band = Pick<RateTableRow, "inputAbove" | "inputUpTo">;

function rowsAt([charged, rate]: readonly [Charged, LayeredRate], band: Band, place: Place): RateTableRow[] {
  const common = { ...place, ...band, charged, currency: rate.currency, layer: rate.layer };
  if (rate.scope === "request")
    return [{ ...common, partAbove: 0, rate: formatDecimal(stepAt(rate, band.inputUpTo)) }];
  return rate.steps.map(({ above, units }, index) => ({
    ...common,
    partAbove: above,
    rate: formatDecimal(units - (rate.steps[index - 1]?.units ?? 0n)),
  }));
}

/** Sizes of requests between the steps of all rates. */
function bandsOf(rates: readonly (readonly [Charged, LayeredRate])[]): Band[] {
  const steps = rates.flatMap(([, rate]) =>
    rate.scope === "request" ? rate.steps.slice(1).map(({ above }) => above) : [],
  );
  const bounds = [-1, ...new Set(steps.toSorted((a, b) => a - b)), MOST_TOKENS];
  return bounds.slice(1).map((inputUpTo, index) => ({ inputAbove: bounds[index] ?? -1, inputUpTo }));
}

/** The time cut where a card begins or ends to hold. */
function spansOf(cards: readonly RateCard[], { start, end }: Window): Window[] {
  const dates = cards.flatMap(({ validFrom, validTo }) => [validFrom ?? start, validTo ?? start]);
  const bounds = [...new Set([start, ...dates.filter((each) => each > start && each < end), end])].sort(
    (a, b) => a - b,
  );
  return bounds.slice(1).map((each, index) => ({ start: bounds[index] ?? start, end: each }));
}

const DAY = 86_400;

/** The day cut where the hours of a card begin or end. */
function slotsOf(cards: readonly RateCard[]): DailyWindow[] {
  const times = cards.flatMap(({ daily }) => (daily === undefined ? [] : [daily.start, daily.end]));
  const bounds = [...new Set([0, ...times, DAY])].sort((a, b) => a - b);
  return bounds.slice(1).map((end, index) => ({ start: bounds[index] ?? 0, end }));
}

/** The first instant of a span that lies in those hours; undefined if none does. */
function firstWithin({ start, end }: Window, slot: DailyWindow): Instant | undefined {
  const second = (start / 1000) % DAY;
  if (second >= slot.start && second < slot.end) return start;
  const today = start - second * 1000 + slot.start * 1000;
  const at = today < start ? today + DAY * 1000 : today;
  return at < end ? at : undefined;
}
