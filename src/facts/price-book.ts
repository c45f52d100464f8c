import { parseDecimal } from "#units/decimal.ts";
import { instant, type Instant } from "#units/instant.ts";
import { type PriceRow, type PurchaseOption, purchaseOptions } from "./price.ts";

/** The most prices a book may hold; the whole list of a large provider stays far below. */
const MOST_PRICES = 500_000;

/** Prices as they are kept in a file: `lists` of what provider, service, region, purchase, unit, currency and source have in common. */
export interface PriceBook {
  readonly rows: readonly PriceRow[];
}

/** A book, or everything that is wrong with it, at most twenty things. */
export type ParsedBook =
  | { readonly ok: true; readonly book: PriceBook }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Reads a book strictly: every list whole, every price a plain decimal above zero, nothing twice.
 * @param value parsed JSON, `{ format: 1, sources: { id: { name, asOf? } }, lists: [{ provider, …, prices: { sku: "0.10" } }] }`
 */
export function parsePriceBook(value: unknown): ParsedBook {
  const faults: string[] = [];
  const rows: PriceRow[] = [];
  const book = objectOf(value);
  if (book?.["format"] !== 1) return { ok: false, faults: ["format is not 1"] };
  const sources = objectOf(book["sources"]) ?? {};
  const lists: unknown[] = Array.isArray(book["lists"]) ? book["lists"] : [];
  if (lists.length === 0) faults.push("lists is empty");
  for (const [index, list] of lists.entries()) {
    readList(objectOf(list) ?? {}, sources, (fault) => faults.push(`lists[${index}]${fault}`), rows);
    if (faults.length >= 20) break;
    if (rows.length > MOST_PRICES) return { ok: false, faults: [`more than ${MOST_PRICES} prices`] };
  }
  return faults.length === 0 ? { ok: true, book: { rows } } : { ok: false, faults: faults.slice(0, 20) };
}

type Json = Readonly<Record<string, unknown>>;

function readList(list: Json, sources: Json, fault: (text: string) => void, rows: PriceRow[]): void {
  const text = (key: string): string => {
    const value = list[key];
    if (typeof value === "string" && value !== "") return value;
    fault(`.${key} is missing`);
    return "";
  };
  const common = {
    provider: text("provider"),
    service: text("service"),
    region: text("region"),
    purchase: text("purchase") as PurchaseOption,
    unit: text("unit"),
  };
  const currency = text("currency");
  const source = objectOf(sources[text("source")]);
  if (typeof source?.["name"] !== "string") return fault(".source is not among the sources");
  if (!(purchaseOptions as readonly string[]).includes(common.purchase))
    fault(`.purchase "${common.purchase}" is none`);
  const dates = {
    ...dated("asOf", source["asOf"], fault),
    ...dated("validFrom", list["validFrom"], fault),
    ...dated("validTo", list["validTo"], fault),
  };
  for (const [sku, written] of Object.entries(objectOf(list["prices"]) ?? {})) {
    const units = typeof written === "string" ? positive(written) : undefined;
    if (units === undefined) fault(`.prices["${sku}"] is no decimal above zero: ${JSON.stringify(written)}`);
    else rows.push({ ...common, ...dates, sku, price: { units, currency }, source: source["name"] });
  }
}

/** Units of a plain decimal above zero; undefined for anything else. */
export function positive(text: string): bigint | undefined {
  if (!/^\d{1,18}(\.\d{1,18})?$/.test(text)) return undefined;
  const units = parseDecimal(text)?.units;
  return units === undefined || units === 0n ? undefined : units;
}

function dated<K extends string>(
  key: K,
  value: unknown,
  fault: (text: string) => void,
): Partial<Record<K, Instant>> {
  if (value === undefined) return {};
  try {
    if (typeof value === "string") return { [key]: instant(value) } as Record<K, Instant>;
  } catch {
    // Told below, as what is no text is.
  }
  fault(`.${key} ${JSON.stringify(value)} is not a date`);
  return {};
}

const objectOf = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
