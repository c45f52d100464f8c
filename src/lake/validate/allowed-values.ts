import type { Check, Requirement, RequirementModel } from "#facts/requirement.ts";

/**
 * The columns that may hold only certain values, and those values.
 * @param model the requirement model that lists them
 */
export function allowedValues({ rules }: RequirementModel): ReadonlyMap<string, readonly string[]> {
  return new Map(rules.flatMap((rule) => closedList(rule) ?? []));
}

function closedList({ check, when, keyword }: Requirement): [string, readonly string[]][] | undefined {
  if (keyword !== "MUST" || check === undefined) return undefined;
  if (check.fn === "ValuesIn" && check.columns.length === 1 && when === undefined) {
    return check.columns.map((column) => [column, check.values.flat()]);
  }
  // A list of one: ChargeClass is "Correction" or nothing.
  if (check.fn === "CheckValue" && typeof check.value === "string" && isFilled(when, check.column)) {
    return [[check.column, [check.value]]];
  }
  return undefined;
}

const isFilled = (when: Check | undefined, column: string): boolean =>
  when?.fn === "CheckNotValue" && when.value === null && when.column === column;
