import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csv } from "./csv.ts";

const cellOf = (value: string | number | null): string => csv(["c"], [{ c: value }]).slice(2, -1);

describe("CSV", () => {
  test("a head, a line per row, an empty cell for what is unknown", () =>
    expect(
      csv(
        ["ServiceName", "BilledCost"],
        [{ ServiceName: "Compute", BilledCost: "-12.50" }, { ServiceName: null }],
      ),
    ).toBe("ServiceName,BilledCost\nCompute,-12.50\n,\n"));

  test.each([
    ["a,b", '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ["two\nlines", '"two\nlines"'],
    ["\r", `"'\r"`],
    ["-12.5", "-12.5"],
    ["-0.000000000000000001", "-0.000000000000000001"],
    [42, "42"],
    [-42, "-42"],
  ])("%j is written %j", (value, expected) => expect(cellOf(value)).toBe(expected));

  test.each([
    ["=1+1", "'=1+1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ["+1", "'+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["-2+3", "'-2+3"],
    ["-1|cmd", "'-1|cmd"],
    ["-", "'-"],
    ["--1", "'--1"],
    ["\t=1", "'\t=1"],
    ["\n=1", `"'\n=1"`],
    ["-1\n=2", `"'-1\n=2"`],
    [" =1", "' =1"],
    ["＝1", "'＝1"],
  ])("the formula %j is made a text", (value, expected) => expect(cellOf(value)).toBe(expected));

  test("names of columns are made safe too", () => expect(csv(["=A1"], [])).toBe("'=A1\n"));

  test("a reader gets back every text, but for the apostrophe before a formula", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            fc.string({
              unit: fc.oneof(
                fc.constantFrom(...Array.from("=+-@\t\r\n,\"' 1a")),
                fc.string({ minLength: 1, maxLength: 1 }),
              ),
            }),
            { minLength: 2, maxLength: 2 },
          ),
          {
            minLength: 1,
            maxLength: 5,
          },
        ),
        (rows) => {
          const written = csv(
            ["a", "b"],
            rows.map(([a = "", b = ""]) => ({ a, b })),
          );
          const read = parseCsv(written).slice(1);
          expect(read.map((cells) => cells.length)).toEqual(rows.map(() => 2));
          read.forEach((cells, line) =>
            cells.forEach((cell, column) => {
              const given = rows[line]?.[column] ?? "";
              expect([given, `'${given}`]).toContain(cell);
              expect(/^\s*[=+@]|^[\t\r\n]/.test(cell)).toBe(false);
              if (cell.startsWith("-")) expect(Number.isNaN(Number(cell))).toBe(false);
            }),
          );
        },
      ),
      { numRuns: 300 },
    ));
});

/** A reader of its own, letter by letter, as RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, inQuotes]: [string[], string, boolean] = [[], "", false];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? "";
    if (inQuotes) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else inQuotes = false;
    } else if (letter === '"') inQuotes = true;
    else if (letter === "," || letter === "\n") {
      row.push(cell);
      cell = "";
      if (letter === "\n") {
        rows.push(row);
        row = [];
      }
    } else cell += letter;
  }
  return rows;
}
