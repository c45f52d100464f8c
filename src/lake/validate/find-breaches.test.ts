import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Check, Requirement } from "#facts/requirement.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { findBreaches } from "./find-breaches.ts";

let db: Duckdb;
beforeAll(async () => {
  db = await openDuckdb({ folders: [] });
});
afterAll(() => db.close());

type Cells = Readonly<Record<string, string | null>>;

const rule = (check: Check): Requirement => ({
  id: "T-1",
  entity: "Column",
  about: "A",
  kind: "Validation",
  keyword: "MUST",
  text: "",
  check,
});

/** Rows that break a check, as row numbers are given: how many, and the first. */
async function broken(
  check: Check,
  rows: readonly Cells[],
  when: readonly Check[] = [],
  typed = false,
): Promise<[number, number] | undefined> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: string | null | undefined): string =>
    value === null || value === undefined ? "null::varchar" : literal(value);
  const selects = rows.map(
    (row, index) =>
      `select 3::integer as x_File, ${index + 1}::bigint as x_Row, ${columns.map((name) => `${cell(row[name])} as ${quoted(name)}`).join(", ")}`,
  );
  const found = await findBreaches(
    db,
    selects.join(" union all "),
    [{ rule: rule(check), column: "A", check, when }],
    typed,
  );
  const [breach] = found;
  return breach === undefined ? undefined : [breach.count, breach.first - 3e12];
}

const of = (...values: (string | null)[]): Cells[] => values.map((A) => ({ A }));

/** Each of the good values alone passes, and of good, bad, bad two rows are broken, the first in row 2. */
async function judges(check: Check, good: readonly (string | null)[], bad: readonly string[]): Promise<void> {
  expect(await broken(check, of(...good)), `good: ${good.join(" ")}`).toBeUndefined();
  for (const value of bad)
    expect(await broken(check, of(good[0] ?? null, value, value)), `bad: ${value}`).toEqual([2, 2]);
}

describe("one cell", () => {
  test("FormatNumeric: integers, decimals and E notation, nothing else", () =>
    judges(
      { fn: "FormatNumeric", column: "A" },
      ["1", "-1.5", "1.81E-8", "2e3", "0.0", null],
      ["+1", "1,5", "$1", "1 ", "1E+3", "1/2", "5."],
    ));
  test("FormatNumeric reads a number that was typed as the engine writes it", async () => {
    expect(await broken({ fn: "FormatNumeric", column: "A" }, of("1e+20"), [], true)).toBeUndefined();
  });
  test("TypeDecimal and CheckDecimalValue: anything that is a number", async () => {
    for (const fn of ["TypeDecimal", "CheckDecimalValue"] as const)
      await judges({ fn, column: "A" }, ["1", "+1", "1E+3", "5.", null], ["$1", "one"]);
  });
  test("FormatDateTime: UTC with T and Z", () =>
    judges(
      { fn: "FormatDateTime", column: "A" },
      ["2026-07-01T00:00:00Z", null],
      ["2026-07-01 00:00:00", "2026-07-01T00:00:00", "2026-07-01T02:00:00+02:00", "2026-07-01", "7/1/26"],
    ));
  test("FormatDateTime forgives a typed time the blank it never had", async () => {
    expect(
      await broken({ fn: "FormatDateTime", column: "A" }, of("2026-07-01 00:00:00"), [], true),
    ).toBeUndefined();
  });
  test("TypeDateTime: anything that is a time", () =>
    judges({ fn: "TypeDateTime", column: "A" }, ["2026-07-01 00:00:00", "2026-07-01", null], ["tomorrow"]));
  test("TypeString: every text", () => judges({ fn: "TypeString", column: "A" }, ["", "x", null], []));
  test("FormatString: no empty text, none of blanks alone", () =>
    judges({ fn: "FormatString", column: "A" }, ["a", " a", "é", null], ["", "  "]));
  test("FormatUnit: units, rates and spans of time", () =>
    judges(
      { fn: "FormatUnit", column: "A" },
      ["GB", "API Requests", "GB-Hours", "GB/Second", "1000000 Tokens", "Requests/3 Months", null],
      ["GB-Mo", "per hour!", "1K-Tokens"],
    ));
  test("FormatCurrency: ISO 4217 as it is written, or the name of a virtual currency", () =>
    judges(
      { fn: "FormatCurrency", column: "A" },
      ["USD", "EUR", "Credits", "DBU", null],
      ["usd", "Eur", " "],
    ));
  test("CheckNationalCurrency: ISO 4217 alone", () =>
    judges({ fn: "CheckNationalCurrency", column: "A" }, ["USD", null], ["usd", "DBU", "US"]));
  test("FormatKeyValue: a flat JSON object, each key once", () =>
    judges(
      { fn: "FormatKeyValue", column: "A" },
      ['{"a":"b","c":1,"d":true,"e":null}', "{}", null],
      ["a=b", "[1]", '{"a":{"b":1}}', '{"a":[1]}', '{"a":1,"a":2}', '{"a":1'],
    ));
});

