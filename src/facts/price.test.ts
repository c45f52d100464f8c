import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatMoney, money } from "#units/money.ts";
import { findPrice, type PriceAsk, type PriceRow, purchaseOptions } from "./price.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const row = (of: Partial<PriceRow> = {}): PriceRow => ({
  provider: "aws",
  service: "compute",
  sku: "p5.48xlarge",
  region: "us-east-1",
  purchase: "on-demand",
  unit: "hour",
  price: money("55.04", "USD"),
  source: "list",
  asOf: day("2026-07-20"),
  ...of,
});
const ask: PriceAsk = { sku: "p5.48xlarge", region: "us-east-1", purchase: "on-demand" };
const august = day("2026-08-01");
const found = (rows: readonly PriceRow[], asked: Partial<PriceAsk> = {}, at = august): string => {
  const answer = findPrice(rows, { ...ask, ...asked }, at);
  return answer.state === "priced" ? formatMoney(answer.row.price) : answer.reason;
};

test("a price is found whatever the case of its names", () => {
  expect(found([row()], { sku: "P5.48XLARGE", region: "US-East-1", provider: "AWS" })).toBe("55.04 USD");
});

test("what has no price is unpriced and says why, never zero", () => {
  expect(found([row()], { sku: "p6.48xlarge" })).toBe("sku-unknown");
  expect(found([row()], { provider: "gcp" })).toBe("sku-unknown");
  expect(found([row()], { region: "eu-west-1" })).toBe("region-unpriced");
  expect(found([row()], { purchase: "reserved-1y" })).toBe("option-unpriced");
  expect(found([row()], { currency: "EUR" })).toBe("currency-unpriced");
  expect(found([row({ validTo: august })])).toBe("not-valid-then");
  expect(found([row({ validFrom: august + 1 })])).toBe("not-valid-then");
});

test("a spot price that nobody states has the on-demand price as its upper bound", () => {
  expect(findPrice([row()], { ...ask, purchase: "spot" }, august)).toMatchObject({
    state: "unpriced",
    reason: "option-unpriced",
    upperBound: { purchase: "on-demand", price: money("55.04", "USD") },
  });
});

test("a price that changed is the one of its time: from is included, to is not", () => {
  const rows = [
    row({ price: money("98.32", "USD"), validFrom: day("2024-01-01"), validTo: day("2025-06-01") }),
    row({ validFrom: day("2025-06-01") }),
  ];
  expect(found(rows, {}, day("2025-06-01") - 1)).toBe("98.32 USD");
  expect(found(rows, {}, day("2025-06-01"))).toBe("55.04 USD");
});

test("of lists that only say when they were seen, the last one before the asked time holds", () => {
  const rows = [row({ price: money("60", "USD"), asOf: day("2026-01-01") }), row()];
  expect(found(rows, {}, day("2026-03-01"))).toBe("60 USD");
  expect(found(rows, {}, august)).toBe("55.04 USD");
  expect(findPrice(rows, ask, day("2025-01-01"))).toMatchObject({
    seenLater: true,
    row: { price: money("60", "USD") },
  });
});

test("two prices of the same thing and date disagree, and neither is picked", () => {
  const rows = [row(), row({ price: money("60", "USD"), source: "another list" })];
  expect(findPrice(rows, ask, august)).toMatchObject({ reason: "sources-disagree", candidates: rows });
  expect(found([row(), row({ source: "another list" })])).toBe("55.04 USD");
});

test("prices in two currencies are ambiguous until one is asked for", () => {
  const rows = [row(), row({ price: money("400", "CNY") })];
  expect(found(rows)).toBe("ambiguous");
  expect(found(rows, { currency: "CNY" })).toBe("400 CNY");
});

const rows = fc.array(
  fc.record({
    sku: fc.constantFrom("a", "b"),
    region: fc.constantFrom("x", "y"),
    purchase: fc.constantFrom(...purchaseOptions),
    units: fc.bigInt({ min: 1n, max: 3n }),
    from: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    length: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    asOf: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    currency: fc.constantFrom("USD", "CNY"),
  }),
  { maxLength: 12 },
);

test("whatever the rows and their order: a price is one of them, fits what was asked, holds then, and is above zero", () => {
  const at = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(rows, at, fc.constantFrom(...purchaseOptions), (made, at, purchase) => {
      const all = made.map(({ units, currency, from, length, asOf, ...rest }) =>
        row({
          ...rest,
          price: { units, currency },
          ...(from === undefined ? {} : { validFrom: from }),
          ...(from === undefined || length === undefined ? {} : { validTo: from + length }),
          ...(asOf === undefined ? { source: "undated" } : { asOf }),
        }),
      );
      const asked: PriceAsk = { sku: "a", region: "x", purchase };
      const answer = findPrice(all, asked, at);
      const turned = findPrice([...all].reverse(), asked, at);
      expect(turned.state).toBe(answer.state);
      if (answer.state === "unpriced") return;
      expect(turned).toMatchObject({ row: { price: answer.row.price } });
      expect(all).toContain(answer.row);
      expect(answer.row).toMatchObject(asked);
      expect(answer.row.price.units).toBeGreaterThan(0n);
      expect(answer.row.validFrom ?? at).toBeLessThanOrEqual(at);
      expect(answer.row.validTo ?? at + 1).toBeGreaterThan(at);
    }),
  );
});
