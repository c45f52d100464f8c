import type { Check } from "#facts/requirement.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Cells } from "./row-sql.ts";

/** A text that stands for every text that no check compares with. */
const OTHER = "\u0001";

/**
 * Cells whose every different use becomes one column of a narrow table: a text only as far as checks compare with it, all else as
 * true or false. Rows that look alike there are counted together, and rules are judged on those few.
 */
export interface CollectedCells extends Cells {
  /** `expression as name` for every column used so far. */
  columns(): string[];
}

/** @param checks all that will be asked, so that it is known which texts they compare with */
export function collectCells(checks: readonly Check[], typed: boolean): CollectedCells {
  const texts = comparedTexts(checks);
  const names = new Map<string, string>();
  const named = (sql: string): string => {
    const name = names.get(sql) ?? `c${names.size}`;
    names.set(sql, name);
    return name;
  };
  const text = (column: string): string => {
    const list = [...(texts.get(column) ?? [])].map(literal).join(", ");
    const x = quoted(column);
    return named(
      `case when ${isEmpty(column)} then null when ${x} in (${list}) then ${x} else ${literal(OTHER)} end`,
    );
  };
  return {
    typed,
    text,
    test: named,
    isNull: (column) => (texts.has(column) ? `(${text(column)} is null)` : named(isEmpty(column))),
    columns: () => [...names].map(([sql, name]) => `${sql} as ${name}`),
  };
}

/**
 * An empty text is an absent value, as it will be in the lake. That it is written so instead of null is told once, by the rule on
 * its format, and not again by every rule on null.
 */
export const isEmpty = (column: string): string => `coalesce(${quoted(column)}, '') = ''`;

function comparedTexts(checks: readonly Check[]): Map<string, Set<string>> {
  const texts = new Map<string, Set<string>>();
  const add = (column: string, value: string): void => {
    texts.set(column, (texts.get(column) ?? new Set()).add(value));
  };
  const visit = (check: Check): void => {
    if (check.fn === "AND" || check.fn === "OR") check.items?.forEach(visit);
    else if (check.fn === "ValuesIn")
      check.values.forEach((row) => row.forEach((value, index) => add(check.columns[index] ?? "", value)));
    else if ((check.fn === "CheckValue" || check.fn === "CheckNotValue") && typeof check.value === "string")
      add(check.column, check.value);
  };
  checks.forEach(visit);
  return texts;
}
