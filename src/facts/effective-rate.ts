import { decimal, divide } from "#units/decimal.ts";
import type { Instant } from "#units/instant.ts";
import type { PriceRow, PurchaseOption } from "./price.ts";

/** The region of what a bill names none for, such as tokens of a model. */
export const NO_REGION = "none";

/** What one kind of usage cost and how much of it there was; amounts are exact decimals as text. */
export interface RateGroup {
  readonly provider: string | undefined;
  readonly service: string | undefined;
  readonly instanceType: string | undefined;
  readonly skuId: string | undefined;
  readonly region: string;
  /** FOCUS PricingCategory. */
  readonly category: string | undefined;
  readonly unit: string | undefined;
  readonly currency: string;
  /** Sum of EffectiveCost. */
  readonly cost: string;
  /** Sum of PricingQuantity, above zero. */
  readonly quantity: string;
  readonly charges: number;
  /** End of the last charge. */
  readonly lastUsed: Instant;
}

/**
 * Rates that were paid, as prices: EffectiveCost ÷ PricingQuantity, weighted by quantity since sums are divided, half to even at the
 * 18th decimal. A machine is known by its instance type, where it is priced by the hour, and by its SKU. What cost nothing in sum
 * (a free tier, a credit) says nothing of its price and gives none.
 */
export function ratesAsPrices(groups: readonly RateGroup[]): PriceRow[] {
  const sums = new Map<
    string,
    { names: Names; cost: bigint; quantity: bigint; charges: number; last: Instant }
  >();
  for (const group of groups) {
    for (const names of namesOf(group)) {
      const key = JSON.stringify(names);
      const sum = sums.get(key) ?? { names, cost: 0n, quantity: 0n, charges: 0, last: group.lastUsed };
      sums.set(key, {
        names,
        cost: sum.cost + decimal(group.cost),
        quantity: sum.quantity + decimal(group.quantity),
        charges: sum.charges + group.charges,
        last: Math.max(sum.last, group.lastUsed),
      });
    }
  }
  return [...sums.values()]
    .filter(({ quantity }) => quantity > 0n)
    .map(({ names: { currency, ...names }, cost, quantity, charges, last }) => ({
      ...names,
      price: { units: divide(cost, quantity, "half-even"), currency },
      source: `your bill: ${charges.toLocaleString("en-US")} charge${charges === 1 ? "" : "s"}`,
      asOf: last,
    }))
    .filter(({ price }) => price.units > 0n);
}

type Names = Pick<PriceRow, "provider" | "service" | "sku" | "region" | "purchase" | "unit"> & {
  readonly currency: string;
};

function namesOf({
  provider,
  service,
  instanceType,
  skuId,
  region,
  category,
  unit,
  currency,
}: RateGroup): Names[] {
  const purchase = purchaseOf(category);
  if (purchase === undefined || unit === undefined) return [];
  const common = { provider: providerId(provider ?? ""), region, purchase, unit: plainUnit(unit), currency };
  const byType = instanceType !== undefined && common.unit === "hour";
  return [
    ...(byType ? [{ ...common, service: "compute", sku: instanceType }] : []),
    ...(skuId === undefined || skuId === instanceType
      ? []
      : [{ ...common, service: service ?? "", sku: skuId }]),
  ];
}

/** How FOCUS's PricingCategory says a thing was bought; undefined for Other and none. */
function purchaseOf(category: string | undefined): PurchaseOption | undefined {
  const options: Readonly<Record<string, PurchaseOption>> = {
    Standard: "on-demand",
    Dynamic: "spot",
    Committed: "committed",
  };
  return options[category ?? ""];
}

/** The short name of a provider, by which prices go: aws, azure, gcp; another one's own name in lower case. */
export function providerId(name: string): string {
  if (/amazon|\baws\b/i.test(name)) return "aws";
  if (/microsoft|azure/i.test(name)) return "azure";
  if (/google|\bgcp\b/i.test(name)) return "gcp";
  return name.toLowerCase();
}

/** A unit in one spelling: Hours, Hrs and "1 Hour" are hour. */
export function plainUnit(unit: string): string {
  const lower = unit.trim().toLowerCase();
  if (/^(1 )?(hours?|hrs?)$/.test(lower)) return "hour";
  if (/^(1 )?gb[- /]?mo(nths?)?$/.test(lower)) return "GB-month";
  return /^(1 )?gb$/.test(lower) ? "GB" : unit;
}
