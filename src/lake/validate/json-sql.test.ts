import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { literal } from "#facts/source-mapping.ts";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { jsonSql, type PathCheck } from "./json-sql.ts";

let db: Duckdb;
beforeAll(async () => {
  db = await openDuckdb({ folders: [] });
});
afterAll(() => db.close());

async function passes(check: PathCheck, value: string | null): Promise<unknown> {
  const cell = value === null ? "null::varchar" : literal(value);
  const [row] = await db.run(`select ${jsonSql(check, [])} as ok from (select ${cell} as "A")`);
  return row?.["ok"];
}

async function judges(
  check: PathCheck,
  good: readonly (string | null)[],
  bad: readonly string[],
): Promise<void> {
  for (const value of good) expect(await passes(check, value), `good: ${value}`).toBe(true);
  for (const value of bad) expect(await passes(check, value), `bad: ${value}`).toBe(false);
}

describe("what is asked of the elements of a JSON cell", () => {
  const list = (...elements: string[]): string => `{"Elements":[${elements.join(",")}]}`;
  const at = (key: string): string => `$.Elements[*].${key}`;
  test("FormatJSON: an object", () =>
    judges({ fn: "FormatJSON", column: "A", path: "$" }, [list(), null], ["x", "[1]", '{"a":']));
  test("JSONCheckPathType: the root's array must be there, an element's key need not", async () => {
    await judges(
      { fn: "JSONCheckPathType", column: "A", path: "$.Elements", type: "Array" },
      [list(), null],
      ["{}", '{"Elements":{}}'],
    );
    await judges(
      { fn: "JSONCheckPathType", column: "A", path: "$.Elements[*]", type: "Object" },
      [list("{}"), list()],
      [list("1"), list("{}", "null")],
    );
    await judges(
      { fn: "JSONCheckPathType", column: "A", path: at("K"), type: "String" },
      [list('{"K":"x"}', "{}", '{"K":null}')],
      [list('{"K":1}')],
    );
    await judges(
      { fn: "JSONCheckPathType", column: "A", path: at("K"), type: "Decimal" },
      [list('{"K":1.5}', '{"K":-2}')],
      [list('{"K":"1.5"}')],
    );
  });
  test("JSONCheckPathKeyExists: in every element", () =>
    judges(
      { fn: "JSONCheckPathKeyExists", column: "A", path: at("K") },
      [list('{"K":1}', '{"K":null}'), list()],
      [list('{"K":1}', "{}")],
    ));
  test("JSONCheckPathKeyValueFormat: flat elements", () =>
    judges(
      { fn: "JSONCheckPathKeyValueFormat", column: "A", path: "$.Elements[*]" },
      [list('{"K":1}')],
      [list('{"K":{"L":1}}')],
    ));
  test("JSONCheckPathKeyStartsWith: keys of their own carry the prefix", () =>
    judges(
      { fn: "JSONCheckPathKeyStartsWith", column: "A", path: "$.Elements[*]", prefix: "x_", keys: ["K"] },
      [list('{"K":1,"x_L":2}')],
      [list('{"K":1,"L":2}')],
    ));
  test("JSONCheckPathValue and JSONCheckPathNotValue", async () => {
    await judges(
      { fn: "JSONCheckPathValue", column: "A", path: at("K"), value: null },
      [list("{}", '{"K":null}')],
      [list('{"K":1}')],
    );
    await judges(
      { fn: "JSONCheckPathNotValue", column: "A", path: at("K"), value: null },
      [list('{"K":1}')],
      [list("{}")],
    );
    await judges(
      { fn: "JSONCheckPathValue", column: "A", path: at("K"), value: "x" },
      [list('{"K":"x"}')],
      [list('{"K":"y"}')],
    );
    await judges(
      { fn: "JSONCheckPathNotValue", column: "A", path: at("K"), value: "x" },
      [list('{"K":"y"}')],
      [list('{"K":"x"}')],
    );
  });
  test("formats of what a key holds", async () => {
    for (const fn of ["JSONCheckPathNumericFormat", "JSONFormatNumeric"] as const)
      await judges(
        { fn, column: "A", path: at("K") },
        [list('{"K":"1.5"}', '{"K":2}', "{}")],
        [list('{"K":"$1"}')],
      );
    for (const fn of ["JSONCheckPathUnitFormat", "JSONFormatUnit"] as const)
      await judges({ fn, column: "A", path: at("K") }, [list('{"K":"GB-Hours"}')], [list('{"K":"GB-Mo"}')]);
    await judges(
      { fn: "JSONFormatString", column: "A", path: at("K") },
      [list('{"K":"x"}')],
      [list('{"K":""}')],
    );
  });
});
