import { expect, test } from "vitest";
import { chargeColumnNames } from "./charge-columns.ts";
import { didYouMean, nearestNames } from "./nearest-names.ts";

test.each([
  ["servicname", "ServiceName"],
  ["Reigon", "RegionId"],
  ["tem", "x_Team"],
  ["billed_cost", "BilledCost"],
  ["GpuHour", "x_GpuHours"],
])("%s means %s", (typed, meant) => expect(nearestNames(typed, chargeColumnNames)[0]).toBe(meant));

test("what is like nothing gets no suggestion", () => {
  expect(nearestNames("zzz", chargeColumnNames)).toEqual([]);
  expect(didYouMean("zzz", chargeColumnNames)).toBe("");
});
