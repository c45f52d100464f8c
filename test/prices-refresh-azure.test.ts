import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PriceRow } from "#facts/price.ts";
import { refreshedBooks, refreshedFolder } from "#flows/prices/refreshed-books.ts";
import { type Refreshed, type RefreshAsked, refreshPrices } from "#flows/prices/refresh-prices.ts";
import { formatMoney } from "#units/money.ts";
import { contents, type OwnFolder, ownFolder } from "./imports/kit.ts";
import { retailItem, retailPage, type RetailServer, retailServer } from "./prices/retail-server.ts";

const now = Date.UTC(2026, 10, 24, 12);
let own: OwnFolder;
let server: RetailServer | undefined;
let slept: number[];
beforeEach(async () => {
  own = await ownFolder();
  slept = [];
});
afterEach(async () => {
  await server?.close();
  await own.remove();
});

/** A machine that no shipped price knows, so that nothing is compared. */
const plain = (sku: string, price = "1", of: object = {}): string =>
  retailItem({ armRegionName: "moonbase", armSkuName: sku, skuName: sku, meterName: sku, ...of }, price);
const io = {
  fetch: globalThis.fetch,
  sleep: (milliseconds: number): Promise<void> => {
    slept.push(milliseconds);
    return Promise.resolve();
  },
  timeout: 20_000,
};
/** Of tests that wait for the end of patience. */
const impatient = { ...io, timeout: 500 };
const refresh = (asked: Partial<RefreshAsked> = {}, web = io): Promise<Refreshed> =>
  refreshPrices(
    {
      data: own.data,
      from: "azure",
      regions: ["moonbase"],
      accept: false,
      now,
      url: server?.url ?? "",
      ...asked,
    },
    () => {},
    web,
  );
const serve = async (...answer: Parameters<typeof retailServer>): Promise<void> => {
  await server?.close();
  server = await retailServer(...answer);
};
const prices = async (): Promise<string[]> =>
  (await refreshedBooks(own.data)).flatMap(({ rows }) => rows.map(told));
const told = ({ sku, purchase, price }: PriceRow): string => `${sku} ${purchase} ${formatMoney(price)}`;

test("pages are followed to the last, the region is asked for in its own case, digits stay as written", async () => {
  const fine = "0.100000000000000005";
  await serve((n, response, _, url) =>
    response.end(
      n === 0
        ? retailPage([plain("Standard_A", fine)], `${url}/api/retail/prices?$skip=100`)
        : retailPage([plain("Standard_B", "2")]),
    ),
  );
  expect(await refresh({ regions: ["MoonBase"] })).toMatchObject({
    added: 2,
    changed: 0,
    missing: 0,
    held: [],
  });
  expect(await prices()).toEqual([`Standard_A on-demand ${fine} USD`, "Standard_B on-demand 2 USD"]);
  expect(server?.asked).toEqual([
    "/api/retail/prices?api-version=2023-01-01-preview&$filter=serviceName eq 'Virtual Machines' and armRegionName eq 'moonbase'",
    "/api/retail/prices?$skip=100",
  ]);
});

test("spot, savings plans and reservations become options of their own; a reservation's price is that of its term", async () => {
  const plans = [
    { unitPrice: 0.8, retailPrice: 0.8, term: "1 Year" },
    { unitPrice: 0.5, retailPrice: 0.5, term: "3 Years" },
    { unitPrice: 0.4, retailPrice: 0.4, term: "5 Years" },
  ];
  const reservation = { type: "Reservation", reservationTerm: "1 Year" };
  await serve((_, response) =>
    response.end(
      retailPage([
        plain("Standard_A", "1", { savingsPlan: plans }),
        plain("Standard_A", "0.2", { skuName: "A Spot", meterName: "A Spot" }),
        plain("Standard_A", "8760", reservation),
        plain("Standard_A", "13140", { ...reservation, reservationTerm: "3 Years" }),
        plain("Standard_A", "1", { ...reservation, reservationTerm: "5 Years" }),
      ]),
    ),
  );
  await refresh();
  expect((await prices()).sort()).toEqual([
    "Standard_A on-demand 1 USD",
    "Standard_A reserved-1y 1 USD",
    "Standard_A reserved-3y 0.5 USD",
    "Standard_A savings-plan-1y 0.8 USD",
    "Standard_A savings-plan-3y 0.5 USD",
    "Standard_A spot 0.2 USD",
  ]);
});

test("Windows, low priority, tests, further meters and tiers, other units, what has ended and what is free are no prices", async () => {
  await serve((_, response) =>
    response.end(
      retailPage([
        plain("Standard_A", "7"),
        plain("Standard_B", "1", { productName: "Virtual Machines Dsv5 Series Windows" }),
        plain("Standard_C", "1", { skuName: "C Low Priority" }),
        plain("Standard_D", "1", { type: "DevTestConsumption" }),
        plain("Standard_E", "1", { isPrimaryMeterRegion: false }),
        plain("Standard_F", "1", { tierMinimumUnits: 10 }),
        plain("Standard_G", "1", { unitOfMeasure: "1 GB" }),
        plain("Standard_H", "1", { effectiveEndDate: "2026-11-01T00:00:00Z" }),
        plain("Standard_I", "0"),
        plain("", "1"),
      ]),
    ),
  );
  await refresh();
  expect(await prices()).toEqual(["Standard_A on-demand 7 USD"]);
});

