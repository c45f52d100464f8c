import { expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { testLake } from "./deliver.ts";

const line = (cost: string, more: Record<string, string> = {}): Record<string, string> => ({
  "lineItem/referenceNo": "1",
  "lineItem/tenantId": "t1",
  "lineItem/intervalUsageStart": "2023-11-13T10:00Z",
  "lineItem/intervalUsageEnd": "2023-11-13T11:00:00Z",
  "product/service": "COMPUTE",
  "usage/billedQuantity": "0.083333333333000000",
  "cost/productSku": "B1",
  "cost/myCost": cost,
  "cost/myCostOverage": "",
  "cost/currencyCode": "USD",
  "lineItem/isCorrection": "false",
  "lineItem/backreferenceNo": "",
  "tags/Fin.Team": "ml",
  ...more,
});

test("OCI: amounts with exponents, a correction in the month of what it corrects, files added to a month", async () => {
  const lake = await testLake();
  await lake.deliver({ "day1.csv": csv([line("2.323760000E-9"), line("1.5")]) });
  const { record } = await lake.deliver({
    "day2.csv": csv([
      line("-1.5", { "lineItem/isCorrection": "true", "lineItem/backreferenceNo": "1" }),
      line("1", { "cost/myCostOverage": "0.4" }),
    ]),
  });
  expect(record).toMatchObject({ mode: "append", files: [{ format: "oci 1" }] });
  const charges = await lake.charges(
    "BilledCost",
    "EffectiveCost",
    "ChargeClass",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "Tags",
  );
  expect(charges.map((charge) => Object.values(charge).slice(0, 3).join(" ")).sort()).toEqual([
    "-1.5 -1.5 Correction",
    "0.00000000232376 0.00000000232376 ",
    "1 1 ",
    "1.5 1.5 ",
  ]);
  expect(charges[0]).toMatchObject({
    BillingPeriodStart: "2023-11-01 00:00:00",
    BillingPeriodEnd: "2023-12-01 00:00:00",
    Tags: `{"Fin.Team":"ml"}`,
  });
});
