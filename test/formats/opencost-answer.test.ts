import { expect, test } from "vitest";
import { refusal, testLake, type TestLake } from "./deliver.ts";

const inDollars = { values: { BillingCurrency: "USD" } };

/** An entry of an answer of GET /allocation as text: its numbers are what is written here. */
const entry = (
  name: string,
  properties: Record<string, unknown>,
  numbers: Record<string, string>,
  day = 1,
  more = "",
): string => {
  const members = Object.entries(numbers).map(([key, value]) => `"${key}": ${value}`);
  return `${JSON.stringify(name)}: {"name": ${JSON.stringify(name)}, "properties": ${JSON.stringify(properties)},
    "window": {"start": "2026-07-0${day}T00:00:00Z", "end": "2026-07-0${day + 1}T00:00:00Z"},
    "start": "2026-07-0${day}T00:00:00Z", "end": "2026-07-0${day}T06:00:00Z", ${more} ${members.join(", ")}}`;
};
const answer = (...steps: readonly (readonly string[])[]): string =>
  `{"code": 200, "status": "success", "data": [${steps.map((step) => `{${step.join(",\n")}}`).join(", ")}]}`;
const train = {
  cluster: "prod",
  node: "ip-10-0-0-1",
  providerID: "aws:///us-east-1a/i-0abcdef0123456789",
  namespace: "ml",
  controllerKind: "job",
  controller: "train",
  pod: "train-0",
  container: "main",
  labels: { team: "vision", version: "1.10", node_kubernetes_io_instance_type: "p5.48xlarge" },
  namespaceLabels: { team: "ml", owner: "ada" },
};

test("answers of GET /allocation: each entry of each step by its components, adjustments within, numbers as written", async () => {
  const lake = await testLake();
  const volume = `"pvs": {"cluster=prod:name=pvc-1": {"byteHours": 1, "cost": 0.5, "providerID": "vol-0123456789abcdef0"}},`;
  const { record } = await lake.deliver(
    {
      "allocation.json": answer(
        [
          entry(
            "prod/ip-10-0-0-1/ml/train-0/main",
            train,
            {
              cpuCoreHours: "12",
              cpuCost: "0.10000000000000000001",
              cpuCostAdjustment: "-0.05",
              gpuHours: "3",
              gpuCost: "9",
              ramByteHours: "1610612736",
              ramCost: "0.25",
              pvCost: "0.5",
              loadBalancerCost: "0.125",
              sharedCost: "2",
              totalCost: "11.925",
            },
            1,
            volume,
          ),
        ],
        [
          entry(
            "prod/__idle__",
            { cluster: "prod" },
            { cpuCost: "4E-1", gpuCost: "20", totalCost: "20.4" },
            2,
          ),
          entry(
            "prod/__unmounted__/__unmounted__/__unmounted__",
            { cluster: "prod", namespace: "__unmounted__", pod: "__unmounted__", container: "__unmounted__" },
            { pvCost: "3", totalCost: "3" },
            2,
          ),
        ],
      ),
    },
    inDollars,
  );
  expect(record).toMatchObject({
    roundedAmounts: 1,
    findings: [],
    periods: [{ rows: 9, totals: { USD: { BilledCost: "35.325" } } }],
  });
  const rows = await partsOf(lake);
  const node = { ResourceType: "Node", ResourceId: "i-0abcdef0123456789", ResourceName: "ip-10-0-0-1" };
  expect(rows.find(({ ConsumedUnit }) => ConsumedUnit === "GPU-Hours")).toMatchObject({
    ...node,
    AllocatedMethodId: "opencost",
    AllocatedResourceId: "prod/ml/Job/train",
    AllocatedResourceName: "train",
    x_Team: "vision",
    x_Owner: "ada",
    x_GpuHours: "3",
    x_GpuType: "H100",
    ChargePeriodStart: "2026-07-01 00:00:00",
    ChargePeriodEnd: "2026-07-02 00:00:00",
  });
  expect(
    rows.map(({ Component, BilledCost, ConsumedQuantity }) => [Component, BilledCost, ConsumedQuantity]),
  ).toEqual(
    [
      ["cpu", "0.05", "12"],
      ["ram", "0.25", "1.5"],
      ["storage", "0.5", null],
      ["gpu", "9", "3"],
      ["loadbalancer", "0.125", null],
      ["shared", "2", null],
      ["cpu", "0.4", null],
      ["gpu", "20", null],
      ["storage", "3", null],
    ].sort(byText),
  );
  expect(rows.find(({ Component }) => Component === "storage")).toMatchObject({
    ResourceType: "Volume",
  });
  expect(rows.filter(({ x_IdleKind }) => x_IdleKind === "unallocated")).toHaveLength(3);
  expect(
    rows.every(
      ({ x_IdleKind, AllocatedResourceId }) => (x_IdleKind === null) === (AllocatedResourceId !== null),
    ),
  ).toBe(true);
});

