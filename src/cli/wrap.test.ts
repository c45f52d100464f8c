import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { table } from "./table.ts";
import { wrap } from "./wrap.ts";

const plain = (text: string): string[] => stripVTControlCharacters(text).trimEnd().split("\n");

test("what fits stands in one line, numbers to the right", () => {
  expect(plain(table(["Service", "BilledCost"], [["EC2", "1.50"]], [false, true], { width: 80 }))).toEqual([
    "Service  BilledCost",
    "───────  ──────────",
    "EC2            1.50",
  ]);
});

test("heads are broken between their words, texts at blanks, numbers never", () => {
  const rows = [["Amazon Relational Database Service", "1,234.56"]];
  expect(plain(table(["ServiceName", "EffectiveCost"], rows, [false, true], { width: 34 }))).toEqual([
    "ServiceName              Effective",
    "                              Cost",
    "───────────────────────  ─────────",
    "Amazon Relational         1,234.56",
    "Database Service",
  ]);
});

test("where no table fits, each row is a list", () => {
  const rows = [["EC2", "1,234.56", "1,234.56"]];
  expect(plain(table(["Service", "A", "B"], rows, [false, true, true], { width: 18 }))).toEqual([
    "Service  EC2",
    "A        1,234.56",
    "B        1,234.56",
  ]);
});

test("wrapping loses no letter and keeps to the width", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(width);
    }),
  );
});
