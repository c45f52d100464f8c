import * as fc from "fast-check";
import { expect, test } from "vitest";
import { widthOf } from "./printable.ts";
import { table } from "./table.ts";

// eslint-disable-next-line no-control-regex -- the colours of head and rule
const plain = (text: string): string => text.replaceAll(/\u001B\[\d+m/g, "");
const lines = (text: string): string[] => plain(text).trimEnd().split("\n");

test("names to the left, numbers to the right, a rule under the head", () =>
  expect(
    lines(
      table(
        ["Service", "Cost"],
        [
          ["Compute", "1,200.00"],
          ["S3", "9.50"],
        ],
        [false, true],
      ),
    ),
  ).toEqual(["Service      Cost", "───────  ────────", "Compute  1,200.00", "S3           9.50"]));

test("a last column of text has no blanks behind it", () =>
  expect(
    lines(
      table(
        ["a", "b"],
        [
          ["1", "x"],
          ["2", "long"],
        ],
      ),
    ).every((line) => line === line.trimEnd()),
  ).toBe(true));

test("wide letters take two places, combining marks none", () =>
  expect(
    lines(
      table(
        ["k", "n"],
        [
          ["日本", "1"],
          ["é", "2"],
          ["abcd", "3"],
        ],
        [false, true],
      ),
    ),
  ).toEqual(["k     n", "────  ─", "日本  1", "é     2", "abcd  3"]));

test("colours take no place", () =>
  expect(lines(table(["k", "n"], [["\u001B[1mab\u001B[22m", "1"]], [false, true]))).toEqual([
    "k   n",
    "──  ─",
    "ab  1",
  ]));

test("every line of a table with numbers at the end is as wide as the rule", () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.string({ unit: fc.constantFrom("a", "日", "e\u0301", "🙂") }), fc.integer().map(String)),
        { maxLength: 6 },
      ),
      (rows) => {
        const [head = "", ...rest] = lines(table(["name", "n"], rows, [false, true]));
        for (const line of rest) expect(widthOf(line)).toBe(widthOf(head));
      },
    ),
  ));