test("an answer that was aggregated is kept by what it was aggregated by", async () => {
  const lake = await testLake();
  await lake.deliver(
    {
      "allocation.json": answer([
        entry("ml", { cluster: "prod", namespace: "ml" }, { cpuCost: "1", totalCost: "1" }),
        entry("__unallocated__", { cluster: "prod" }, { cpuCost: "2", totalCost: "2" }),
      ]),
    },
    inDollars,
  );
  expect(await lake.charges("BilledCost", "AllocatedResourceId", "x_IdleKind")).toEqual([
    { BilledCost: "1", AllocatedResourceId: "prod/ml", x_IdleKind: null },
    { BilledCost: "2", AllocatedResourceId: "__unallocated__", x_IdleKind: null },
  ]);
});

test("idle that is shared and an entry too is told of; a step that comes twice is refused", async () => {
  const lake = await testLake();
  const both = answer([
    entry("a", { cluster: "prod", namespace: "a" }, { cpuCost: "1", cpuCostIdle: "0.5", totalCost: "1" }),
    entry("__idle__", { cluster: "prod" }, { gpuCost: "2", totalCost: "2" }),
  ]);
  const { record } = await lake.deliver({ "allocation.json": both }, inDollars);
  expect(record.notes).toContainEqual(expect.stringContaining("shareIdle=false"));
  expect(record.findings).toMatchObject([{ ruleId: "x_IdleOnce", count: 1 }]);
  expect(
    await refusal(
      lake.deliver({ "a.json": both, "b.json": both.replace(`"code": 200`, `"code":200`) }, inDollars),
    ),
  ).toMatchObject({ code: "delivery-overlaps", at: { column: "name", value: "a" } });
});

test("what is unknown to OpenCost is not booked as nothing", async () => {
  const lake = await testLake();
  const unknown = answer([entry("a", { cluster: "prod" }, { cpuCost: "null", totalCost: "null" })]);
  expect(await refusal(lake.deliver({ "allocation.json": unknown }, inDollars))).toMatchObject({
    code: "amount-missing",
    at: { column: "totalCost" },
  });
});

const byText = (a: readonly unknown[], b: readonly unknown[]): number =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;

/** Charges with their component, in order of component, cost and quantity. */
async function partsOf(lake: TestLake) {
  const rows = await lake.charges(
    "BilledCost",
    "ConsumedQuantity",
    "ConsumedUnit",
    "AllocatedMethodId",
    "AllocatedResourceId",
    "AllocatedResourceName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "x_Team",
    "x_Owner",
    "x_GpuHours",
    "x_GpuType",
    "x_IdleKind",
    "x_Extra",
  );
  return rows
    .map((row) => ({
      ...row,
      Component: (JSON.parse(row.x_Extra ?? "{}") as { Component?: string }).Component,
    }))
    .sort((a, b) =>
      byText(
        [a.Component, a.BilledCost, a.ConsumedQuantity],
        [b.Component, b.BilledCost, b.ConsumedQuantity],
      ),
    );
}
