import { acceleratorSale } from "#facts/machine.ts";
import { layeredPrice, type LayeredPrice, type LayerRows } from "#facts/price-layers.ts";
import type { PurchaseOption } from "#facts/price.ts";
import type { Instant } from "#units/instant.ts";
import { loadLayers } from "#flows/prices/load-layers.ts";
import type { NodePrices } from "./node-prices.ts";

/** A price that nodes were charged by, and who says so. */
export interface UsedPrice {
  readonly instanceType: string;
  readonly region: string;
  readonly purchase: PurchaseOption;
  /** False where no label says how the node is bought: it is then priced as on demand. */
  readonly purchaseKnown: boolean;
  readonly price: LayeredPrice;
  readonly nodes: number;
}

/** Prices of nodes by the layers of the price catalogue, and the ones that were used so far. */
export interface CataloguePrices {
  readonly prices: NodePrices;
  readonly used: () => readonly UsedPrice[];
}

/**
 * Nodes priced by contract, bill, refreshed and shipped prices, by their instance type, region and how they are bought.
 * @param at when the nodes were used
 * @throws Problem "price-file-invalid", "lake-corrupt"
 */
export async function cataloguePrices(data: string, at: Instant, now: Instant): Promise<CataloguePrices> {
  const { layers } = await loadLayers(data, at);
  const used = new Map<string, Omit<UsedPrice, "nodes"> & { readonly names: Set<string> }>();
  const prices: NodePrices = ({ cluster, name, instanceType, region, capacityType, labels }) => {
    if (instanceType === undefined || region === undefined || hasGuests(instanceType, labels))
      return undefined;
    const purchase = capacityType ?? "on-demand";
    const id = JSON.stringify([instanceType, region, purchase, capacityType]);
    const found = used.get(id)?.price ?? priceOf(layers, { instanceType, region, purchase }, at, now);
    if (found === undefined) return undefined;
    // Each window of several asks again.
    const names = (used.get(id)?.names ?? new Set()).add(JSON.stringify([cluster, name]));
    const purchaseKnown = capacityType !== undefined;
    used.set(id, { instanceType, region, purchase, purchaseKnown, price: found, names });
    return { hourly: found.row.price };
  };
  return {
    prices,
    used: () => [...used.values()].map(({ names, ...price }) => ({ ...price, nodes: names.size })),
  };
}

/** GPUs that are sold apart from their machine: its price alone would be too low, and labels don't tell how many there are. */
const hasGuests = (instanceType: string, labels: Readonly<Record<string, string>>): boolean =>
  acceleratorSale("gcp", instanceType) === "guest" &&
  (labels["cloud_google_com_gke_accelerator"] ?? "") !== "";

/** Only a price by the hour. */
function priceOf(
  layers: readonly LayerRows[],
  { instanceType, region, purchase }: { instanceType: string; region: string; purchase: PurchaseOption },
  at: Instant,
  now: Instant,
): LayeredPrice | undefined {
  const answer = layeredPrice(layers, { sku: instanceType, region, purchase }, at, now);
  if (answer.state !== "priced" || answer.chosen.row.unit !== "hour") return undefined;
  return answer.chosen;
}