test("a busy server is asked again when it says so, and after 1 and 2 seconds when it does not", async () => {
  await serve((n, response) => {
    if (n === 0) response.writeHead(429, { "retry-after": "7" }).end();
    else if (n < 3) response.writeHead(503).end();
    else response.end(retailPage([plain("Standard_A")]));
  });
  await refresh();
  expect(slept).toEqual([7000, 2000, 4000]);
});

/** What a refusal says; nothing may have been written. */
async function refused(web = io): Promise<string> {
  const cause: unknown = await refresh({}, web).then(
    () => "It was taken.",
    (problem: unknown) => problem,
  );
  expect(await contents(own.data)).toEqual({});
  return cause instanceof Error
    ? `${(cause as Error & { code: string }).code}: ${cause.message}`
    : String(cause);
}

test("what can't be reached, or does not behave, changes nothing and says why", async () => {
  await serve((_, response) => response.writeHead(429).end());
  expect(await refused()).toMatch(/^prices-unreachable: .* answers 429 after 5 tries/);
  await serve((_, response) => response.writeHead(429, { "retry-after": "86400" }).end());
  expect(await refused()).toMatch(/asks to wait 86400 seconds/);
  await serve((_, response) => response.writeHead(404).end());
  expect(await refused()).toMatch(/answers 404/);
  await serve((_, response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end());
  expect(await refused()).toMatch(/can't be reached/);
  await serve(() => {});
  expect(await refused(impatient)).toMatch(/does not answer within 0.5 seconds/);
  await serve((_, response) => response.write("{"));
  expect(await refused(impatient)).toMatch(/does not finish its answer in time/);
  await serve((_, response) => {
    response.write("{");
    setTimeout(() => response.destroy(), 50);
  });
  expect(await refused()).toMatch(/breaks off its answer/);
});

test("answers of another shape, without end, too large, or that lead elsewhere are refused", async () => {
  await serve((_, response) => response.end("<html>"));
  expect(await refused()).toMatch(/^price-file-invalid: .* is no JSON/);
  await serve((_, response) => response.end(`{"Items":[{"retailPrice":1}]}`));
  expect(await refused()).toMatch(/has another shape: Items.0.currencyCode/);
  await serve((_, response) =>
    response.end(retailPage([plain("Standard_A", "1", { effectiveStartDate: "2026-02-30T00:00:00Z" })])),
  );
  expect(await refused()).toMatch(/has another shape: Items.0.effectiveStartDate/);
  await serve((_, response) =>
    response.end(retailPage([plain("Standard_A")], "https://prices.example.com/next")),
  );
  expect(await refused()).toMatch(/names a next page in another place/);
  await serve((_, response, request, url) =>
    response.end(retailPage([plain("Standard_A")], `${url}${request.url ?? ""}`)),
  );
  expect(await refused()).toMatch(/leads back to itself/);
  await serve((_, response) => response.end(" ".repeat(17 << 20)));
  expect(await refused()).toMatch(/^input-too-large/);
  await serve((_, response) => response.end(retailPage([])));
  expect(await refused()).toMatch(/^option-invalid: Azure lists no machine in "moonbase"/);
});

test("a jump is held and the former price stays; accepted, it is in a file of its own beside the first, unchanged", async () => {
  await serve((n, response) =>
    response.end(retailPage([plain("Standard_A", n === 0 ? "1" : "1.5"), plain("Standard_B")])),
  );
  await refresh();
  const first = await contents(own.data);
  expect(await refresh({ now: now + 1000 })).toMatchObject({
    same: 1,
    held: [{ offered: { sku: "Standard_A" } }],
  });
  expect(await refresh({ now: now + 2000, accept: true })).toMatchObject({ same: 1, changed: 1, held: [] });
  expect(await readdir(refreshedFolder(own.data))).toEqual([
    "azure-2026-11-24T12-00-00Z.json",
    "azure-2026-11-24T12-00-01Z.json",
    "azure-2026-11-24T12-00-02Z.json",
  ]);
  expect(await contents(own.data)).toMatchObject(first);
  await expect(refresh({ now })).rejects.toMatchObject({ code: "data-unwritable" });
  expect(await contents(own.data)).toMatchObject(first);
});

test("far fewer prices than there were are refused, unless they are accepted", async () => {
  const many = ["A", "B", "C"].map((name) => plain(`Standard_${name}`));
  await serve((n, response) => response.end(retailPage(n === 0 ? many : many.slice(2))));
  await refresh();
  await expect(refresh({ now: now + 1000 })).rejects.toMatchObject({ code: "prices-implausible" });
  expect(await readdir(refreshedFolder(own.data))).toHaveLength(1);
  expect(await refresh({ now: now + 1000, accept: true })).toMatchObject({ same: 1, missing: 2 });
});

test("only https, or this machine, may say what things cost", async () => {
  for (const url of ["http://prices.example.com", "file:///etc", "nonsense"])
    await expect(refresh({ url })).rejects.toMatchObject({ code: "option-invalid" });
  await expect(refresh({ regions: ["east' or 1 eq 1"], url: "https://127.0.0.1:9" })).rejects.toMatchObject({
    code: "option-invalid",
  });
  await expect(refresh({ from: "gcp" })).rejects.toMatchObject({ code: "option-invalid" });
});
