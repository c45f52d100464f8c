import * as fc from "fast-check";
import { expect, test } from "vitest";
import { money } from "#units/money.ts";
import { parsePriceBook } from "./price-book.ts";
import { priceBookText } from "./price-book-text.ts";
import { type PriceRow, purchaseOptions } from "./price.ts";
import { reviewPrices } from "./price-review.ts";

const row = (sku: string, price: string, of: Partial<PriceRow> = {}): PriceRow => ({
  provider: "azure",
  service: "compute",
  sku,
  region: "eastus",
  purchase: "on-demand",
  unit: "hour",
  price: money(price, "USD"),
  source: "list",
  asOf: 1000,
  ...of,
});

test("a price may move by 30 %, up and down; what moves further is held and the former one stays", () => {
  const former = ["a", "b", "c", "d"].map((sku) => row(sku, "1"));
  const offered = [row("a", "1.3"), row("b", "0.7"), row("c", "1.300001"), row("d", "0.69")];
  const review = reviewPrices(former, offered, false);
  expect(review.taken.map(({ sku }) => sku)).toEqual(["a", "b"]);
  expect(review.held.map(({ offered }) => offered.sku)).toEqual(["c", "d"]);
  expect(review).toMatchObject({ changed: 2, added: 0, same: 0, missing: 0, incomplete: false });
  expect(reviewPrices(former, offered, true).taken).toHaveLength(4);
});

test("it is compared with the newest former price of the same thing, currency and all", () => {
  const former = [row("a", "9", { asOf: 2000 }), row("a", "1"), row("b", "1", { price: money("1", "CNY") })];
  const review = reviewPrices(former, [row("a", "9"), row("b", "7")], false);
  expect(review).toMatchObject({ same: 1, added: 1, held: [] });
});

test("an offer that lacks more than 30 % of what it should have is incomplete; other regions don't count", () => {
  const former = Array.from({ length: 10 }, (_, index) => row(`m${index}`, "1"));
  const elsewhere = Array.from({ length: 90 }, (_, index) => row(`m${index}`, "1", { region: "westus" }));
  expect(reviewPrices([...former, ...elsewhere], former.slice(3), false)).toMatchObject({
    missing: 3,
    incomplete: false,
  });
  expect(reviewPrices(former, former.slice(4), false)).toMatchObject({ missing: 4, incomplete: true });
});

test("a book that is written and read again holds the same prices, and the same prices give the same bytes", () => {
  const made = fc.uniqueArray(
    fc.record({
      sku: fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== "__proto__"),
      region: fc.constantFrom("eastus", "westus"),
      purchase: fc.constantFrom(...purchaseOptions),
      units: fc.bigInt({ min: 1n, max: 10n ** 24n }),
      validFrom: fc.option(fc.integer({ min: 1, max: 10 ** 12 }), { nil: undefined }),
      asOf: fc.integer({ min: 0, max: 10 ** 12 }),
    }),
    { minLength: 1, selector: ({ sku }) => sku },
  );
  const sorted = (rows: readonly PriceRow[]): unknown[] => [...rows].sort((a, b) => (a.sku < b.sku ? -1 : 1));
  fc.assert(
    fc.property(made, (prices) => {
      const rows = prices.map(({ sku, units, validFrom, ...rest }) =>
        row(sku, "1", {
          ...rest,
          price: { units, currency: "USD" },
          ...(validFrom === undefined ? {} : { validFrom }),
        }),
      );
      const parsed = parsePriceBook(JSON.parse(priceBookText(rows, [])));
      expect(parsed.ok && sorted(parsed.book.rows)).toEqual(sorted(rows));
    }),
  );
});
