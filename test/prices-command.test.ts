import { afterEach, beforeEach, expect, test } from "vitest";
import { type FixtureRow, focusCsv } from "./engines/focus-csv.ts";
import { bring, type Ended, type OwnFolder, ownFolder, plimsoll } from "./imports/kit.ts";
import { retailItem, retailPage, retailServer } from "./prices/retail-server.ts";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());
const prices = (...args: string[]): Promise<Ended> => plimsoll(["prices", ...args, "--data", own.data]);

interface Line {
  readonly state: string;
  readonly region: string | null;
  readonly purchase: string;
  readonly price?: string;
  readonly layer?: string;
  readonly others?: readonly { readonly layer: string; readonly price: string }[];
}
const lines = async (...args: string[]): Promise<Line[]> => {
  const { exit, stdout, stderr } = await prices(...args, "--json");
  expect(stderr).toBe("");
  expect(exit).toBe(0);
  return (JSON.parse(stdout) as { prices: Line[] }).prices;
};
const days = (before: number): string =>
  `${new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10)}T05:00:00Z`;

const paid: FixtureRow = {
  ServiceProviderName: "Microsoft",
  ServiceName: "Virtual Machines",
  RegionId: "eastus",
  SkuId: "sku-nd",
  SkuPriceDetails: `{"InstanceType":"Standard_ND96isr_H100_v5"}`,
  PricingCategory: "Standard",
  PricingUnit: "1 Hour",
  PricingQuantity: "2",
  EffectiveCost: "180",
  ChargePeriodStart: days(5),
};
const h100 = "Standard_ND96isr_H100_v5";
const contract = (price: string): string =>
  `provider,sku,region,purchase,unit,price,currency,valid_from,valid_to\nazure,${h100},eastus,on-demand,hour,${price},USD,2026-01-01,\n`;

test("each layer counts before those below it, which stand beside it", async () => {
  const onDemand = async (): Promise<unknown> => {
    const [line] = await lines(h100.toLowerCase(), "--region", "EastUS", "--purchase", "on-demand");
    return [line?.layer, line?.price, line?.others?.map(({ layer, price }) => `${layer} ${price}`)];
  };
  expect(await onDemand()).toEqual(["shipped", "98.32", []]);

  const server = await retailServer((_, response) => response.end(retailPage([retailItem({}, "99.00")])));
  const refreshed = await prices("refresh", "--from", "azure", "--url", server.url, "--accept");
  await server.close();
  expect(refreshed).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^Refreshed 1 price: 0 new, 1 changed/),
  });
  expect(await onDemand()).toEqual(["refreshed", "99", ["shipped 98.32"]]);

  const old = { ...paid, EffectiveCost: "500", ChargePeriodStart: days(40) };
  await bring(own.data, await own.write("bill.csv", focusCsv([paid, old])), { now: Date.now() });
  await bring(own.data, await own.write("estimate.csv", focusCsv([{ ...paid, EffectiveCost: "1" }])), {
    source: "model",
    role: "estimate",
    now: Date.now(),
  });
  expect(await onDemand()).toEqual(["bill", "90", ["refreshed 99", "shipped 98.32"]]);

  await own.write("data/prices/contract.csv", contract("75.50"));
  expect(await onDemand()).toEqual(["contract", "75.5", ["bill 90", "refreshed 99", "shipped 98.32"]]);

  const { stdout } = await prices(h100, "--region", "eastus", "--explain");
  expect(stdout).toContain(`${h100} · azure · 96 vCPUs, 8 × H100`);
  expect(stdout).toMatch(/on-demand +75\.5 USD +hour +9\.438 USD +contract +2026-01-01/);
  expect(stdout).toContain("bill 90 USD, refreshed 99 USD, shipped 98.32 USD");
  expect(stdout).toContain("lake version 2");
  expect(stdout).toContain(`sum("EffectiveCost")`);
});

test("what nobody prices is unpriced with exit code 0, in words and in JSON, never 0", async () => {
  const spot = await lines("p5.48xlarge", "--purchase", "spot", "--region", "us-east-1");
  expect(spot).toMatchObject([
    {
      state: "unpriced",
      reason: "option-unpriced",
      upperBound: { layer: "shipped", price: "55.04", currency: "USD" },
    },
  ]);
  expect(spot[0]).not.toHaveProperty("price");
  expect(await lines("p5.48xlarge", "--region", "eu-west-1")).toMatchObject([{ reason: "region-unpriced" }]);
  expect(await lines("p5e.48xlarge")).toMatchObject([{ state: "unpriced", region: null }]);
  expect((await prices("p5.48xlarge", "--purchase", "spot")).stdout).toMatch(
    /us-east-1 +spot +unpriced +at most 55\.04 USD on demand \(shipped\)/,
  );
});

