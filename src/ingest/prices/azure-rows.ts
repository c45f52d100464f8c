import { z } from "zod";
import { perHourOfTerm } from "#facts/machine-price.ts";
import { positive } from "#facts/price-book.ts";
import type { PriceRow, PurchaseOption } from "#facts/price.ts";
import { instant, type Instant } from "#units/instant.ts";

/** A number's digits as they were delivered: JSON's own numbers would be binary. */
const digits = z.string().max(40);
const label = z.string().max(300);

/** An item of the Azure Retail Prices API, version 2023-01-01-preview; what is not read is not named. */
const retailItem = z.object({
  currencyCode: z.string().length(3),
  tierMinimumUnits: digits,
  retailPrice: digits,
  armRegionName: label,
  armSkuName: label.nullish(),
  productName: label,
  skuName: label,
  meterName: label,
  serviceName: label,
  unitOfMeasure: label,
  type: label,
  isPrimaryMeterRegion: z.boolean(),
  effectiveStartDate: z.iso.datetime(),
  effectiveEndDate: z.iso.datetime().nullish(),
  reservationTerm: label.nullish(),
  savingsPlan: z
    .array(z.object({ retailPrice: digits, term: label }))
    .max(10)
    .nullish(),
});
/** An item of the Azure Retail Prices API. */
export type RetailItem = z.infer<typeof retailItem>;

/** A page of the Azure Retail Prices API, its numbers as text. */
export const retailPage = z.object({
  Items: z.array(retailItem).max(10_000),
  NextPageLink: z.string().max(8000).nullish(),
});

/** JSON whose numbers are texts of the same digits. */
export function exactNumbers(text: string): unknown {
  const quoted = text.replace(
    /("(?:[^"\\]|\\.)*")|(-?\d[-+.\deE]*)/g,
    (_, string?: string, number?: string) => (number === undefined ? (string ?? "") : `"${number}"`),
  );
  return JSON.parse(quoted);
}

/**
 * Linux machines of a page as prices per hour: on demand, spot, by savings plan and by reservation, whose price is that of the whole
 * term. Left out: Windows, low priority, development and test, further meters of a region and tiers, what has
 * ended, and what is not priced by the hour.
 */
export function retailRows(items: readonly RetailItem[], asOf: Instant): PriceRow[] {
  return items.filter(isPlainMachine).flatMap((item) => {
    const validTo = item.effectiveEndDate ?? undefined;
    if (validTo !== undefined && instant(validTo) <= asOf) return [];
    const row = (purchase: PurchaseOption | undefined, units: bigint | undefined): PriceRow[] =>
      purchase === undefined || units === undefined || units === 0n
        ? []
        : [
            {
              provider: "azure",
              service: "compute",
              sku: item.armSkuName ?? "",
              region: item.armRegionName,
              purchase,
              unit: "hour",
              price: { units, currency: item.currencyCode },
              validFrom: instant(item.effectiveStartDate),
              ...(validTo === undefined ? {} : { validTo: instant(validTo) }),
              source: "Azure Retail Prices API 2023-01-01-preview",
              asOf,
            },
          ];
    const price = positive(item.retailPrice);
    if (item.type === "Reservation") {
      const years = yearsOf(item.reservationTerm ?? "");
      if (years === undefined || price === undefined) return [];
      return row(years === 1n ? "reserved-1y" : "reserved-3y", perHourOfTerm(price, years));
    }
    const plans = (item.savingsPlan ?? []).flatMap(({ term, retailPrice }) => {
      const years = yearsOf(term);
      const option = years === 1n ? "savings-plan-1y" : "savings-plan-3y";
      return row(years === undefined ? undefined : option, positive(retailPrice));
    });
    return [...row(item.skuName.endsWith(" Spot") ? "spot" : "on-demand", price), ...plans];
  });
}

function isPlainMachine(item: RetailItem): boolean {
  const names = `${item.productName} ${item.skuName} ${item.meterName}`;
  return (
    item.serviceName === "Virtual Machines" &&
    (item.type === "Consumption" || item.type === "Reservation") &&
    item.isPrimaryMeterRegion &&
    item.armSkuName?.startsWith("Standard_") === true &&
    item.unitOfMeasure === "1 Hour" &&
    /^0(\.0+)?$/.test(item.tierMinimumUnits) &&
    !/Windows|Low Priority|Cloud ?Services|Dedicated Host/.test(names)
  );
}

function yearsOf(term: string): bigint | undefined {
  const years: Readonly<Record<string, bigint>> = { "1 Year": 1n, "3 Years": 3n };
  return years[term];
}
