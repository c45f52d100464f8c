import { describe, expect, test } from "vitest";
import { judgeDays, judgeModel, judgeMonths, judgeRows, surest } from "./judge-pair.ts";

describe("sums that agree", () => {
  test("count by their different amounts: a fee that is equal every day is no evidence", () => {
    expect(judgeDays({ shared: 31, agree: 31, amounts: 1 })).toBeUndefined();
    expect(judgeDays({ shared: 31, agree: 31, amounts: 31 })).toBe("high");
    expect(judgeDays({ shared: 31, agree: 20, amounts: 20 })).toBe("medium");
    expect(judgeDays({ shared: 31, agree: 3, amounts: 3 })).toBeUndefined();
  });
  test("by month are few witnesses: two that all agree are a hint, three are more", () => {
    expect(judgeMonths({ shared: 1, agree: 1, amounts: 1 })).toBeUndefined();
    expect(judgeMonths({ shared: 2, agree: 2, amounts: 2 })).toBe("low");
    expect(judgeMonths({ shared: 3, agree: 2, amounts: 2 })).toBeUndefined();
    expect(judgeMonths({ shared: 3, agree: 3, amounts: 3 })).toBe("medium");
  });
});

test("rows that agree are judged by the share of the source that has fewer, and by different amounts or resources", () => {
  const rows = { shared: 100, agree: 95, amounts: 40, resources: 1 };
  expect(judgeRows(rows)).toBe("high");
  expect(judgeRows({ ...rows, agree: 40 })).toBe("medium");
  expect(judgeRows({ ...rows, amounts: 1, resources: 9 })).toBeUndefined();
  expect(judgeRows({ ...rows, amounts: 2, resources: 3 })).toBe("high");
  expect(judgeRows({ ...rows, amounts: 2, resources: 2 })).toBeUndefined();
  expect(judgeRows({ ...rows, agree: 40, amounts: 2, resources: 3 })).toBeUndefined();
  expect(judgeRows({ shared: 0, agree: 0, amounts: 0, resources: 0 })).toBeUndefined();
});

test("a model's days must go together; tokens that agree make it sure", () => {
  const model = { shared: 30, agree: 29, correlation: 0.99, tokenDays: 0, tokenDaysAlike: 0 };
  expect(judgeModel(model)).toBe("medium");
  expect(judgeModel({ ...model, tokenDays: 30, tokenDaysAlike: 30 })).toBe("high");
  expect(judgeModel({ ...model, correlation: 0.2 })).toBeUndefined();
  expect(judgeModel({ ...model, correlation: null })).toBeUndefined();
  expect(judgeModel({ ...model, shared: 6, agree: 6 })).toBeUndefined();
});

test("of several judgements the surest counts", () => {
  expect(surest(["low", undefined, "high"])).toBe("high");
  expect(surest([undefined])).toBeUndefined();
});
