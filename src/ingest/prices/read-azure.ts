import type { PriceRow } from "#facts/price.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { exactNumbers, retailPage, retailRows } from "./azure-rows.ts";
import { fetchText, type WebIo } from "./fetch-text.ts";

/** Where Microsoft publishes its retail prices, for everybody and without a key. */
export const AZURE_PRICES = "https://prices.azure.com";
/** Pages of a region; Azure's largest regions have some hundreds. */
const MOST_PAGES = 5000;

/**
 * Prices of all machines of a region.
 * @param base address of the API, without a path
 * @param region as Azure spells it, in lower case: the API tells cases apart
 * @throws Problem "prices-unreachable", "price-file-invalid" for an answer of another shape, "option-invalid" for a region without prices
 */
export async function readAzure(
  base: string,
  region: string,
  asOf: Instant,
  io: WebIo,
  onPage: (pages: number) => void,
): Promise<PriceRow[]> {
  if (!/^[a-z0-9]{2,40}$/.test(region))
    throw new Problem("option-invalid", `"${region}" is not a region of Azure.`, {
      hint: "Write it as Azure does: eastus.",
    });
  const start = new URL("/api/retail/prices", base);
  start.searchParams.set("api-version", "2023-01-01-preview");
  start.searchParams.set("$filter", `serviceName eq 'Virtual Machines' and armRegionName eq '${region}'`);
  const rows = new Map<string, PriceRow>();
  const seen = new Set<string>();
  for (let next: URL | undefined = start; next !== undefined;) {
    if (seen.has(next.href)) throw unsound(next, "leads back to itself");
    if (seen.size === MOST_PAGES) throw unsound(next, `is page ${MOST_PAGES + 1} of one region`);
    seen.add(next.href);
    const page = await readPage(next, io);
    for (const row of retailRows(page.Items, asOf)) rows.set(keyOf(row), row);
    onPage(seen.size);
    next = following(page.NextPageLink, start);
  }
  if (rows.size === 0)
    throw new Problem("option-invalid", `Azure lists no machine in "${region}".`, {
      hint: "Check the region's spelling, such as eastus.",
    });
  return [...rows.values()];
}

async function readPage(address: URL, io: WebIo): Promise<ReturnType<typeof retailPage.parse>> {
  const text = await fetchText(address, io);
  let value: unknown;
  try {
    value = exactNumbers(text);
  } catch (cause) {
    throw unsound(address, "is no JSON", cause);
  }
  const page = retailPage.safeParse(value);
  if (page.success) return page.data;
  const [issue] = page.error.issues;
  throw unsound(address, `has another shape: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

/** The next page; it must be of the same place, or an answer could send us anywhere. */
function following(link: string | null | undefined, start: URL): URL | undefined {
  if (link === undefined || link === null || link === "") return undefined;
  const next = URL.canParse(link) ? new URL(link) : undefined;
  if (next?.origin === start.origin) return next;
  throw unsound(start, `names a next page in another place: ${link.slice(0, 200)}`);
}

const keyOf = ({ sku, purchase, validFrom, price }: PriceRow): string =>
  [sku, purchase, validFrom, price.currency].join("\0");

const unsound = (address: URL, what: string, cause?: unknown): Problem =>
  new Problem("price-file-invalid", `The answer of ${address.host} ${what}.`, {
    cause,
    hint: "Nothing was changed: the prices in force stay.",
  });
