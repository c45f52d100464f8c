import { describe, expect, test } from "vitest";
import {
  addedColumnNames,
  chargeColumnNames,
  chargeColumnType,
  findChargeColumn,
  promotedTags,
} from "./charge-columns.ts";
import {
  columnAliases,
  costColumns,
  focusColumnNames,
  isFocusColumn,
  requiredColumns,
  valueAliases,
} from "./focus-columns.ts";
import { rollupDimensions, rollupMeasures } from "./rollup-columns.ts";
import { literal, quoted } from "./source-mapping.ts";

describe("the columns of a charge", () => {
  test("no name is there twice, whatever its case, with or without the prefix", () => {
    const bare = chargeColumnNames.map((name) => name.toLowerCase().replace(/^x_/, ""));
    // x_Tags is Tags parsed; asking for Tags means the delivered text.
    expect(bare.filter((name, index) => bare.indexOf(name) !== index)).toEqual(["tags"]);
    expect(findChargeColumn("tags")).toBe("Tags");
  });

  test("what FOCUS does not define carries FOCUS's prefix for custom columns", () => {
    for (const name of addedColumnNames) expect(name).toMatch(/^x_[A-Z]/);
    for (const name of focusColumnNames) expect(name).not.toMatch(/^x_/);
  });

  test("an older name never shadows a column or another older name", () => {
    const older = Object.values(columnAliases).flat();
    expect(new Set(older).size).toBe(older.length);
    expect(older.filter(isFocusColumn)).toEqual([]);
    for (const values of Object.values(valueAliases))
      for (const today of Object.values(values)) expect(Object.keys(values)).not.toContain(today);
  });

  test("costs and rolled-up measures are decimals, required columns are costs, currency and periods", () => {
    for (const name of [...costColumns, ...rollupMeasures]) expect(chargeColumnType(name)).toBe("decimal");
    for (const name of requiredColumns) expect(chargeColumnType(name)).toMatch(/decimal|time|string/);
    for (const name of rollupDimensions) expect(chargeColumnNames).toContain(name);
  });

  test("no spelling of a tag counts as two columns", () => {
    const spellings = Object.values(promotedTags).flat();
    expect(new Set(spellings).size).toBe(spellings.length);
    for (const spelling of spellings) expect(spelling).toMatch(/^[a-z]+$/);
  });
});

test("names and texts are quoted so that SQL reads them as one word", () => {
  expect(quoted('a"b')).toBe('"a""b"');
  expect(literal("it's")).toBe("'it''s'");
});
