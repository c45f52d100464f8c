import type { CellFunction, Check } from "#facts/requirement.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { cellSql } from "./cell-sql.ts";
import { isPathCheck, jsonSql } from "./json-sql.ts";

/** What a check may know of a row. Each is SQL; how it is computed, and how often, is the caller's. */
export interface Cells {
  /** True where the cell is null. */
  isNull(column: string): string;
  /** The cell's text if a check compares it with a text; another text that no check knows, if none does. */
  text(column: string): string;
  /** An expression over the delivered cells themselves. */
  test(sql: string): string;
  /** True if the delivery has types of its own. */
  readonly typed: boolean;
}

/** FOCUS calls the products exact; providers round prices and costs on their own. The official validator's tolerance. */
const TOLERANCE = "1e-9";

/**
 * A check as SQL that is true or false of every row, never null.
 * @param asked true for what a rule asks, which a null cell can't break unless null itself is asked about; false for a condition,
 * which a null cell doesn't meet
 */
export function rowSql(check: Check, cells: Cells, asked: boolean): string {
  const or = (sql: string): string => cells.test(`coalesce(${sql}, ${asked})`);
  const number = (column: string): string => `try_cast(${quoted(column)} as double)`;
  if (isPathCheck(check)) return cells.test(jsonSql(check, []));
  switch (check.fn) {
    case "AND":
    case "OR":
      return `(${(check.items ?? []).map((item) => rowSql(item, cells, asked)).join(check.fn === "AND" ? " and " : " or ")})`;
    case "CheckValue":
      if (check.value === null) return cells.isNull(check.column);
      if (typeof check.value === "number") return or(`${number(check.column)} = ${check.value}`);
      return `coalesce(${cells.text(check.column)} = ${literal(check.value)}, ${asked})`;
    case "CheckNotValue":
      if (check.value === null) return `not ${cells.isNull(check.column)}`;
      if (typeof check.value === "number")
        return cells.test(`coalesce(${number(check.column)} <> ${check.value}, true)`);
      return `coalesce(${cells.text(check.column)} <> ${literal(check.value)}, true)`;
    case "ValuesIn": {
      const cell = (texts: readonly string[]): string =>
        texts.length === 1 ? `${texts[0]}` : `(${texts.join(", ")})`;
      const values = check.values.map((row) => cell(row.map(literal))).join(", ");
      const anyNull = check.columns.map((column) => cells.isNull(column)).join(" or ");
      return `(case when ${anyNull} then ${asked} else ${cell(check.columns.map((column) => cells.text(column)))} in (${values}) end)`;
    }
    case "CheckGreaterOrEqualThanValue":
      return or(`${number(check.column)} >= ${check.value}`);
    case "CheckSameValue":
      return or(`${quoted(check.column)} = ${quoted(check.other)}`);
    case "CheckNotSameValue":
      return or(`${quoted(check.column)} <> ${quoted(check.other)}`);
    case "ColumnByColumnEqualsColumnValue": {
      const [a, b, result] = [number(check.column), number(check.other), number(check.result)];
      return or(`abs(${a} * ${b} - ${result}) <= ${TOLERANCE} * greatest(abs(${result}), 1)`);
    }
    case "ColumnPresent":
    case "CustomColumnPrefix":
    case "CheckModelRule":
    case "CheckDistinctCount":
    case "JSONCheckPathDistinctParent":
      throw new Error(`${check.fn} is not a check of one row.`);
    default:
      if (check.fn === "TypeString") return "true";
      return or(cellSql(check.fn, textOf(check.fn, check.column), cells.typed));
  }
}

/** Only the rule on strings sees an empty text; for the others it is null. */
function textOf(fn: CellFunction, column: string): string {
  return fn === "FormatString" ? quoted(column) : `nullif(${quoted(column)}, '')`;
}
