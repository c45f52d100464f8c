import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatMoney, money } from "#units/money.ts";
import { parseFraction } from "./fraction.ts";
import { acceleratorSale, type Machine } from "./machine.ts";
import { machinePrice, perHourOfTerm, pricePerAccelerator } from "./machine-price.ts";
import type { PriceRow } from "./price.ts";

const machine = (sku: string, price: string, currency = "USD"): PriceRow => ({
  provider: "gcp",
  service: "compute",
  sku,
  region: "us-central1",
  purchase: "on-demand",
  unit: "hour",
  price: money(price, currency),
  source: "list",
});
const gpu = (type: string): PriceRow | undefined =>
  type === "K80" ? { ...machine("K80", "0.315"), service: "guest-gpu" } : undefined;
const withCount = (type: string, count: string): Machine => ({
  provider: "aws",
  instanceType: "m",
  source: "list",
  accelerators: [{ type, count: parseFraction(count), kind: "gpu" }],
});

test("a guest accelerator adds nothing on a2, a3, a4, g2 and g4, which come with theirs", () => {
  for (const sku of [
    "a2-highgpu-1g",
    "a3-megagpu-8g",
    "a4-highgpu-8g",
    "a4x-highgpu-4g",
    "g2-standard-4",
    "g4-standard-48",
  ]) {
    expect(acceleratorSale("gcp", sku)).toBe("bundled");
    const priced = machinePrice(machine(sku, "0.71"), [{ type: "L4", count: 1n }], gpu);
    expect(priced).toMatchObject({ state: "priced", total: money("0.71", "USD") });
  }
});

test("on n1 each guest adds its price: 0.38 + 4 × 0.315 = 1.64", () => {
  expect(machinePrice(machine("n1-standard-8", "0.38"), [{ type: "K80", count: 4n }], gpu)).toMatchObject({
    total: money("1.64", "USD"),
  });
});

test("a guest without a price makes the machine unpriced; e2 takes no guests at all", () => {
  expect(machinePrice(machine("n1-standard-8", "0.38"), [{ type: "T4", count: 1n }], gpu)).toEqual({
    state: "unpriced",
    missing: "1 × T4",
    why: "no-price",
  });
  expect(machinePrice(machine("e2-standard-8", "0.27"), [{ type: "K80", count: 1n }], gpu)).toMatchObject({
    state: "unpriced",
    why: "not-attachable",
  });
});

test("a machine in CNY and a guest in USD are never added", () => {
  expect(() => machinePrice(machine("n1-standard-8", "2", "CNY"), [{ type: "K80", count: 1n }], gpu)).toThrow(
    "Amounts in CNY and USD can't be combined.",
  );
});

test("an eighth of an L4 at 0.202 is 1.616 for a whole one, and nothing is divided by a count of zero", () => {
  const perGpu = (price: string, count: string): string => {
    const per = pricePerAccelerator(money(price, "USD"), withCount("L4", count));
    return per === undefined ? "unknown" : formatMoney(per);
  };
  expect(perGpu("0.202", "1/8")).toBe("1.616 USD");
  expect(perGpu("55.04", "8")).toBe("6.88 USD");
  expect(perGpu("1", "1/3")).toBe("3 USD");
  expect(perGpu("1", "")).toBe("unknown");
  expect(perGpu("1", "0")).toBe("unknown");
  expect(pricePerAccelerator(money("1", "USD"), undefined)).toBeUndefined();
});

test("a year's price of 8760 is 1 an hour, three years' 26280 too", () => {
  expect(perHourOfTerm(8760n, 1n)).toBe(1n);
  expect(perHourOfTerm(26280n, 3n)).toBe(1n);
});

test("fractions are read in lowest terms; per device times devices is the price, to the last unit of rounding", () => {
  expect(parseFraction("4/8")).toEqual({ part: 1n, whole: 2n });
  expect(parseFraction("0.125")).toEqual({ part: 1n, whole: 8n });
  for (const text of ["0", "0/4", "4/0", "-1", "1/", "", "1.5/2", "1e3"])
    expect(parseFraction(text)).toBeUndefined();
  const number = fc.bigInt({ min: 1n, max: 99n });
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n }), number, number, (units, part, whole) => {
      const per = pricePerAccelerator({ units, currency: "USD" }, withCount("L4", `${part}/${whole}`));
      const error = (per?.units ?? 0n) * part - units * whole;
      expect(error < 0n ? -error : error).toBeLessThanOrEqual(part);
    }),
  );
});
