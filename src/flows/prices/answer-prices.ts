import type { Machine } from "#facts/machine.ts";
import { type Guest, machinePrice, type MachinePrice, pricePerAccelerator } from "#facts/machine-price.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import type { PriceAsk, PriceRow, PurchaseOption } from "#facts/price.ts";
import { type LayeredAnswer, layeredPrice, type LayerRows } from "#facts/price-layers.ts";
import type { Instant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";
import { Problem } from "#units/problems.ts";
import { type LayerTold, loadLayers } from "./load-layers.ts";
import { shippedMachines, shippedPrices } from "./shipped-catalogue.ts";

/** What somebody wants to know the price of. */
export interface PricesAsked {
  readonly data: string;
  /** When the thing is used. */
  readonly at: Instant;
  /** Ages are counted to `at`, or to now where that is still to come. */
  readonly now: Instant;
  /** Instance type or SKU; all of a provider or region if absent. */
  readonly sku?: string;
  readonly provider?: string;
  readonly region?: string;
  readonly purchase?: PurchaseOption;
  readonly currency?: string;
  readonly guests: readonly Guest[];
}

/** One thing in one region, bought one way. */
export interface PriceLine {
  readonly provider: string | undefined;
  readonly sku: string;
  /** Undefined where no layer knows the thing in any region. */
  readonly region: string | undefined;
  readonly purchase: PurchaseOption;
  readonly answer: LayeredAnswer;
  readonly machine: Machine | undefined;
  /** An hour of one accelerator, a shared one counted as whole. */
  readonly perAccelerator: Money | undefined;
  /** With the guest accelerators that were asked for. */
  readonly withGuests: MachinePrice | undefined;
}

/** Prices with everything that stands behind them. */
export interface PricesAnswer {
  readonly at: Instant;
  readonly lines: readonly PriceLine[];
  readonly layers: readonly LayerTold[];
  readonly query: string | undefined;
}

/**
 * What things cost: the first layer that has a price, and the others beside it. What has none is a line too, unpriced.
 * @throws Problem "sku-unknown" with the nearest names, and those of `loadLayers`
 */
export async function answerPrices(asked: PricesAsked): Promise<PricesAnswer> {
  const machines = await shippedMachines();
  const spelt = asked.sku === undefined ? undefined : await spelling(asked.sku, machines);
  const { layers, told, query } = await loadLayers(asked.data, asked.at, spelt);
  const wanted = layers.map(({ layer, rows }) => ({ layer, rows: rows.filter((row) => fits(row, asked)) }));
  const bySku = indexed(wanted);
  if (asked.sku !== undefined && !isKnown(asked.sku, layers, machines))
    throw unknownSku(asked.sku, layers, machines);
  const names = asked.sku === undefined ? namesIn(wanted, asked.region) : [asked.sku.toLowerCase()];
  const lines = names.flatMap((sku) => linesOf(sku, bySku.get(sku) ?? [], layers, machines, asked));
  return { at: asked.at, lines, layers: told, query };
}

function linesOf(
  name: string,
  own: readonly LayerRows[],
  layers: readonly LayerRows[],
  machines: readonly Machine[],
  asked: PricesAsked,
): PriceLine[] {
  const rows = own.flatMap((layer) => layer.rows);
  const machine = machines.find(({ instanceType }) => same(instanceType, name));
  const until = Math.min(asked.at, asked.now);
  return placesOf(rows, asked).map(({ provider, region, purchase }) => {
    const ask: PriceAsk = {
      sku: name,
      region: region ?? "",
      purchase,
      ...(provider === undefined ? {} : { provider }),
      ...(asked.currency === undefined ? {} : { currency: asked.currency }),
    };
    const answer = layeredPrice(own, ask, asked.at, until);
    const row = answer.state === "priced" ? answer.chosen.row : undefined;
    const guestPrice = (type: string): PriceRow | undefined => {
      const guest = layeredPrice(layers, { ...ask, sku: type, service: "guest-gpu" }, asked.at, until);
      return guest.state === "priced" ? guest.chosen.row : undefined;
    };
    return {
      provider: provider ?? machine?.provider,
      sku: rows[0]?.sku ?? machine?.instanceType ?? name,
      region,
      purchase,
      answer,
      machine,
      perAccelerator: row?.unit === "hour" ? pricePerAccelerator(row.price, machine) : undefined,
      withGuests:
        row === undefined || asked.guests.length === 0
          ? undefined
          : machinePrice(row, asked.guests, guestPrice),
    };
  });
}

type Place = Pick<PriceLine, "provider" | "region" | "purchase">;

/** Every region and way of buying that is known, or the one that was asked for, priced or not. */
function placesOf(rows: readonly PriceRow[], asked: PricesAsked): Place[] {
  const places = new Map<string, Place>();
  for (const { provider, region, purchase: bought } of rows) {
    if (asked.region !== undefined && !same(region, asked.region)) continue;
    const purchase = asked.purchase ?? bought;
    places.set([provider, region, purchase].join("\0").toLowerCase(), { provider, region, purchase });
  }
  if (places.size === 0)
    return [{ provider: asked.provider, region: asked.region, purchase: asked.purchase ?? "on-demand" }];
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

/** Rows by the name of their SKU in lower case, still layer by layer. */
function indexed(layers: readonly LayerRows[]): Map<string, LayerRows[]> {
  const index = new Map<string, LayerRows[]>();
  for (const { layer, rows } of layers) {
    const own = new Map<string, PriceRow[]>();
    for (const row of rows) {
      const name = row.sku.toLowerCase();
      const list = own.get(name);
      if (list === undefined) own.set(name, [row]);
      else list.push(row);
    }
    for (const [name, list] of own) index.set(name, [...(index.get(name) ?? []), { layer, rows: list }]);
  }
  return index;
}

const fits = (row: PriceRow, { sku, provider }: PricesAsked): boolean =>
  (sku === undefined || same(row.sku, sku)) && (provider === undefined || same(row.provider, provider));

/** Everything that has a price, in a region if one is asked for. */
function namesIn(layers: readonly LayerRows[], region: string | undefined): string[] {
  const rows = layers.flatMap((layer) => layer.rows);
  const there = rows.filter((row) => region === undefined || same(row.region, region));
  return [...new Set(there.map(({ sku }) => sku.toLowerCase()))].sort();
}

const isKnown = (sku: string, layers: readonly LayerRows[], machines: readonly Machine[]): boolean =>
  machines.some(({ instanceType }) => same(instanceType, sku)) ||
  layers.some(({ rows }) => rows.some((row) => same(row.sku, sku)));

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();

/** A name as it was asked for and as providers write it: bills are asked in their own spelling. */
async function spelling(sku: string, machines: readonly Machine[]): Promise<string[]> {
  const listed = [
    ...machines.map(({ instanceType }) => instanceType),
    ...(await shippedPrices()).map((row) => row.sku),
  ];
  return [...new Set([sku, ...listed.filter((name) => same(name, sku))])];
}

function unknownSku(sku: string, layers: readonly LayerRows[], machines: readonly Machine[]): Problem {
  const names = layers.flatMap(({ rows }) => rows.map((row) => row.sku));
  const all = [...new Set([...names, ...machines.map(({ instanceType }) => instanceType)])];
  const message = `No layer knows an instance type or SKU "${sku}".${didYouMean(sku, all)}`;
  return new Problem("sku-unknown", message, { at: { value: sku } });
}
