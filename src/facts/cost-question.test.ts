import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chargeColumnNames, chargeColumnType } from "./charge-columns.ts";
import { dimensionName, measures, parseDimension, parseFilter, parseMeasure } from "./cost-question.ts";

const anyCase = (name: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }).map((upper) =>
    Array.from(name)
      .map((letter, index) => (upper[index] ? letter.toUpperCase() : letter.toLowerCase()))
      .join(""),
  );
const columns = chargeColumnNames.filter((name) => chargeColumnType(name) !== "map");
const keys = fc
  .string({ minLength: 1, maxLength: 20, unit: "grapheme" })
  .filter((key) => !/[\n\r\u2028\u2029]/.test(key));
const names = fc.oneof(
  fc.constantFrom(...columns),
  fc.tuple(fc.constantFrom("tag", "detail", "extra"), keys).map(([kind, key]) => `${kind}:${key}`),
);

describe("dimensions", () => {
  test.each([
    ["ServiceName", { kind: "column", column: "ServiceName" }],
    ["servicename", { kind: "column", column: "ServiceName" }],
    ["Team", { kind: "column", column: "x_Team" }],
    ["x_team", { kind: "column", column: "x_Team" }],
    ["tag:cost center", { kind: "tag", key: "cost center" }],
    ["tag:a:b=c", { kind: "tag", key: "a:b=c" }],
    ["detail:GpuCount", { kind: "detail", key: "GpuCount" }],
    ["extra:x_Note", { kind: "extra", key: "x_Note" }],
  ])("%s", (text, expected) => expect(parseDimension(text)).toEqual(expected));

  test("the name of a dimension reads as that dimension", () =>
    fc.assert(fc.property(names, (name) => dimensionName(parseDimension(name)) === name)));

  test("columns are found in any case", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...columns).chain((name) => fc.tuple(fc.constant(name), anyCase(name))),
        ([name, typed]) => dimensionName(parseDimension(typed)) === name,
      ),
    ));

  test.each([
    ["ServicName", "Did you mean ServiceName?"],
    ["regionid2", "Did you mean RegionId?"],
    ["Teem", "Did you mean x_Team?"],
    ["tag:", 'There is no column "tag:".'],
    ["qqqqqqqqqqqq", 'There is no column "qqqqqqqqqqqq".'],
    // The parsed tags are no single value; a tag is asked for by its key.
    ["x_Tags", 'There is no column "x_Tags".'],
  ])("%s is unknown", (text, message) =>
    expect(() => parseDimension(text)).toThrow(
      expect.objectContaining({
        code: "column-unknown",
        message: expect.stringContaining(message) as string,
      }),
    ),
  );
});

describe("measures", () => {
  test.each([
    ["EffectiveCost", "EffectiveCost"],
    ["effectivecost", "EffectiveCost"],
    ["GpuHours", "x_GpuHours"],
    ["tokens", "x_Tokens"],
  ])("%s is %s", (text, expected) => expect(parseMeasure(text)).toBe(expected));

  test("every measure is a column or the count of charges", () => {
    for (const measure of measures)
      expect(
        measure === "x_Charges" || chargeColumnType(measure as (typeof columns)[number]) === "decimal",
      ).toBe(true);
  });

  test("a mistyped measure is answered with the nearest", () =>
    expect(() => parseMeasure("BiledCost")).toThrow(
      expect.objectContaining({
        code: "measure-unknown",
        message: 'There is no measure "BiledCost". Did you mean BilledCost?',
      }),
    ));
});

describe("filters", () => {
  const service = { kind: "column", column: "ServiceName" };

  test.each([
    ["ServiceName=Compute", { kind: "is", dimension: service, values: ["Compute"] }],
    ["ServiceName=a|b", { kind: "is", dimension: service, values: ["a", "b"] }],
    ["ServiceName=a\\|b|c", { kind: "is", dimension: service, values: ["a|b", "c"] }],
    ["ServiceName!=a\\|b", { kind: "is-not", dimension: service, values: ["a|b"] }],
    ["ServiceName~a\\|b", { kind: "contains", dimension: service, part: "a|b" }],
    ["ServiceName~a|b", { kind: "contains", dimension: service, part: "a|b" }],
    ["ServiceName=", { kind: "is", dimension: service, values: [""] }],
    ["ServiceName = x", { kind: "is", dimension: service, values: [" x"] }],
    ["ServiceName!=a=b", { kind: "is-not", dimension: service, values: ["a=b"] }],
    ["ServiceName~S3?", { kind: "contains", dimension: service, part: "S3?" }],
    ["ServiceName=why?", { kind: "is", dimension: service, values: ["why?"] }],
    ["ServiceName=two\nlines", { kind: "is", dimension: service, values: ["two\nlines"] }],
    ["ServiceName?", { kind: "exists", dimension: service }],
    ["!ServiceName?", { kind: "missing", dimension: service }],
    ["tag:team?", { kind: "exists", dimension: { kind: "tag", key: "team" } }],
    ["!tag:cost center?", { kind: "missing", dimension: { kind: "tag", key: "cost center" } }],
  ])("%j", (text, expected) => expect(parseFilter(text)).toEqual(expected));

  test.each(["ServiceName", "", "=x", "?"])("%j is no filter", (text) =>
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: "filter-invalid" })),
  );

  test("a filter by a name that does not exist says which", () =>
    expect(() => parseFilter("Servise=x")).toThrow(expect.objectContaining({ code: "column-unknown" })));

  test("any value of any dimension can be asked for", () =>
    fc.assert(
      fc.property(
        names.filter((name) => !/[=!~?]/.test(name) && name.trim() === name),
        fc.constantFrom("=", "!="),
        fc.array(
          fc.string({ unit: "grapheme" }).filter((value) => !value.includes("|") && !value.endsWith("\\")),
          { minLength: 1, maxLength: 3 },
        ),
        (name, sign, values) => {
          const filter = parseFilter(`${name}${sign}${values.join("|")}`);
          // `Column=value?` is a value that ends with a question mark; only `Column?` asks whether there is one.
          expect(filter).toEqual({
            kind: sign === "=" ? "is" : "is-not",
            dimension: parseDimension(name),
            values,
          });
        },
      ),
    ));
});
