import { expect, test } from "vitest";
import { usd } from "#units/money.ts";
import { type AllocateWords, allocateRequest, parseStep } from "./allocate-request.ts";
import { stepsOf } from "./allocate-costs.ts";
import { statedNodePrices } from "./node-prices.ts";

const words: AllocateWords = {
  data: undefined,
  now: Date.parse("2026-07-02T10:20:00Z"),
  prometheus: "http://localhost:9090",
  bearerToken: undefined,
  basic: undefined,
  from: undefined,
  to: undefined,
  period: undefined,
  step: undefined,
  priceFile: undefined,
  nodePrices: [],
  by: [],
  idle: undefined,
  selector: undefined,
  cluster: undefined,
  gpuIdlePercent: undefined,
  gpuIdleMib: undefined,
};

test("what is not said: the last 24 whole hours in steps of 5 minutes, by namespace and controller, idle apart", async () =>
  expect(await allocateRequest(words)).toMatchObject({
    window: { start: Date.parse("2026-07-01T10:00:00Z"), end: Date.parse("2026-07-02T10:00:00Z") },
    stepSeconds: 300,
    by: ["namespace", "controller"],
    idle: "separate",
    idleLimits: { engine: 10_000, memoryMib: 1024 },
  }));

test("labels are looked up as kube-state-metrics writes them", async () =>
  expect(
    await allocateRequest({ ...words, by: ["label:app.kubernetes.io/name"], gpuIdlePercent: "2.5" }),
  ).toMatchObject({
    by: ["label:app_kubernetes_io_name"],
    idleLimits: { engine: 25_000 },
  }));

test.each<[Partial<AllocateWords>, string]>([
  [{ prometheus: undefined }, "option-invalid"],
  [{ idle: "evenly" }, "option-invalid"],
  [{ by: ["team"] }, "option-invalid"],
  [{ from: "2026-07-01" }, "window-invalid"],
  [{ from: "2026-07-01", to: "2026-07-02", period: "yesterday" }, "option-invalid"],
  [{ step: "5" }, "option-invalid"],
  [{ gpuIdlePercent: "101" }, "option-invalid"],
  [{ nodePrices: ["g5.xlarge=cheap"] }, "option-invalid"],
  [{ nodePrices: ["g5.xlarge=1 dollars"] }, "currency-invalid"],
  [{ nodePrices: ["g5.xlarge=-1 USD"] }, "not-positive"],
])("%o is %s", async (more, code) =>
  expect(allocateRequest({ ...words, ...more })).rejects.toMatchObject({ code }),
);

test("a window is a whole number of steps, and not too many", () => {
  const hour = { start: 0, end: 3_600_000 };
  expect(stepsOf(hour, parseStep("5m"))).toEqual({ start: 0, stepSeconds: 300, count: 12 });
  expect(() => stepsOf(hour, parseStep("7m"))).toThrow(/whole number of steps/);
  expect(() => stepsOf({ start: 0, end: 3_600_000 * 24 * 365 }, parseStep("30s"))).toThrow(
    /44640 are the most/,
  );
});

test("a stated price is of a node by its name, else of its instance type", () => {
  const prices = statedNodePrices(["g5.xlarge=1.006 USD", "n1=2 USD"]);
  const node = { cluster: "c", labels: {}, region: undefined, zone: undefined, capacityType: undefined };
  expect(prices({ ...node, name: "n1", instanceType: "g5.xlarge" })?.hourly).toEqual(usd("2"));
  expect(prices({ ...node, name: "n2", instanceType: "g5.xlarge" })?.hourly).toEqual(usd("1.006"));
  expect(prices({ ...node, name: "n2", instanceType: undefined })).toBeUndefined();
});
