import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refreshedBooks } from "#flows/prices/refreshed-books.ts";
import { type Refreshed, refreshPrices } from "#flows/prices/refresh-prices.ts";
import { formatMoney } from "#units/money.ts";
import { csv } from "./imports/csv.ts";
import { contents, type OwnFolder, ownFolder } from "./imports/kit.ts";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

const about = `"FormatVersion","v1.0"\n"Disclaimer","This is no real price list."\n"Publication Date","2026-11-20T10:00:00Z"\n"Version","20261120100000"\n"OfferCode","AmazonEC2"\n`;
const hour = {
  SKU: "ABC",
  TermType: "OnDemand",
  EffectiveDate: "2026-11-01",
  Unit: "Hrs",
  PricePerUnit: "1.2340000000",
  Currency: "USD",
  LeaseContractLength: "",
  PurchaseOption: "",
  OfferingClass: "",
  "Product Family": "Compute Instance",
  "Instance Type": "x9.large",
  Tenancy: "Shared",
  "Operating System": "Linux",
  CapacityStatus: "Used",
  "Pre Installed S/W": "NA",
  "License Model": "No License required",
  "Region Code": "us-moon-1",
};
const reserved = {
  ...hour,
  TermType: "Reserved",
  PricePerUnit: "0.8",
  LeaseContractLength: "1yr",
  PurchaseOption: "No Upfront",
  OfferingClass: "standard",
};
const list = (...rows: object[]): string => about + csv(rows.map((row) => ({ ...hour, ...row })));
const refresh = async (text: string | Uint8Array, name = "index.csv"): Promise<Refreshed> => {
  const file = await own.write(name, text);
  return refreshPrices({
    data: own.data,
    from: `file:${file}`,
    regions: [],
    accept: false,
    now: Date.UTC(2026, 10, 24),
  });
};
const prices = async (): Promise<string[]> =>
  (await refreshedBooks(own.data)).flatMap(({ rows }) =>
    rows.map(({ sku, region, purchase, price }) => `${sku} ${region} ${purchase} ${formatMoney(price)}`),
  );

test("on demand and reserved without upfront are read, from plain and gzipped lists, with the list's own date", async () => {
  await refresh(
    gzipSync(list({}, reserved, { ...reserved, LeaseContractLength: "3 yr", PricePerUnit: "0.5" })),
    "i.csv.gz",
  );
  expect(await prices()).toEqual([
    "x9.large us-moon-1 on-demand 1.234 USD",
    "x9.large us-moon-1 reserved-1y 0.8 USD",
    "x9.large us-moon-1 reserved-3y 0.5 USD",
  ]);
  expect((await refreshedBooks(own.data))[0]?.rows[0]).toMatchObject({
    source: "AWS price list 20261120100000",
    asOf: Date.UTC(2026, 10, 20, 10),
    validFrom: Date.UTC(2026, 10, 1),
  });
});

test("Windows, dedicated hosts, licences, reservations paid upfront and free capacity are no prices of an hour", async () => {
  await refresh(
    list(
      {},
      { "Instance Type": "a", "Operating System": "Windows" },
      { "Instance Type": "b", Tenancy: "Dedicated" },
      { "Instance Type": "c", "Pre Installed S/W": "SQL Web" },
      { "Instance Type": "d", CapacityStatus: "UnusedCapacityReservation" },
      { "Instance Type": "e", Unit: "Quantity" },
      { "Instance Type": "f", PricePerUnit: "0.0000000000" },
      { "Instance Type": "g", "Product Family": "Storage" },
      { ...reserved, "Instance Type": "h", PurchaseOption: "All Upfront" },
      { ...reserved, "Instance Type": "i", OfferingClass: "convertible" },
    ),
  );
  expect(await prices()).toEqual(["x9.large us-moon-1 on-demand 1.234 USD"]);
});

test("what is no price list is refused with file and line, and nothing is written", async () => {
  const faults = async (...given: Parameters<typeof refresh>): Promise<string> => {
    const cause: unknown = await refresh(...given).then(
      () => "It was taken.",
      (problem: unknown) => problem,
    );
    expect(await contents(own.data)).toEqual({});
    return cause instanceof Error ? cause.message.replace(`${own.folder}/`, "") : String(cause);
  };
  expect(await faults("")).toBe("index.csv, line 1: this is no price list of AWS in CSV.");
  expect(await faults(`{"formatVersion": "v1.0",\n"offers": {}}`)).toMatch(/^index.csv, line \d: /);
  expect(await faults(list({}).replace("SKU", "sku"))).toMatch(/line 6: this is no price list/);
  expect(await faults(list({}).replace("Tenancy", "Tenure"))).toBe(
    "index.csv, line 6: the column Tenancy is missing.",
  );
  expect(await faults(`${list({})}one,two\n`)).toBe(
    "index.csv, line 8: the columns are 17, this line has 2.",
  );
  expect(await faults(list({ EffectiveDate: "soon" }))).toBe(
    `index.csv, line 7: column EffectiveDate: "soon" is no date.`,
  );
  expect(await faults(list({}).replace("2026-11-20T", "20 Nov "))).toMatch(/line 6: Publication Date/);
  expect(await faults(`${list({})}"open`)).toMatch(/^index.csv, line \d+: Quote Not Closed/);
  expect(await faults(gzipSync(list({})).subarray(0, 40), "i.csv.gz")).toBe(
    "i.csv.gz is no whole gzip file.",
  );
  expect(await faults(list({}), "i.csv.gz")).toBe("i.csv.gz is no whole gzip file.");
  expect(await faults(list({ Tenancy: "Dedicated" }))).toMatch(
    /holds no price of a Linux machine by the hour/,
  );
  const missing = refreshPrices({
    data: own.data,
    from: `file:${own.folder}/none`,
    regions: [],
    accept: false,
    now: 0,
  });
  await expect(missing).rejects.toMatchObject({ code: "source-not-found" });
});