describe("values", () => {
  test("CheckValue null: must be null, and an empty text counts as null", () =>
    judges({ fn: "CheckValue", column: "A", value: null }, [null, ""], ["x"]));
  test("CheckNotValue null: must have a value", async () => {
    const check: Check = { fn: "CheckNotValue", column: "A", value: null };
    expect(await broken(check, of("x"))).toBeUndefined();
    expect(await broken(check, of("x", null, ""))).toEqual([2, 2]);
  });
  test("CheckValue and CheckNotValue with a text: null is another rule's matter", async () => {
    await judges({ fn: "CheckValue", column: "A", value: "Usage" }, ["Usage", null], ["usage", "Tax"]);
    await judges({ fn: "CheckNotValue", column: "A", value: "Tax" }, ["Usage", null], ["Tax"]);
  });
  test("numbers are compared as numbers", async () => {
    await judges({ fn: "CheckValue", column: "A", value: 0 }, ["0", "0.00", "0E5", null], ["0.01"]);
    await judges({ fn: "CheckNotValue", column: "A", value: 0 }, ["1", null], ["0.0"]);
    await judges(
      { fn: "CheckGreaterOrEqualThanValue", column: "A", value: 0 },
      ["0", "1E-9", null],
      ["-0.01"],
    );
  });
  test("ValuesIn: one of a list, or one of a list of pairs", async () => {
    await judges(
      { fn: "ValuesIn", columns: ["A"], values: [["Used"], ["Unused"]] },
      ["Used", null],
      ["used", "Active"],
    );
    const pairs: Check = {
      fn: "ValuesIn",
      columns: ["A", "B"],
      values: [
        ["Bots", "AI"],
        ["Disks", "Storage"],
      ],
    };
    expect(
      await broken(pairs, [
        { A: "Bots", B: "AI" },
        { A: null, B: "AI" },
      ]),
    ).toBeUndefined();
    expect(
      await broken(pairs, [
        { A: "Bots", B: "AI" },
        { A: "Bots", B: "Storage" },
      ]),
    ).toEqual([1, 2]);
  });
  test("CheckSameValue and CheckNotSameValue compare two cells of a row", async () => {
    const [same, differ]: Cells[] = [
      { A: "x", B: "x" },
      { A: "x", B: "y" },
    ];
    if (same === undefined || differ === undefined) throw new Error("no rows");
    const equal: Check = { fn: "CheckSameValue", column: "A", other: "B" };
    expect(await broken(equal, [same, { A: null, B: "y" }])).toBeUndefined();
    expect(await broken(equal, [same, differ])).toEqual([1, 2]);
    const unequal: Check = { fn: "CheckNotSameValue", column: "A", other: "B" };
    expect(await broken(unequal, [differ])).toBeUndefined();
    expect(await broken(unequal, [differ, same])).toEqual([1, 2]);
  });
  test("ColumnByColumnEqualsColumnValue: price × quantity is the cost, but for a rounding of 1e-9", async () => {
    const check: Check = { fn: "ColumnByColumnEqualsColumnValue", column: "A", other: "B", result: "C" };
    expect(
      await broken(check, [
        { A: "0.000015", B: "20", C: "0.0003" },
        { A: null, B: "1", C: "2" },
      ]),
    ).toBeUndefined();
    expect(await broken(check, [{ A: "0.05", B: "3", C: "0.000015" }])).toEqual([1, 1]);
  });
  test("AND and OR join checks of a row", async () => {
    const items: Check[] = [
      { fn: "CheckNotValue", column: "A", value: null },
      { fn: "CheckValue", column: "B", value: "y" },
    ];
    const rows: Cells[] = [
      { A: "x", B: "y" },
      { A: "x", B: "n" },
      { A: null, B: "n" },
    ];
    expect(await broken({ fn: "AND", items }, rows)).toEqual([2, 2]);
    expect(await broken({ fn: "OR", items }, rows)).toEqual([1, 3]);
  });
});

