import type { Charged } from "#facts/rate-card.ts";
import type { CallPrice, CostPart } from "#facts/token-price.ts";
import type { LayeredRate } from "#facts/token-rates.ts";
import type { ModelLine, ModelsAnswer } from "#flows/prices/answer-models.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant, type Instant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";
import { splitCharged } from "./charged-text.ts";

/** The columns of `plimsoll prices models --csv`. */
export const modelColumns = [
  "provider",
  "model",
  "listedAs",
  "tier",
  "region",
  "state",
  "reason",
  "class",
  "modality",
  "price",
  "unit",
  "currency",
  "inputAbove",
  "aboveAppliesTo",
  "layer",
  "row",
  "source",
  "asOf",
  "ageDays",
  "stale",
  "quantity",
  "cost",
] as const;
type ModelCells = Record<(typeof modelColumns)[number], string | number | null>;

const empty = Object.fromEntries(modelColumns.map((name) => [name, null])) as ModelCells;

/** A line as flat cells: one row per charged part and step; one for a model without rates. */
export function modelCells(line: ModelLine): ModelCells[] {
  const { resolved, price } = line;
  const head = {
    ...empty,
    ...headOf(line),
    state: price?.state ?? (resolved.state === "resolved" ? "priced" : "unpriced"),
  };
  if (resolved.state === "unpriced") return [{ ...head, reason: resolved.reason }];
  const reason = price?.state === "unpriced" ? price.reason : null;
  const parts = new Map(price?.parts.map((part) => [part.charged, part]));
  return (Object.entries(resolved.rates) as [Charged, LayeredRate][]).flatMap(([charged, rate]) =>
    rate.steps.map((step, index) => {
      const { name, modality } = splitCharged(charged);
      const part = index === 0 ? parts.get(charged) : undefined;
      return {
        ...head,
        reason,
        class: name,
        modality: modality ?? null,
        price: formatDecimal(perUnit(step.units, modality !== undefined)),
        unit: modality === undefined ? "request" : "1000000 tokens",
        currency: rate.currency,
        inputAbove: step.above,
        aboveAppliesTo: index === 0 ? null : rate.scope,
        layer: rate.layer,
        row: rate.row,
        source: rate.source,
        asOf: day(rate.asOf),
        ageDays: rate.ageDays ?? null,
        stale: String(rate.stale),
        quantity: part?.quantity ?? null,
        cost: part === undefined ? null : formatDecimal(part.cost.units),
      };
    }),
  );
}

/** Everything as one object; amounts are exact decimals as text. */
export function modelsJson(answer: ModelsAnswer, explain: boolean): unknown {
  return {
    at: formatInstant(answer.at),
    ...(answer.providers.length === 0 ? {} : { providers: answer.providers }),
    models: answer.lines.map(lineJson),
    alsoAt: answer.alsoAt,
    layers: answer.layers.map(({ layer, from, prices, asOf }) => ({
      layer,
      prices,
      asOf: day(asOf),
      ...(explain ? { from } : {}),
    })),
    ...(explain ? { query: answer.query ?? null } : {}),
  };
}

function lineJson(line: ModelLine): unknown {
  const { resolved, price } = line;
  const call = price === undefined ? {} : { call: priceJson(price) };
  if (resolved.state === "unpriced")
    return { ...headOf(line), state: "unpriced", reason: resolved.reason, ...call };
  return {
    ...headOf(line),
    state: "priced",
    rates: (Object.entries(resolved.rates) as [Charged, LayeredRate][]).map(([charged, rate]) =>
      rateJson(charged, rate),
    ),
    alsoCharged: resolved.uncounted,
    ...call,
  };
}

function rateJson(charged: Charged, rate: LayeredRate): object {
  const { name, modality } = splitCharged(charged);
  return {
    class: name,
    modality: modality ?? null,
    unit: modality === undefined ? "request" : "1000000 tokens",
    currency: rate.currency,
    steps: rate.steps.map(({ above, units }) => ({
      inputAbove: above,
      price: formatDecimal(perUnit(units, modality !== undefined)),
    })),
    aboveAppliesTo: rate.steps.length === 1 ? null : rate.scope,
    ...standing(rate),
  };
}

const standing = ({ layer, row, source, asOf, ageDays, stale, seenLater }: LayeredRate): object => ({
  layer,
  row,
  source,
  asOf: day(asOf),
  ageDays: ageDays ?? null,
  stale,
  seenLater,
});

function priceJson(price: CallPrice): object {
  const parts = price.parts.map(partJson);
  if (price.state === "priced")
    return {
      state: price.state,
      ...moneyJson(price.cost),
      layer: price.layer ?? null,
      ageDays: price.ageDays ?? null,
      parts,
    };
  return {
    state: price.state,
    reason: price.reason,
    unpriced: price.unpriced,
    lowerBound: price.lowerBound === undefined ? null : moneyJson(price.lowerBound),
    upperBound: price.upperBound === undefined ? null : moneyJson(price.upperBound),
    parts,
  };
}

const partJson = ({ charged, quantity, cost, rate }: CostPart): object => {
  const { name, modality } = splitCharged(charged);
  return { class: name, modality: modality ?? null, quantity, ...moneyJson(cost), ...standing(rate) };
};

const headOf = ({
  model,
  tier,
  region,
}: ModelLine): Pick<ModelCells, "provider" | "model" | "listedAs" | "tier" | "region"> => ({
  provider: model.provider ?? null,
  model: model.name,
  listedAs: model.listed === undefined ? null : `${model.listed.provider}/${model.listed.id}`,
  tier,
  region: region ?? null,
});

/** What people compare: a million tokens, one request. */
export const perUnit = (units: bigint, tokens: boolean): bigint => (tokens ? units * 1_000_000n : units);

const moneyJson = ({ units, currency }: Money): object => ({ cost: formatDecimal(units), currency });

const day = (time: Instant | undefined): string | null =>
  time === undefined ? null : formatInstant(time).replace("T00:00:00Z", "");
