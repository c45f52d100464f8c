import { expect, test } from "vitest";
import { money } from "#units/money.ts";
import { parsePriceBook } from "./price-book.ts";

const list = {
  provider: "aws",
  service: "compute",
  region: "us-east-1",
  purchase: "spot",
  unit: "hour",
  currency: "USD",
  source: "s",
  validFrom: "2026-07-01",
  prices: { "p5.48xlarge": "55.04" },
};
const book = (change: object = {}, top: object = {}): unknown => ({
  format: 1,
  sources: { s: { name: "a list", asOf: "2026-07-20" } },
  lists: [{ ...list, ...change }],
  ...top,
});

test("a price carries what its list says", () => {
  expect(parsePriceBook(book())).toEqual({
    ok: true,
    book: {
      rows: [
        {
          provider: "aws",
          service: "compute",
          sku: "p5.48xlarge",
          region: "us-east-1",
          purchase: "spot",
          unit: "hour",
          price: money("55.04", "USD"),
          source: "a list",
          asOf: Date.UTC(2026, 6, 20),
          validFrom: Date.UTC(2026, 6, 1),
        },
      ],
    },
  });
});

test("zero, numbers that are no text, signs and exponents are no prices", () => {
  for (const price of ["0", "0.00", 55.04, "-1", "+1", "1e3", "1,000", "", null, "NaN", "1".repeat(19)])
    expect(parsePriceBook(book({ prices: { x: price } })), String(price)).toMatchObject({ ok: false });
});

test("everything that is wrong is told at once", () => {
  expect(parsePriceBook(book({ region: "", purchase: "rent", validTo: "soon", prices: { x: "0" } }))).toEqual(
    {
      ok: false,
      faults: [
        "lists[0].region is missing",
        'lists[0].purchase "rent" is none',
        'lists[0].validTo "soon" is not a date',
        'lists[0].prices["x"] is no decimal above zero: "0"',
      ],
    },
  );
  expect(parsePriceBook(book({ source: "t" }))).toMatchObject({
    faults: ["lists[0].source is not among the sources"],
  });
  for (const other of [
    null,
    1,
    [],
    {},
    book({}, { format: 2 }),
    book({}, { lists: [] }),
    book({}, { lists: 3 }),
  ])
    expect(parsePriceBook(other)).toMatchObject({ ok: false });
});
