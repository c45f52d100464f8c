import { formatFraction } from "#facts/fraction.ts";
import type { Machine } from "#facts/machine.ts";
import type { MachinePrice } from "#facts/machine-price.ts";
import type { PriceRow } from "#facts/price.ts";
import type { LayeredPrice } from "#facts/price-layers.ts";
import type { PriceLine, PricesAnswer } from "#flows/prices/answer-prices.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant, type Instant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";

/** The columns of `plimsoll prices --csv`. */
export const priceColumns = [
  "provider",
  "sku",
  "region",
  "purchase",
  "state",
  "price",
  "unit",
  "currency",
  "pricePerAcceleratorHour",
  "layer",
  "source",
  "asOf",
  "ageDays",
  "stale",
  "vCpus",
  "memoryGiB",
  "accelerator",
  "acceleratorCount",
] as const;

/** A line as flat cells; what is unknown is empty. */
export function priceCells(line: PriceLine): Record<(typeof priceColumns)[number], string | number | null> {
  const chosen = line.answer.state === "priced" ? line.answer.chosen : undefined;
  const [only] = line.machine?.accelerators ?? [];
  return {
    provider: line.provider ?? null,
    sku: line.sku,
    region: line.region ?? null,
    purchase: line.purchase,
    state: line.answer.state,
    price: chosen === undefined ? null : formatDecimal(chosen.row.price.units),
    unit: chosen?.row.unit ?? null,
    currency: chosen?.row.price.currency ?? null,
    pricePerAcceleratorHour:
      line.perAccelerator === undefined ? null : formatDecimal(line.perAccelerator.units),
    layer: chosen?.layer ?? null,
    source: chosen?.row.source ?? null,
    asOf: day(chosen?.row.asOf),
    ageDays: chosen?.ageDays ?? null,
    stale: chosen === undefined ? null : String(chosen.stale),
    vCpus: line.machine?.vCpus ?? null,
    memoryGiB: line.machine?.memoryGiB ?? null,
    accelerator: only?.type ?? null,
    acceleratorCount: only?.count === undefined ? null : formatFraction(only.count),
  };
}

/** Everything as one object; amounts are exact decimals as text. */
export function pricesJson(answer: PricesAnswer, explain: boolean): unknown {
  return {
    at: formatInstant(answer.at),
    prices: answer.lines.map(lineJson),
    layers: answer.layers.map(({ layer, from, prices, asOf }) => ({
      layer,
      prices,
      asOf: day(asOf),
      ...(explain ? { from } : {}),
    })),
    ...(explain ? { query: answer.query ?? null } : {}),
  };
}

function lineJson({ answer, machine, perAccelerator, withGuests, ...line }: PriceLine): unknown {
  const common = {
    provider: line.provider ?? null,
    sku: line.sku,
    region: line.region ?? null,
    purchase: line.purchase,
    state: answer.state,
  };
  const components = machine === undefined ? null : machineJson(machine);
  if (answer.state === "unpriced")
    return {
      ...common,
      reason: answer.reason,
      upperBound: answer.upperBound === undefined ? null : layeredJson(answer.upperBound),
      candidates: answer.candidates.map(rowJson),
      components,
    };
  return {
    ...common,
    ...layeredJson(answer.chosen),
    pricePerAcceleratorHour: perAccelerator === undefined ? null : formatDecimal(perAccelerator.units),
    others: answer.others.map(layeredJson),
    ...(withGuests === undefined ? {} : { withGuests: guestsJson(withGuests) }),
    components,
  };
}

const layeredJson = ({ layer, row, ageDays, stale, seenLater }: LayeredPrice): object => ({
  ...rowJson(row),
  layer,
  ageDays: ageDays ?? null,
  stale,
  seenLater,
});

const rowJson = ({ price, unit, source, asOf, validFrom, validTo }: PriceRow): object => ({
  ...moneyJson(price),
  unit,
  source,
  asOf: day(asOf),
  validFrom: day(validFrom),
  validTo: day(validTo),
});

const guestsJson = (priced: MachinePrice): object =>
  priced.state === "unpriced"
    ? priced
    : {
        state: priced.state,
        ...moneyJson(priced.total),
        parts: priced.parts.map(({ what, price, bundled }) => ({ what, ...moneyJson(price), bundled })),
      };

const machineJson = ({ vCpus, memoryGiB, accelerators, source }: Machine): object => ({
  vCpus: vCpus ?? null,
  memoryGiB: memoryGiB ?? null,
  accelerators: accelerators.map(({ type, count, kind }) => ({
    type,
    count: count === undefined ? null : formatFraction(count),
    kind,
  })),
  source,
});

const moneyJson = ({ units, currency }: Money): object => ({ price: formatDecimal(units), currency });

const day = (time: Instant | undefined): string | null =>
  time === undefined ? null : formatInstant(time).replace("T00:00:00Z", "");
