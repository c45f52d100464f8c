import path from "node:path";
import type { LayerRows, PriceLayer } from "#facts/price-layers.ts";
import { readContract } from "#ingest/prices/read-contract.ts";
import type { Instant } from "#units/instant.ts";
import { paidRates } from "./paid-rates.ts";
import { refreshedBooks } from "./refreshed-books.ts";
import { shippedPrices } from "./shipped-catalogue.ts";

/** What a layer was read from. */
export interface LayerTold {
  readonly layer: PriceLayer;
  /** Files or the lake's version; none where there is nothing of that layer. */
  readonly from: readonly string[];
  readonly prices: number;
  /** The newest as-of date in it. */
  readonly asOf: Instant | undefined;
}

/** All layers, what they were read from, and the query behind the rates that were paid. */
export interface LoadedLayers {
  readonly layers: readonly LayerRows[];
  readonly told: readonly LayerTold[];
  readonly query: string | undefined;
}

/**
 * Reads every layer that may say what things cost at an instant.
 * @param skus whose paid rates are asked for; all if absent
 * @throws Problem "price-file-invalid", "lake-corrupt"
 */
export async function loadLayers(data: string, at: Instant, skus?: readonly string[]): Promise<LoadedLayers> {
  const contract = await readContract(path.join(data, "prices"));
  const paid = await paidRates(data, at, skus);
  const books = await refreshedBooks(data);
  const layers: LayerRows[] = [
    { layer: "contract", rows: contract?.rows ?? [] },
    { layer: "bill", rows: paid.rows },
    { layer: "refreshed", rows: books.flatMap(({ rows }) => rows) },
    { layer: "shipped", rows: await shippedPrices() },
  ];
  const from: Record<PriceLayer, readonly string[]> = {
    contract: contract === undefined ? [] : [contract.file],
    bill: paid.version === undefined ? [] : [`lake version ${paid.version}`],
    refreshed: books.map(({ file }) => file),
    shipped: ["catalog/prices.json"],
  };
  const told = layers.map(({ layer, rows }) => {
    const dates = rows.flatMap(({ asOf }) => asOf ?? []);
    const asOf = dates.length === 0 ? undefined : dates.reduce((a, b) => Math.max(a, b));
    return { layer, from: from[layer], prices: rows.length, asOf };
  });
  return { layers, told, query: paid.query };
}
