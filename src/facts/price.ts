import type { Instant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";

/** How a thing is bought. `committed` is what a bill calls covered by a commitment, whichever its term. */
export const purchaseOptions = [
  "on-demand",
  "spot",
  "reserved-1y",
  "reserved-3y",
  "savings-plan-1y",
  "savings-plan-3y",
  "committed",
] as const;
/** How a thing is bought. */
export type PurchaseOption = (typeof purchaseOptions)[number];

/** What prices are of, as the catalogue writes it; machines are priced by the hour. */
export const priceUnits = [
  "hour",
  "month",
  "GB",
  "GB-month",
  "GiB-month",
  "IOPS-month",
  "MiBps-month",
  "1000 requests",
  "10000 requests",
  "Unit",
] as const;

/** A unit by any usual spelling of it: `Hrs`, `1 Hour` and `hours` are hour. Undefined for one that no price is of. */
export function priceUnit(text: string): string | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^1 (?=[a-z])/, "");
  if (/^(h|hrs?|hours?)$/.test(plain)) return "hour";
  return priceUnits.find((unit) => unit.toLowerCase() === plain.replace(/^(month|unit)s$/, "$1"));
}

/** What one unit of a thing costs: a list price, a contract's, or a rate that was paid. */
export interface PriceRow {
  /** aws, gcp, azure, nebius, lambda, … */
  readonly provider: string;
  /** compute, block-volume, object-storage, file-storage, network, kubernetes, guest-gpu, or a bill's own word. */
  readonly service: string;
  /** Instance type or SKU. */
  readonly sku: string;
  readonly region: string;
  readonly purchase: PurchaseOption;
  /** What the price is of: hour, GB-month, GB, 1000 requests, … */
  readonly unit: string;
  readonly price: Money;
  /** From this instant on; unknown if absent. */
  readonly validFrom?: Instant;
  /** Before this instant; open if absent. */
  readonly validTo?: Instant;
  /** Who says so. */
  readonly source: string;
  /** When the source said so; undated if absent. */
  readonly asOf?: Instant;
}

/** What is looked for. Names are compared whatever their case. */
export interface PriceAsk {
  readonly provider?: string;
  readonly service?: string;
  readonly sku: string;
  readonly region: string;
  readonly purchase: PurchaseOption;
  /** Only prices in this currency; amounts are never converted. */
  readonly currency?: string;
}

/**
 * Why there is no price.
 * - sku-unknown, region-unpriced, option-unpriced, currency-unpriced: nothing is known from there on
 * - not-valid-then: prices are known, but of other times
 * - ambiguous: several providers, services, units or currencies fit; ask for one
 * - sources-disagree: two prices of the same thing, time and date differ
 */
export type Unpriced =
  | "sku-unknown"
  | "region-unpriced"
  | "option-unpriced"
  | "currency-unpriced"
  | "not-valid-then"
  | "ambiguous"
  | "sources-disagree";

/** A price, or that there is none and why. Never zero for want of a price. */
export type PriceAnswer =
  | {
      readonly state: "priced";
      readonly row: PriceRow;
      /** True where the source is younger than the asked time and does not say since when the price holds. */
      readonly seenLater: boolean;
    }
  | {
      readonly state: "unpriced";
      readonly reason: Unpriced;
      /** The on-demand price of what is unpriced as spot or by commitment: it will not cost more than that. */
      readonly upperBound?: PriceRow;
      /** Prices that were found and do not decide. */
      readonly candidates: readonly PriceRow[];
    };

/** The price of one thing at one time. */
export function findPrice(rows: readonly PriceRow[], ask: PriceAsk, at: Instant): PriceAnswer {
  const answer = lookUp(rows, ask, at);
  if (answer.state === "priced" || answer.reason !== "option-unpriced" || ask.purchase === "on-demand")
    return answer;
  const listed = lookUp(rows, { ...ask, purchase: "on-demand" }, at);
  return listed.state === "priced" ? { ...answer, upperBound: listed.row } : answer;
}

function lookUp(rows: readonly PriceRow[], ask: PriceAsk, at: Instant): PriceAnswer {
  let left = rows.filter(
    (row) =>
      same(row.sku, ask.sku) &&
      (ask.provider === undefined || same(row.provider, ask.provider)) &&
      (ask.service === undefined || same(row.service, ask.service)),
  );
  if (left.length === 0) return unpriced("sku-unknown");
  left = left.filter((row) => same(row.region, ask.region));
  if (left.length === 0) return unpriced("region-unpriced");
  left = left.filter((row) => row.purchase === ask.purchase);
  if (left.length === 0) return unpriced("option-unpriced");
  if (ask.currency !== undefined) left = left.filter((row) => same(row.price.currency, ask.currency ?? ""));
  if (left.length === 0) return unpriced("currency-unpriced");
  left = left.filter((row) => holdsAt(row, at));
  if (left.length === 0) return unpriced("not-valid-then");
  const kinds = new Set(left.map((row) => [row.provider, row.service, row.unit, row.price.currency].join()));
  return kinds.size > 1 ? unpriced("ambiguous", left) : newest(left, at);
}

/** The price that holds at a time: of those that began before it the last one, else the first that was seen after it. */
function newest(rows: readonly PriceRow[], at: Instant): PriceAnswer {
  const begun = rows.filter((row) => since(row) <= at);
  const ranked = [...(begun.length === 0 ? rows : begun)].sort(
    (a, b) => since(b) - since(a) || (b.asOf ?? 0) - (a.asOf ?? 0),
  );
  const row = begun.length === 0 ? ranked.at(-1) : ranked[0];
  if (row === undefined) return unpriced("not-valid-then");
  const rivals = ranked.filter((each) => since(each) === since(row) && each.asOf === row.asOf);
  if (rivals.some(({ price }) => price.units !== row.price.units))
    return unpriced("sources-disagree", rivals);
  return { state: "priced", row, seenLater: begun.length === 0 };
}

const holdsAt = ({ validFrom, validTo }: PriceRow, at: Instant): boolean =>
  (validFrom === undefined || validFrom <= at) && (validTo === undefined || at < validTo);

/** When a price began, as far as it is known; one without any date is as old as can be. */
const since = ({ validFrom, asOf }: PriceRow): number => validFrom ?? asOf ?? 0;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const unpriced = (reason: Unpriced, candidates: readonly PriceRow[] = []): PriceAnswer => ({
  state: "unpriced",
  reason,
  candidates,
});
