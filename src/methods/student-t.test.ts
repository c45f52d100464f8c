import { expect, test } from "vitest";
import { studentTLimit, studentTWithin } from "./student-t.ts";

test("the limits of the printed tables", () => {
  const table = [
    [0.95, 1, 12.7062],
    [0.9, 2, 2.92],
    [0.95, 3, 3.1824],
    [0.8, 4, 1.5332],
    [0.95, 4, 2.7764],
    [0.99, 7, 3.4995],
    [0.95, 10, 2.2281],
    [0.8, 30, 1.3104],
    [0.95, 1000, 1.9623],
  ] as const;
  for (const [probability, degrees, limit] of table)
    expect(studentTLimit(probability, degrees)).toBeCloseTo(limit, 4);
});

test("a limit lies within its own probability", () => {
  for (let degrees = 1; degrees <= 60; degrees += 1)
    for (const probability of [0.01, 0.5, 0.8, 0.95, 0.999])
      expect(studentTWithin(studentTLimit(probability, degrees), degrees)).toBeCloseTo(probability, 9);
  expect(studentTWithin(0, 5)).toBe(0);
  expect(studentTWithin(1e9, 5)).toBeCloseTo(1, 9);
});