test("an unknown type is told with the nearest names, and wrong options are refused", async () => {
  expect(await prices("p5.49xlarge")).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^Error sku-unknown: .*Did you mean p5\.48xlarge/),
  });
  for (const args of [
    [],
    ["p5.48xlarge", "--purchase", "rented"],
    ["p5.48xlarge", "--guest", "K80"],
    ["p5.48xlarge", "--guest", "K80=0"],
    ["p5.48xlarge", "--at", "yesterday"],
    ["p5.48xlarge", "--json", "--csv"],
  ])
    expect(await prices(...args), args.join(" ")).toMatchObject({ exit: 2, stdout: "" });
});

test("a damaged contract stops the answer with file, line, column and value: no layer below it speaks for it", async () => {
  await own.write("data/prices/contract.csv", contract("98,32"));
  const { exit, stderr, stdout } = await prices(h100);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toMatch(/^Error price-file-invalid: .*contract\.csv, line 2/);
});

test("a damaged refresh is named too", async () => {
  const file = await own.write("data/prices/refreshed/azure-2026-01-01T00-00-00Z.json", `{"format": 1}`);
  expect(await prices(h100)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining(`${file} is damaged`),
  });
});

test("a price can be asked of the past: the contract that held then", async () => {
  const ended = contract("80").replace("2026-01-01,", "2025-01-01,2026-01-01");
  await own.write("data/prices/contract.csv", `${ended}${contract("75.50").split("\n")[1] ?? ""}\n`);
  const at = async (time: string): Promise<unknown> =>
    (await lines(h100, "--region", "eastus", "--at", time))[0]?.price;
  expect(await at("2025-12-31")).toBe("80");
  expect(await at("2026-01-01")).toBe("75.5");
  const [listed] = await lines("p5.48xlarge", "--region", "us-east-1", "--at", "2026-08-01");
  expect(listed).toMatchObject({ asOf: "2026-07-20", ageDays: 12, stale: false });
  const [before] = await lines(h100, "--region", "eastus", "--at", "2024-06-01");
  expect(before).toMatchObject({ layer: "shipped", price: "98.32", seenLater: true });
});

test("guests cost on n1 and nothing on g2, and the list of a region is CSV", async () => {
  const [n1] = await lines(
    "n1-standard-8",
    "--region",
    "us-central1",
    "--purchase",
    "on-demand",
    "--guest",
    "K80=4",
  );
  expect(n1).toMatchObject({ price: "0.379998", withGuests: { price: "1.639998" } });
  const [g2] = await lines(
    "g2-standard-4",
    "--region",
    "us-central1",
    "--purchase",
    "on-demand",
    "--guest",
    "L4=1",
  );
  expect(g2).toMatchObject({ price: "0.706832255", withGuests: { price: "0.706832255" } });
  const { stdout } = await prices("--provider", "lambda", "--csv");
  const [head, ...rest] = stdout.trimEnd().split("\n");
  expect(head).toMatch(
    /^provider,sku,region,purchase,state,price,unit,currency,pricePerAcceleratorHour,layer,/,
  );
  expect(rest).toHaveLength(10);
  expect(rest).toContain(
    "lambda,gpu_8x_h100_sxm5,us-east-1,on-demand,priced,31.92,hour,USD,3.99,shipped,skypilot-org/skypilot-catalog lambda 0f407038,,,true,208,1800,H100,8",
  );
});

test("specifications say what is verified", async () => {
  const { stdout } = await plimsoll(["prices", "accelerators"]);
  expect(stdout).toMatch(/TPU-v5p +chip .* no\n/);
  expect(stdout).toMatch(/H100 +SXM +80 +3350 +989 .* yes\n/);
  const one = await plimsoll(["prices", "accelerators", "nvidia-l4", "--json"]);
  expect(JSON.parse(one.stdout)).toMatchObject({
    rows: [{ accelerator: "L4", verified: "yes", MemoryGiB: "24" }],
  });
  expect(await plimsoll(["prices", "accelerators", "H101"])).toMatchObject({ exit: 2 });
});
