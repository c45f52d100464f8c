import { expect, test } from "vitest";
import { forgetSilent } from "./last-totals.ts";

test("series that were silent for three days are forgotten, and no others", () => {
  const day = 86_400_000;
  const seen = (until: number) => ({ until, sum: 1, count: 0, buckets: new Map<number, number>() });
  const totals = new Map([
    ["silent", seen(0)],
    ["heard", seen(1)],
  ]);
  forgetSilent(totals, 3 * day + 1);
  expect([...totals.keys()]).toEqual(["heard"]);
});
