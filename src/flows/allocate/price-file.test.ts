import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { usd } from "#units/money.ts";
import type { PricedNode } from "./node-prices.ts";
import { readPriceFile } from "./price-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-prices-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string) {
  const file = path.join(folder, "prices.yaml");
  await writeFile(file, text);
  return readPriceFile(file);
}
const node = (more: Partial<PricedNode>): PricedNode => ({
  cluster: "c",
  name: "n",
  labels: {},
  instanceType: "g5.xlarge",
  region: "us-east-1",
  zone: undefined,
  capacityType: undefined,
  ...more,
});

describe("a price file", () => {
  const text = `
nodes:
  - { node: special, hourly: 1, currency: EUR }
  - { instanceType: g5.xlarge, capacityType: spot, hourly: 0.402, currency: USD }
  - { instanceType: g5.xlarge, region: us-east-1, hourly: 1.006000000000000001, currency: USD }
storage:
  - { class: gp3, perGibHour: 0.0001, currency: USD }
`;
  test("the first of its nodes whose every trait fits gives the price, to the last digit", async () => {
    const prices = await read(text);
    expect(prices.node(node({}))?.hourly).toEqual(usd("1.006000000000000001"));
    expect(prices.node(node({ capacityType: "spot" }))?.hourly).toEqual(usd("0.402"));
    expect(prices.node(node({ name: "special" }))?.hourly.currency).toBe("EUR");
    expect(prices.node(node({ region: "eu-west-1" }))).toBeUndefined();
    expect(prices.storagePerGibHour("gp3")).toEqual(usd("0.0001"));
    expect(prices.storagePerGibHour("io2")).toBeUndefined();
    expect([prices.pricesVolumes, prices.pricesNetwork]).toEqual([true, false]);
  });

  test("an empty one prices nothing", async () => {
    const prices = await read("");
    expect(prices.node(node({}))).toBeUndefined();
  });

  test("every fault is told with its line and column", async () => {
    const wrong = `nodes:\n  - instanceType: a\n    hourly: -1\n    currency: USD\n  - instnceType: b\n    hourly: 1e3\n    currency: dollars\n`;
    const file = path.join(folder, "prices.yaml");
    const problem: unknown = await read(wrong).catch((cause: unknown) => cause);
    expect(problem).toMatchObject({
      code: "price-file-invalid",
      message: `${file}:3:13: nodes.0.hourly: must be a plain decimal that is not negative, such as 1.006`,
      at: { line: 3 },
    });
    const others = (problem as { others: { message: string }[] }).others.map(({ message }) => message);
    expect(others).toEqual([
      expect.stringMatching(/:6:13: nodes\.1\.hourly/),
      expect.stringMatching(/:7:15: nodes\.1\.currency/),
      expect.stringMatching(/:5:5: nodes\.1: .*instnceType/),
    ]);
    await expect(read("nodes: [")).rejects.toMatchObject({ code: "price-file-invalid" });
    await expect(readPriceFile(path.join(folder, "none"))).rejects.toMatchObject({
      code: "source-not-found",
    });
  });
});
