import { expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { refusal, testLake } from "./deliver.ts";

const charge = (more: Record<string, string>): Record<string, string> => ({
  BilledCost: "1",
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: "2026-07-01T00:00:00Z",
  ChargePeriodEnd: "2026-07-02T00:00:00Z",
  ChargeCategory: "Usage",
  Tags: `{"team":"platform","owner":"ops"}`,
  AllocatedTags: "",
  x_IdleKind: "",
  ...more,
});

test("an allocated charge belongs to whom it was allocated, not to the owner of the node", async () => {
  const lake = await testLake();
  await lake.deliver({
    "bill.csv": csv([
      charge({ AllocatedTags: `{"team":"vision"}` }),
      charge({ x_IdleKind: "unallocated" }),
      charge({ AllocatedTags: `{"team":"vision"}`, x_IdleKind: "warm-idle" }),
    ]),
  });
  expect(await lake.charges("x_Team", "x_Owner", "x_IdleKind", "x_Extra")).toEqual([
    { x_Team: "vision", x_Owner: null, x_IdleKind: null, x_Extra: null },
    { x_Team: "platform", x_Owner: "ops", x_IdleKind: "unallocated", x_Extra: null },
    { x_Team: "vision", x_Owner: null, x_IdleKind: "warm-idle", x_Extra: null },
  ]);
});

test("a kind of idle that there is not is refused, with its row", async () => {
  const lake = await testLake();
  const rows = [charge({}), charge({ x_IdleKind: "sleepy" })];
  expect(await refusal(lake.deliver({ "bill.csv": csv(rows) }))).toMatchObject({
    code: "value-unknown",
    at: { line: 3, column: "x_IdleKind", value: "sleepy" },
  });
});
