import { formatDecimal } from "#units/decimal.ts";
import { formatInstant, type Instant } from "#units/instant.ts";
import type { PriceRow } from "./price.ts";
import type { HeldPrice } from "./price-review.ts";

/**
 * A price book as the text of its file, which `parsePriceBook` reads: one list a line, in order of what it holds, so that the same
 * prices give the same bytes. What was held for review is kept beside it for people; it is no price.
 */
export function priceBookText(rows: readonly PriceRow[], held: readonly HeldPrice[]): string {
  const sources = new Map<string, { readonly id: string; readonly text: string }>();
  const lists = new Map<string, { head: object; prices: Record<string, string> }>();
  for (const row of rows) {
    const source = { name: row.source, ...dated("asOf", row.asOf) };
    const known = sources.get(JSON.stringify(source));
    const id = known?.id ?? `s${sources.size + 1}`;
    if (known === undefined) sources.set(JSON.stringify(source), { id, text: JSON.stringify(source) });
    const head = {
      provider: row.provider,
      service: row.service,
      region: row.region,
      purchase: row.purchase,
      unit: row.unit,
      currency: row.price.currency,
      source: id,
      ...dated("validFrom", row.validFrom),
      ...dated("validTo", row.validTo),
    };
    const key = JSON.stringify(head);
    const list = lists.get(key) ?? { head, prices: {} };
    list.prices[row.sku] = formatDecimal(row.price.units);
    lists.set(key, list);
  }
  const lines = [...lists]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { head, prices }]) => JSON.stringify({ ...head, prices: ordered(prices) }));
  const named = [...sources.values()].map(({ id, text }) => `${JSON.stringify(id)}: ${text}`);
  const left = held.map((each) => JSON.stringify(heldJson(each)));
  return `{"format": 1,\n"sources": {\n${named.join(",\n")}\n},\n"held": [\n${left.join(",\n")}\n],\n"lists": [\n${lines.join(",\n")}\n]}\n`;
}

/** A held price and the one that stays. */
export const heldJson = ({ offered, former }: HeldPrice): object => ({
  provider: offered.provider,
  sku: offered.sku,
  region: offered.region,
  purchase: offered.purchase,
  currency: offered.price.currency,
  offered: formatDecimal(offered.price.units),
  former: formatDecimal(former.price.units),
});

const dated = (key: string, time: Instant | undefined): object =>
  time === undefined ? {} : { [key]: formatInstant(time) };

const ordered = (prices: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(prices).sort(([a], [b]) => (a < b ? -1 : 1)));
