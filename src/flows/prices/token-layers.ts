import path from "node:path";
import { type Deployment, identifyModel } from "#facts/model-identity.ts";
import { namedLayer, shippedLayer } from "#facts/named-cards.ts";
import { paidTokenRates } from "#facts/paid-token-rates.ts";
import type { TokenCatalogue } from "#facts/token-catalogue.ts";
import type { TokenLayer } from "#facts/token-rates.ts";
import { readDeployments, readTokenPrices } from "#ingest/prices/read-tokens.ts";
import { decodeTokenRates, tokenRates } from "#lake/queries/token-rates.ts";
import type { Instant } from "#units/instant.ts";
import type { LayerTold } from "./load-layers.ts";
import { askBill } from "./paid-rates.ts";
import { shippedTokenPrices } from "./shipped-catalogue.ts";

/** Everything that calls are priced by. */
export interface TokenLayers {
  readonly catalogue: TokenCatalogue;
  /** The strongest first. */
  readonly layers: readonly TokenLayer[];
  readonly deployments: readonly Deployment[];
  readonly told: readonly LayerTold[];
  /** Models that the contract and the bill name. */
  readonly named: readonly { readonly provider: string; readonly model: string }[];
  /** The SQL of the rates that were paid. */
  readonly query: string | undefined;
}

/**
 * Reads every layer that may say what tokens cost at an instant: the contract table, the own bill, the catalogue.
 * @throws Problem "price-file-invalid", "lake-corrupt"
 */
export async function loadTokenLayers(data: string, at: Instant): Promise<TokenLayers> {
  const folder = path.join(data, "prices");
  const catalogue = await shippedTokenPrices();
  const contract = await readTokenPrices(folder);
  const deployments = await readDeployments(folder);
  const bill = await askBill(data, at, tokenRates);
  const hourApart = (provider: string, model: string): boolean =>
    identifyModel(catalogue, { provider, model }, deployments).listed?.cards.some(
      ({ rates }) => rates.cache_write_1h_text !== undefined,
    ) === true;
  const paid = paidTokenRates(decodeTokenRates(bill?.rows ?? []), hourApart);
  const lines = contract?.cards ?? [];
  const newest = (cards: readonly { card: { asOf?: Instant } }[]): Instant | undefined =>
    cards.length === 0 ? undefined : cards.map(({ card }) => card.asOf ?? 0).reduce((a, b) => Math.max(a, b));
  return {
    catalogue,
    layers: [namedLayer("contract", lines, catalogue), namedLayer("bill", paid, catalogue), shippedLayer],
    deployments,
    told: [
      {
        layer: "contract",
        from: contract === undefined ? [] : [contract.file],
        prices: lines.length,
        asOf: newest(lines),
      },
      {
        layer: "bill",
        from: bill === undefined ? [] : [`lake version ${bill.version}`],
        prices: paid.length,
        asOf: newest(paid),
      },
      {
        layer: "shipped",
        from: [`catalog/token-prices.json: ${catalogue.source}`],
        prices: catalogue.providers.reduce((sum, { models }) => sum + models.length, 0),
        asOf: catalogue.asOf,
      },
    ],
    named: [...lines, ...paid].map(({ provider, model }) => ({ provider, model })),
    query: bill?.query,
  };
}
