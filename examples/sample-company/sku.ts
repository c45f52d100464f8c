import { decimal } from "#units/decimal.ts";
import type { Sku, Source } from "./model.ts";
import type { InstancePrice } from "./prices.ts";
import { hexId } from "./random.ts";

/** What a SKU is: service, FOCUS category and subcategory, the provider's meter, unit and words for the invoice. */
export interface SkuText {
  readonly service: string;
  readonly category: string;
  readonly subcategory: string;
  readonly meter: string;
  readonly unit: string;
  readonly description: string;
  readonly details?: Sku["details"];
}

/** A SKU with one price for ever. */
export function sku(source: Source, text: SkuText, price: string, contracted = decimal(price)): Sku {
  const { unit, details = {}, ...rest } = text;
  return {
    ...rest,
    source,
    id: skuId(text.service, text.meter),
    details,
    pricingUnit: unit,
    pricing: "Standard",
    prices: [{ from: 0, list: decimal(price), contracted }],
  };
}

/** Sixteen capitals and digits, as AWS writes them; the same for every seed, since a SKU belongs to its provider. */
export function skuId(service: string, meter: string): string {
  return hexId(0, `${service}/${meter}`, 16).toUpperCase();
}

/** SkuPriceDetails of a machine; GPU hours are GpuCount × PricingQuantity. */
export function instanceDetails(type: string, price: InstancePrice): Record<string, string | number> {
  const { gpu } = price;
  return {
    InstanceType: type,
    CoreCount: price.cores,
    MemorySize: price.memoryGiB,
    OperatingSystem: "Linux",
    ...(gpu && { GpuCount: gpu.count, GpuType: gpu.type, x_GpuMemorySize: gpu.memoryGiB }),
  };
}
