import { expect, test } from "vitest";
import { allowedValues } from "./allowed-values.ts";
import { readRequirements } from "./read-requirements.ts";

test("the columns whose values FOCUS lists, with their values", async () => {
  const allowed = allowedValues(await readRequirements("1.3"));
  expect(Object.fromEntries([...allowed].map(([column, values]) => [column, values.length]))).toEqual({
    CapacityReservationStatus: 2,
    ChargeCategory: 5,
    ChargeClass: 1,
    ChargeFrequency: 3,
    CommitmentDiscountCategory: 2,
    CommitmentDiscountStatus: 2,
    PricingCategory: 4,
    ServiceCategory: 19,
    ServiceSubcategory: 82,
  });
  expect(allowed.get("ChargeCategory")).toEqual(["Usage", "Purchase", "Tax", "Credit", "Adjustment"]);
});
