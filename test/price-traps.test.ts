import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { acceleratorsNamed } from "#facts/accelerator.ts";
import { formatFraction } from "#facts/fraction.ts";
import { machinePrice, pricePerAccelerator } from "#facts/machine-price.ts";
import { findPrice, type PriceAnswer, type PriceAsk, type PriceRow } from "#facts/price.ts";
import { shippedAccelerators, shippedMachines, shippedPrices } from "#flows/prices/shipped-catalogue.ts";
import { formatMoney, sumByCurrency, usd } from "#units/money.ts";

// What goes wrong with prices elsewhere, each tried on the catalogue that comes with Plimsoll.
const now = Date.UTC(2026, 10, 24);
const answer = async (sku: string, region: string, more: Partial<PriceAsk> = {}): Promise<PriceAnswer> =>
  findPrice(await shippedPrices(), { sku, region, purchase: "on-demand", ...more }, now);
const priced = async (sku: string, region: string, more: Partial<PriceAsk> = {}): Promise<PriceRow> => {
  const found = await answer(sku, region, more);
  if (found.state === "unpriced") throw new Error(`${sku} in ${region} is unpriced: ${found.reason}.`);
  return found.row;
};
const text = async (...asked: Parameters<typeof priced>): Promise<string> =>
  formatMoney((await priced(...asked)).price);

test("a2, a3, g2 and g4 are priced with their GPUs, so a guest adds nothing; on n1 it does", async () => {
  expect(await text("a2-highgpu-1g", "us-central1")).toBe("3.673385 USD");
  const k80 = await priced("K80", "us-central1", { service: "guest-gpu" });
  const withGuests = async (sku: string): Promise<unknown> => {
    const total = machinePrice(await priced(sku, "us-central1"), [{ type: "K80", count: 2n }], () => k80);
    return total.state === "priced" && total.total.units - (await priced(sku, "us-central1")).price.units;
  };
  for (const sku of ["a2-highgpu-1g", "a3-highgpu-8g", "g2-standard-4", "g4-standard-48"])
    expect(await withGuests(sku), sku).toBe(0n);
  expect(await withGuests("n1-standard-8")).toBe(usd("0.63").units);
});

test("prices are today's, not those that everybody remembers, and no code holds one", async () => {
  expect(await text("p4d.24xlarge", "us-east-1")).toBe("21.957642 USD");
  expect(await text("p5.48xlarge", "us-east-1")).toBe("55.04 USD");
  expect(await text("Standard_ND96isr_H100_v5", "eastus")).toBe("98.32 USD");
});

test("g6f and gr6f carry an eighth to a half of an L4, and cost per whole L4 is known", async () => {
  const machines = await shippedMachines();
  const fractions = ["g6f.large", "g6f.2xlarge", "gr6f.4xlarge", "Standard_NV6ads_A10_v5"].map((type) => {
    const count = machines.find(({ instanceType }) => instanceType === type)?.accelerators[0]?.count;
    return count === undefined ? "unknown" : formatFraction(count);
  });
  expect(fractions).toEqual(["1/8", "1/4", "1/2", "1/6"]);
  const machine = machines.find(({ instanceType }) => instanceType === "g6f.large");
  const { price } = await priced("g6f.large", "us-east-1");
  expect(pricePerAccelerator(price, machine)).toEqual(usd("1.616"));
});

test("every GPU of a machine but the ones nobody specifies is found by its name, not by its memory", async () => {
  const specs = await shippedAccelerators();
  const types = (await shippedMachines()).flatMap(({ accelerators }) => accelerators.map(({ type }) => type));
  const unknown = [...new Set(types)].filter((type) => acceleratorsNamed(specs, type).length === 0).sort();
  expect(unknown).toEqual([
    "A10",
    "Cloud AI 100",
    "GH200",
    "Gaudi",
    "Inferentia1",
    "K80",
    "M60",
    "RTX PRO 4500",
    "Radeon Instinct MI25",
    "Radeon Pro V520",
    "Radeon Pro V710",
    "T4G",
  ]);
});

