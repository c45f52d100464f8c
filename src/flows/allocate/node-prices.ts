import type { NodePrice } from "#analysis/allocation/node-cost.ts";
import type { ClusterNode } from "#facts/cluster-usage.ts";
import { type NodeTraits, nodeTraits } from "#facts/node-traits.ts";
import { type Money, money } from "#units/money.ts";
import { Problem } from "#units/problems.ts";

/** What a price is looked up by. */
export interface PricedNode extends NodeTraits {
  readonly cluster: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Who knows what a node costs: a price file, options, a catalogue. Undefined if it doesn't: the node is then unpriced, never free. */
export type NodePrices = (node: PricedNode) => NodePrice | undefined;

/** The first of several who knows. */
export const firstPrice =
  (all: readonly NodePrices[]): NodePrices =>
  (node) => {
    for (const prices of all) {
      const price = prices(node);
      if (price !== undefined) return price;
    }
    return undefined;
  };

/** Looks a node of a cluster up by its labels. */
export const priceOf =
  (prices: NodePrices) =>
  (node: ClusterNode): NodePrice | undefined =>
    prices({ cluster: node.cluster, name: node.name, labels: node.labels, ...nodeTraits(node) });

/**
 * Prices of --node-price "g5.xlarge=1.006 USD": per hour of an instance type, or of one node by its name.
 * @throws Problem "option-invalid"
 */
export function statedNodePrices(texts: readonly string[]): NodePrices {
  const prices = new Map<string, NodePrice>();
  for (const text of texts) {
    const [, what, amount, currency] = /^([^=\s]+)=(\S+)\s+(\S+)$/.exec(text.trim()) ?? [];
    if (what === undefined || amount === undefined || currency === undefined)
      throw new Problem("option-invalid", `--node-price "${text}" is not a price.`, {
        at: { value: text },
        hint: 'Write --node-price "g5.xlarge=1.006 USD": instance type, or name of a node, and an hour\'s price.',
      });
    prices.set(what, { hourly: hourlyPrice(amount, currency) });
  }
  return ({ instanceType, name }) => prices.get(name) ?? prices.get(instanceType ?? "");
}

/** @throws Problem "not-positive" for a price below zero, "not-a-number", "currency-invalid" */
export function hourlyPrice(amount: string, currency: string): Money {
  const price = money(amount, currency);
  if (price.units < 0n) throw new Problem("not-positive", `A price is not below zero, and ${amount} is.`);
  if (!/^[A-Z]{3}$/.test(currency))
    throw new Problem("currency-invalid", `"${currency}" is not a currency's code.`, {
      at: { value: currency },
    });
  return price;
}
