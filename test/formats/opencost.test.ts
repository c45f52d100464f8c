import * as fc from "fast-check";
import { onTestFinished, expect, test } from "vitest";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder } from "../imports/kit.ts";
import { refusal, testLake } from "./deliver.ts";

const line = (pod: string, costs: Record<string, string>, more: Record<string, string> = {}) => ({
  Date: "2026-07-01",
  Namespace: "ml",
  ControllerKind: "job",
  ControllerName: "train",
  Pod: pod,
  Container: "main",
  Labels: "",
  CPUCost: "0",
  RAMCost: "0",
  GPUCost: "0",
  TotalCost: "0",
  ...costs,
  ...more,
});
const inDollars = { values: { BillingCurrency: "USD" } };
const idle = { Namespace: "__idle__", ControllerKind: "", ControllerName: "", Container: "", Pod: "" };

test("OpenCost's export: a container's day is a charge for each component, with every digit, and idle is nobody's", async () => {
  const lake = await testLake();
  const { record } = await lake.deliver(
    {
      "export.csv": csv([
        line("train-0", { CPUCost: "0.2500000000000001", GPUCost: "1", TotalCost: "1.2500000000000001" }),
        line("train-1", { CPUCost: "0.5", TotalCost: "0.5" }, { Labels: `{"team":"vision"}` }),
        line("", { RAMCost: "7", TotalCost: "7" }, idle),
      ]),
    },
    inDollars,
  );
  expect(record).toMatchObject({
    mode: "overwrite",
    files: [{ format: "opencost csv" }],
    findings: [],
    periods: [{ rows: 4, totals: { USD: { BilledCost: "8.7500000000000001" } } }],
  });
  const train = {
    AllocatedResourceId: "ml/Job/train",
    x_IdleKind: null,
    ResourceType: "Node",
    ResourceId: null,
  };
  expect(
    await lake.charges(
      "BilledCost",
      "AllocatedResourceId",
      "AllocatedTags",
      "x_Team",
      "x_IdleKind",
      "ResourceType",
      "ResourceId",
    ),
  ).toEqual([
    { ...train, BilledCost: "0.2500000000000001", AllocatedTags: `{"namespace":"ml"}`, x_Team: null },
    { ...train, BilledCost: "1", AllocatedTags: `{"namespace":"ml"}`, x_Team: null },
    {
      ...train,
      BilledCost: "0.5",
      AllocatedTags: `{"team":"vision","namespace":"ml"}`,
      x_Team: "vision",
    },
    {
      BilledCost: "7",
      AllocatedResourceId: null,
      AllocatedTags: null,
      x_Team: null,
      x_IdleKind: "unallocated",
      ResourceType: "Node",
      ResourceId: null,
    },
  ]);
});

test("its total has load balancers and more, which no column does: that is told, and booked beside the components", async () => {
  const lake = await testLake();
  const { record } = await lake.deliver(
    {
      "export.csv": csv([
        line("train-0", { CPUCost: "1", TotalCost: "1.00001" }),
        line("train-1", { CPUCost: "1", TotalCost: "3.5" }),
      ]),
    },
    inDollars,
  );
  expect(record.notes).toContainEqual(
    expect.stringMatching(
      /^1 row with a TotalCost that its components do not add up to; .*, 2\.5 in all\. The first is .*export\.csv, line 3\.$/,
    ),
  );
  expect(record.findings).toMatchObject([
    { ruleId: "x_TotalOfParts", column: "TotalCost", count: 1, firstRow: 2 },
  ]);
  expect(await lake.charges("BilledCost", "x_Extra")).toEqual([
    { BilledCost: "1", x_Extra: expect.stringContaining(`"Component":"cpu"`) as string },
    { BilledCost: "1", x_Extra: expect.stringContaining(`"Component":"cpu"`) as string },
    { BilledCost: "2.5", x_Extra: expect.stringContaining(`"Component":"other"`) as string },
  ]);
});

