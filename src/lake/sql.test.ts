import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { join, raw, render, type Sql, type SqlValue, sql } from "./sql.ts";

const shown = (query: Sql): string => render(query, (value, index) => `<${index}:${String(value)}>`);

describe("putting SQL together", () => {
  test("a value is bound, never glued in", () => {
    const query = sql`select * from charges where "ServiceName" = ${"'; drop table charges; --"}`;
    expect(query.text.join("")).toBe('select * from charges where "ServiceName" = ');
    expect(query.values).toEqual(["'; drop table charges; --"]);
    expect(shown(query)).toBe('select * from charges where "ServiceName" = <0:\'; drop table charges; -->');
  });

  test("nested SQL brings its values along, in order", () => {
    const inner = sql`a = ${1} and b = ${2n}`;
    expect(shown(sql`${"x"} ${inner} ${raw("or")} c = ${"y"}`)).toBe(
      "<0:x> a = <1:1> and b = <2:2> or c = <3:y>",
    );
  });

  test("falsy values are values", () => expect(shown(sql`${0} ${""} ${0n}`)).toBe("<0:0> <1:> <2:0>"));

  test("an empty list joins to nothing, one part to itself", () => {
    expect(shown(join([], ", "))).toBe("");
    expect(shown(join([sql`${1}`], ", "))).toBe("<0:1>");
    expect(shown(join([sql`${1}`, raw("b"), sql`${"c"}`], " and "))).toBe("<0:1> and b and <1:c>");
  });

  const value: fc.Arbitrary<SqlValue> = fc.oneof(fc.string(), fc.integer(), fc.bigInt());
  const { query } = fc.letrec<{ query: Sql }>((tie) => ({
    query: fc.oneof(
      { depthSize: "small" },
      fc.string().map(raw),
      value.map((bound) => sql`v ${bound}`),
      fc.tuple(tie("query"), value, tie("query")).map(([a, bound, b]) => sql`(${a} + ${bound} + ${b})`),
      fc.array(tie("query"), { maxLength: 3 }).map((parts) => join(parts, ", ")),
    ),
  }));

  test("text and values always alternate, and no value is ever part of the text", () =>
    fc.assert(
      fc.property(query, query, (a, b) => {
        const both = sql`${a} then ${b}`;
        expect(both.text.length).toBe(both.values.length + 1);
        expect(both.values).toEqual([...a.values, ...b.values]);
        const marked = (part: Sql): string => render(part, () => "?");
        expect(marked(both)).toBe(`${marked(a)} then ${marked(b)}`);
      }),
    ));
});
