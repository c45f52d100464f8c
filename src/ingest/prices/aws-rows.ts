import { positive } from "#facts/price-book.ts";
import type { PriceRow, PurchaseOption } from "#facts/price.ts";
import { instant, type Instant } from "#units/instant.ts";

/** The columns of AWS's price list that are read, by their own names. */
export const offerColumns = [
  "TermType",
  "EffectiveDate",
  "Unit",
  "PricePerUnit",
  "Currency",
  "LeaseContractLength",
  "PurchaseOption",
  "OfferingClass",
  "Product Family",
  "Instance Type",
  "Tenancy",
  "Operating System",
  "CapacityStatus",
  "Pre Installed S/W",
  "License Model",
  "Region Code",
] as const;
/** A line of AWS's price list, as written. */
export type OfferCells = Readonly<Record<(typeof offerColumns)[number], string>>;

/**
 * A line as a price per hour: shared Linux machines without software on top, on demand or reserved without paying upfront (what is paid
 * upfront is no price of an hour).
 * @returns undefined for any other line
 * @throws Problem "window-invalid" if the date is none
 */
export function offerRow(cells: OfferCells, source: string, asOf: Instant): PriceRow | undefined {
  const purchase = purchaseOf(cells);
  const units = positive(cells.PricePerUnit);
  const plain =
    cells["Product Family"].startsWith("Compute Instance") &&
    cells.Tenancy === "Shared" &&
    cells["Operating System"] === "Linux" &&
    cells.CapacityStatus === "Used" &&
    cells["Pre Installed S/W"] === "NA" &&
    cells["License Model"] === "No License required" &&
    cells["Instance Type"] !== "" &&
    /^Hrs$/i.test(cells.Unit);
  if (!plain || purchase === undefined || units === undefined) return undefined;
  return {
    provider: "aws",
    service: "compute",
    sku: cells["Instance Type"],
    region: cells["Region Code"],
    purchase,
    unit: "hour",
    price: { units, currency: cells.Currency },
    validFrom: instant(cells.EffectiveDate),
    source,
    asOf,
  };
}

function purchaseOf(cells: OfferCells): PurchaseOption | undefined {
  if (cells.TermType === "OnDemand") return "on-demand";
  if (cells.TermType !== "Reserved" || cells.PurchaseOption !== "No Upfront") return undefined;
  if (cells.OfferingClass !== "standard") return undefined;
  const terms: Readonly<Record<string, PurchaseOption>> = { "1yr": "reserved-1y", "3yr": "reserved-3y" };
  return terms[cells.LeaseContractLength.replace(/\s/g, "")];
}