test("whatever it holds, what comes out is each row's components, or its total where they are not all of it", async () => {
  const units = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 22n });
  const row = fc.record({
    cpu: units,
    ram: units,
    gpu: units,
    off: fc.oneof(units, fc.bigInt(-(10n ** 14n), 10n ** 14n)),
  });
  const rows = fc.sample(row, { numRuns: 300, seed: 7 });
  const lake = await testLake();
  const { record } = await lake.deliver(
    {
      "export.csv": csv(
        rows.map(({ cpu, ram, gpu, off }, index) =>
          line(`p-${index}`, {
            CPUCost: formatDecimal(cpu),
            RAMCost: formatDecimal(ram),
            GPUCost: formatDecimal(gpu),
            TotalCost: formatDecimal(cpu + ram + gpu + off),
          }),
        ),
      ),
    },
    inDollars,
  );
  const uneven = rows.filter(({ off }) => off > 10n ** 14n || off < -(10n ** 14n));
  const parts = rows.reduce((sum, { cpu, ram, gpu }) => sum + cpu + ram + gpu, 0n);
  const whole = parts + uneven.reduce((sum, { off }) => sum + off, 0n);
  expect(decimal(record.periods[0]?.totals["USD"]?.["BilledCost"] ?? "")).toBe(whole);
  expect(record.findings).toMatchObject([{ count: uneven.length }]);
});

test("its role is allocation, unless the person says otherwise", async () => {
  const { data, write, remove } = await ownFolder();
  onTestFinished(remove);
  const file = await write("export.csv", csv([line("train-0", { CPUCost: "1", TotalCost: "1" })]));
  expect((await bring(data, file, { ...inDollars, source: "a" })).record.role).toBe("allocation");
  expect((await bring(data, file, { ...inDollars, source: "b", role: "estimate" })).record.role).toBe(
    "estimate",
  );
});

test("without a currency it is refused, and told how to state one", async () => {
  const lake = await testLake();
  const rows = [line("a", { CPUCost: "1", TotalCost: "1" })];
  expect(await refusal(lake.deliver({ "export.csv": csv(rows) }))).toMatchObject({
    code: "column-missing",
    message: expect.stringContaining("BillingCurrency") as string,
    hint: expect.stringContaining("--set") as string,
  });
});

test("Kubecost's CSV: columns in any spelling, its window or the one that is stated", async () => {
  const lake = await testLake();
  const columns = { Cluster: "prod", Namespace: "web", "Controller Kind": "deployment", Controller: "api" };
  const costs = {
    "CPU Cost": "1",
    "CPU Cost Adjustment": "0.5",
    "RAM Cost": "2",
    "Shared Cost": "0.25",
    "Total Cost": "3.75",
  };
  const { record } = await lake.deliver(
    {
      "allocations.csv": csv([
        {
          ...columns,
          "Window Start": "2026-07-01T00:00:00Z",
          "Window End": "2026-07-02T00:00:00Z",
          ...costs,
        },
      ]),
    },
    inDollars,
  );
  expect(record.files).toMatchObject([{ format: "kubecost csv" }]);
  expect(await lake.charges("BilledCost", "AllocatedResourceId", "ChargePeriodEnd")).toEqual(
    ["1.5", "0.25", "2"].sort().map((BilledCost) => ({
      BilledCost,
      AllocatedResourceId: "prod/web/Deployment/api",
      ChargePeriodEnd: "2026-07-02 00:00:00",
    })),
  );
  const without = { "allocations.csv": csv([{ ...columns, ...costs }]) };
  expect(await refusal(lake.deliver(without, inDollars))).toMatchObject({
    code: "column-missing",
    message: expect.stringContaining("ChargePeriodStart") as string,
  });
  const [start, end] = ["2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"];
  const values = {
    ...inDollars.values,
    BillingPeriodStart: start,
    BillingPeriodEnd: end,
    ChargePeriodStart: start,
    ChargePeriodEnd: end,
  };
  expect((await lake.deliver(without, { values, source: "other" })).record.periods).toMatchObject([
    { rows: 3 },
  ]);
});