describe("conditions", () => {
  const required: Check = { fn: "CheckNotValue", column: "A", value: null };
  test("a rule asks nothing of rows that don't meet its condition; a null cell doesn't equal a text", async () => {
    const when: Check[] = [{ fn: "CheckValue", column: "B", value: "Usage" }];
    const rows: Cells[] = [
      { A: null, B: null },
      { A: null, B: "Tax" },
      { A: null, B: "Usage" },
    ];
    expect(await broken(required, rows, when)).toEqual([1, 3]);
  });
  test("a null cell is not the text that a condition excludes", async () => {
    const when: Check[] = [{ fn: "CheckNotValue", column: "B", value: "Correction" }];
    expect(await broken(required, [{ A: null, B: null }], when)).toEqual([1, 1]);
    expect(await broken(required, [{ A: null, B: "Correction" }], when)).toBeUndefined();
  });
});

describe("values that go with another", () => {
  const check: Check = { fn: "CheckDistinctCount", column: "A", other: "B", count: 1 };
  test("CheckDistinctCount: all rows of a value with two others, or with none", async () => {
    const rows: Cells[] = [
      { A: "p1", B: "s1" },
      { A: "p1", B: "s1" },
      { A: null, B: "s1" },
    ];
    expect(await broken(check, rows)).toBeUndefined();
    expect(await broken(check, [...rows, { A: "p1", B: "s2" }])).toEqual([3, 1]);
    expect(await broken(check, [...rows, { A: "p2", B: null }])).toEqual([1, 4]);
  });
  test("CheckDistinctCount looks only at rows that meet its condition", async () => {
    const rows: Cells[] = [
      { A: "p1", B: "s1", C: "x" },
      { A: "p1", B: "s2", C: null },
    ];
    expect(await broken(check, rows, [{ fn: "CheckNotValue", column: "C", value: null }])).toBeUndefined();
  });
  test("JSONCheckPathDistinctParent: each child under one parent", async () => {
    const parent: Check = {
      fn: "JSONCheckPathDistinctParent",
      column: "A",
      path: "$.Elements[*].Child",
      parentPath: "$.Elements[*].Parent",
      count: 1,
    };
    const element = (child: string, parentId: string): string =>
      `{"Elements":[{"Child":"${child}","Parent":"${parentId}"}]}`;
    expect(
      await broken(parent, of(element("c1", "p1"), element("c2", "p1"), null, "no json")),
    ).toBeUndefined();
    expect(await broken(parent, of(element("c1", "p1"), element("c1", "p2")))).toEqual([2, 1]);
  });
});

describe("JSON elements", () => {
  const list = (...elements: string[]): string => `{"Elements":[${elements.join(",")}]}`;
  const at = (key: string): string => `$.Elements[*].${key}`;
  test("JSONCheckPathSameValue: an element's key and a cell of the row", async () => {
    const check: Check = { fn: "JSONCheckPathSameValue", column: "A", path: at("K"), other: "B" };
    expect(
      await broken(check, [
        { A: list('{"K":"r1"}'), B: "r1" },
        { A: null, B: null },
      ]),
    ).toBeUndefined();
    expect(await broken(check, [{ A: list('{"K":"r1"}'), B: "r2" }])).toEqual([1, 1]);
  });
  test("conditions about the same cell are asked of each element", async () => {
    const check: Check = { fn: "JSONCheckPathNotValue", column: "A", path: at("Cost"), value: null };
    const when: Check[] = [{ fn: "JSONCheckPathValue", column: "A", path: at("Quantity"), value: null }];
    expect(await broken(check, of(list('{"Cost":1}', '{"Quantity":2}')), when)).toBeUndefined();
    expect(await broken(check, of(list('{"Cost":1}', "{}")), when)).toEqual([1, 1]);
  });
});
