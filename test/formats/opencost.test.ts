import { onTestFinished, expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder } from "../imports/kit.ts";
import { refusal, testLake } from "./deliver.ts";

const line = (pod: string, total: string, more: Record<string, string> = {}): Record<string, string> => ({
  Date: "2026-07-01",
  Namespace: "ml",
  ControllerKind: "job",
  ControllerName: "train",
  Pod: pod,
  Container: "main",
  Labels: "",
  CPUCost: "0.25",
  RAMCost: "0.125",
  GPUCost: "1",
  TotalCost: total,
  ...more,
});
const inDollars = { values: { BillingCurrency: "USD" } };

test("OpenCost: a container's day is a charge, with every digit, and idle is one too", async () => {
  const lake = await testLake();
  const { record } = await lake.deliver(
    {
      "export.csv": csv([
        line("train-0", "1.4000000000000001"),
        line("train-1", "0.5", { Labels: `{"team":"vision"}` }),
        line("", "7", { Namespace: "__idle__", ControllerKind: "", ControllerName: "", Container: "" }),
      ]),
    },
    inDollars,
  );
  expect(record).toMatchObject({ mode: "overwrite", files: [{ format: "opencost csv" }] });
  const day = { ChargePeriodStart: "2026-07-01 00:00:00", ChargePeriodEnd: "2026-07-02 00:00:00" };
  expect(
    await lake.charges("BilledCost", "ChargePeriodStart", "ChargePeriodEnd", "ResourceId", "Tags"),
  ).toEqual([
    {
      ...day,
      BilledCost: "1.4000000000000001",
      ResourceId: "ml/train-0/main",
      Tags: `{"namespace":"ml","controller":"train"}`,
    },
    { ...day, BilledCost: "0.5", ResourceId: "ml/train-1/main", Tags: `{"team":"vision"}` },
    { ...day, BilledCost: "7", ResourceId: "__idle__", Tags: `{"namespace":"__idle__"}` },
  ]);
});

test("its role is allocation, unless the person says otherwise", async () => {
  const { data, write, remove } = await ownFolder();
  onTestFinished(remove);
  const file = await write("export.csv", csv([line("train-0", "1")]));
  expect((await bring(data, file, { ...inDollars, source: "a" })).record.role).toBe("allocation");
  expect((await bring(data, file, { ...inDollars, source: "b", role: "estimate" })).record.role).toBe(
    "estimate",
  );
});

test("without a currency it is refused, and told how to state one", async () => {
  const lake = await testLake();
  expect(await refusal(lake.deliver({ "export.csv": csv([line("a", "1")]) }))).toMatchObject({
    code: "column-missing",
    message: expect.stringContaining("BillingCurrency") as string,
    hint: expect.stringContaining("--set") as string,
  });
});
