import { selfHosting } from "#facts/model-provider.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { strengths } from "#facts/token-price.ts";
import { priceCalls } from "#flows/prices/price-calls.ts";
import { loadTokenLayers, type TokenLayers } from "#flows/prices/token-layers.ts";
import type { ComputeEvents } from "#lake/events/compute-sql.ts";
import { addedParts, anyOf, callParts, perCall, setAside } from "#lake/queries/call-parts.ts";
import { render } from "#lake/sql.ts";
import type { Instant } from "#units/instant.ts";

/**
 * Prices calls by everything that says now what tokens cost: the contract, the own bill, the shipped list.
 * @throws Problem "price-file-invalid", "lake-corrupt"
 */
export async function callPrices(data: string, now: Instant): Promise<ComputeEvents> {
  return pricesBy(await loadTokenLayers(data, now));
}

/** The computed columns of calls: PricedCost, exact, and where there is none why. A call without a tier is taken to be of the standard one. */
export const pricesBy =
  (layers: Pick<TokenLayers, "catalogue" | "layers" | "deployments">): ComputeEvents =>
  async (engine, relation) => {
    const [found] = await engine.run(anyOf(relation));
    const parts = callParts(relation, found?.["modalities"] === true);
    const { query } = await priceCalls(
      engine,
      parts,
      layers,
      found?.["summed"] === true ? perCall : undefined,
    );
    const priced = render(query, (value) => (typeof value === "string" ? literal(value) : String(value)));
    return `(select * exclude (${[...addedParts, ...costColumns].map(quoted).join(", ")}) rename (${restored.join(", ")}),
      case when ${KNOWN} then "cost" end::decimal(38,18) as "PricedCost",
      case when ${KNOWN} and "cost" is not null then "currency" end as "PricedCurrency",
      case when ${KNOWN} and "cost" is not null then ${layerName} end as "PriceLayer",
      case when ${KNOWN} and "cost" is not null then null ${reasons.join(" ")} end as "Unpriced"
      from (${priced}) priced)`;
  };

/** A call has counts of all classes or of none, and nothing counted is no price of nothing. */
const KNOWN = `"UncachedInputTokens" is not null`;
const costColumns = ["currency", "reason", "cost", "layer"];
const restored = Object.entries(setAside).map(([name, other]) => `${quoted(other)} as ${quoted(name)}`);
const layerName = `case "layer" ${strengths.map((layer, place) => `when ${place} then ${literal(layer)}`).join(" ")} end`;
const reasons = [
  // Its price is that of the machines it runs on.
  `when lower("provider") in (${selfHosting.map(literal).join(", ")}) then 'self-hosted'`,
  `when "TokensFault" is not null then 'usage-faulty'`,
  `when not ${KNOWN} then 'usage-unknown'`,
  `else coalesce("reason", 'part-unpriced')`,
];