test("eight GPUs of Lambda are eight of Nebius: totals come from the count, never from a stated total", async () => {
  const specs = await shippedAccelerators();
  const machines = await shippedMachines();
  const totals = ["gpu_8x_h100_sxm5", "gpu-h100-sxm_8gpu-128vcpu-1600gb"].map((type) => {
    const [gpus] = machines.find(({ instanceType }) => instanceType === type)?.accelerators ?? [];
    const [spec] = acceleratorsNamed(specs, gpus?.type ?? "");
    return Number(gpus?.count?.part) * Number(spec?.figures.MemoryGiB);
  });
  expect(totals).toEqual([640, 640]);
});

test("cn-north-1 is in CNY, and a sum keeps it apart", async () => {
  const china = await priced("m5.large", "cn-north-1");
  expect(china.price.currency).toBe("CNY");
  const sums = sumByCurrency([china.price, (await priced("m5.large", "us-east-1")).price]);
  expect(sums.map(({ currency }) => currency)).toEqual(["CNY", "USD"]);
  expect(await answer("m5.large", "cn-north-1", { currency: "USD" })).toMatchObject({
    reason: "currency-unpriced",
  });
});

test("figures are dense: an H100 SXM has 989 TFLOPS in BF16, not the 1,979 of sparse matrices", async () => {
  const h100 = acceleratorsNamed(await shippedAccelerators(), "H100");
  expect(h100.map(({ formFactor, figures }) => [formFactor, figures.DenseBf16Tflops])).toEqual([
    ["PCIe", "756.5"],
    ["SXM", "989"],
  ]);
});

test("AWS and Azure have no spot price here: unpriced, with on-demand as the upper bound", async () => {
  for (const [sku, region] of [
    ["p5.48xlarge", "us-east-1"],
    ["Standard_ND96isr_H100_v5", "eastus"],
  ] as const)
    expect(await answer(sku, region, { purchase: "spot" })).toMatchObject({
      state: "unpriced",
      upperBound: { purchase: "on-demand", sku },
    });
  expect(await text("a3-highgpu-8g", "us-central1", { purchase: "spot" })).toMatch(/^\d+\.\d+ USD$/);
});

test("catalogues that disagree about a model by the date of a change are both right, each in its time", () => {
  const token = (price: string, dates: Partial<PriceRow>): PriceRow => ({
    provider: "openai",
    service: "model",
    sku: "o3",
    region: "global",
    purchase: "on-demand",
    unit: "1M tokens",
    price: usd(price),
    source: "list",
    ...dates,
  });
  const change = Date.UTC(2025, 5, 10);
  const rows = [token("10", { validTo: change }), token("2", { validFrom: change })];
  const at = (time: number): unknown =>
    findPrice(rows, { sku: "o3", region: "global", purchase: "on-demand" }, time);
  expect(at(change - 1)).toMatchObject({ row: { price: usd("10") } });
  expect(at(change)).toMatchObject({ row: { price: usd("2") } });
});

test("the catalogue is small, dated and whole: every row has a source, every accelerated machine a kind", async () => {
  const files = ["prices.json", "machines.csv", "accelerators.csv"];
  const sizes = files.map((name) => readFile(new URL(`../catalog/${name}`, import.meta.url)));
  const bytes = (await Promise.all(sizes)).reduce((sum, file) => sum + file.length, 0);
  expect(bytes).toBeLessThan(500_000);
  const rows = await shippedPrices();
  expect(rows.length).toBeGreaterThan(3000);
  expect(rows.filter(({ source }) => source === "")).toEqual([]);
  const undated = new Set(rows.filter(({ asOf }) => asOf === undefined).map(({ provider }) => provider));
  expect([...undated].sort()).toEqual(["lambda", "nebius"]);
  expect(await shippedAccelerators()).toHaveLength(33);
  const machines = new Set((await shippedMachines()).map(({ instanceType }) => instanceType));
  const compute = rows.filter(({ service }) => service === "compute");
  expect(compute.filter(({ sku }) => !machines.has(sku))).toEqual([]);
});
