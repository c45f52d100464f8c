import type { Check, PathFunction } from "#facts/requirement.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { cellSql, keyValue } from "./cell-sql.ts";

const pathFunctions = [
  "FormatJSON",
  "JSONCheckPathKeyExists",
  "JSONCheckPathKeyValueFormat",
  "JSONCheckPathNumericFormat",
  "JSONCheckPathUnitFormat",
  "JSONFormatString",
  "JSONFormatNumeric",
  "JSONFormatUnit",
  "JSONCheckPathType",
  "JSONCheckPathKeyStartsWith",
  "JSONCheckPathValue",
  "JSONCheckPathNotValue",
  "JSONCheckPathSameValue",
] as const;

/** A check of the elements of one JSON cell. */
export type PathCheck = Extract<Check, { fn: PathFunction | (typeof pathFunctions)[number] }>;

/** True for a check that looks into a JSON cell. */
export function isPathCheck(check: Check): check is PathCheck {
  return (pathFunctions as readonly string[]).includes(check.fn);
}

/**
 * True where every element of a JSON cell that meets the conditions is as asked, and where the cell is null. A cell that is no
 * JSON breaks FormatJSON alone: of what isn't there nothing else can be said.
 */
export function jsonSql(check: PathCheck, conditions: readonly PathCheck[]): string {
  const cell = quoted(check.column);
  const [base] = split(check.path);
  const elements = base.endsWith("[*]") ? `json_extract(${cell}, ${literal(base)})` : `[json(${cell})]`;
  const broken = [...conditions.map((each) => elementSql(each)), `not ${elementSql(check)}`].join(" and ");
  const good = `len(list_filter(${elements}, lambda e: ${broken})) = 0`;
  return `(case when ${cell} is null then true when not json_valid(${cell}) then ${check.fn !== "FormatJSON"} else ${good} end)`;
}

/** The place whose elements are looked at, and the key inside each of them. */
function split(path: string): [base: string, key: string | undefined] {
  const match = /^(.*\[\*\]|\$)(?:\.(.+))?$/.exec(path);
  return [match?.[1] ?? "$", match?.[2]];
}

/** Whether one element `e` is as a check asks; never null. */
function elementSql(check: PathCheck): string {
  const [base, key] = split(check.path);
  const inside = base !== "$";
  const value = key === undefined ? "e" : `json_extract(e, ${literal(`$.${key}`)})`;
  const text = key === undefined ? "(e ->> '$')" : `(e ->> ${literal(`$.${key}`)})`;
  const absent = `coalesce(json_type(${value}), 'NULL') = 'NULL'`;
  const orAbsent = (sql: string): string => `(${absent} or coalesce(${sql}, false))`;
  switch (check.fn) {
    case "FormatJSON":
      return `coalesce(json_type(${value}) = 'OBJECT', false)`;
    case "JSONCheckPathType": {
      const typed = `coalesce(json_type(${value}) in (${(jsonTypes[check.type] ?? []).map(literal).join(", ")}), false)`;
      // A key that an element doesn't have is another rule's matter; the root's key is this one's.
      return inside && key !== undefined ? orAbsent(typed) : typed;
    }
    case "JSONCheckPathKeyExists":
      return `(json_type(${value}) is not null)`;
    case "JSONCheckPathKeyValueFormat":
      return keyValue(`${value}::varchar`);
    case "JSONCheckPathKeyStartsWith": {
      const keys = check.keys.map(literal).join(", ");
      return `(len(list_filter(json_keys(${value}), lambda k: not starts_with(k, ${literal(check.prefix)}) and k not in (${keys}))) = 0)`;
    }
    case "JSONCheckPathValue":
      return check.value === null ? `(${absent})` : `coalesce(${text} = ${literal(check.value)}, false)`;
    case "JSONCheckPathNotValue":
      return check.value === null ? `(not ${absent})` : `coalesce(${text} <> ${literal(check.value)}, true)`;
    case "JSONCheckPathSameValue":
      return orAbsent(`${text} = ${quoted(check.other)}`);
    case "JSONCheckPathNumericFormat":
    case "JSONFormatNumeric":
      return orAbsent(cellSql("FormatNumeric", text, false));
    case "JSONCheckPathUnitFormat":
    case "JSONFormatUnit":
      return orAbsent(cellSql("FormatUnit", text, false));
    case "JSONFormatString":
      return orAbsent(cellSql("FormatString", text, false));
  }
}

const jsonTypes: Readonly<Record<string, readonly string[]>> = {
  Array: ["ARRAY"],
  Object: ["OBJECT"],
  String: ["VARCHAR"],
  Decimal: ["BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"],
};
