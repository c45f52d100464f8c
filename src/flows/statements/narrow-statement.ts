import type { Statement } from "#analysis/statements/statement.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { Problem } from "#units/problems.ts";
import type { MonthStatement } from "./month-statement.ts";

/**
 * What one scope bears, and nothing of the others: it may be sent to its team.
 * @param scope null for what nobody owns
 * @throws Problem "option-invalid" if the statement has no such scope
 */
export function narrowStatement(month: MonthStatement, scope: string | null): MonthStatement {
  const names = [...new Set(month.statement.scopes.flatMap((each) => each.scope ?? []))];
  if (!month.statement.scopes.some((each) => each.scope === scope))
    throw new Problem(
      "option-invalid",
      `Nobody called "${scope ?? "nobody"}" bears anything of ${month.month}.${didYouMean(scope ?? "", names)}`,
      { hint: "The statement without --scope lists who does." },
    );
  const only = (statement: Statement): Statement => ({
    lines: statement.lines.filter((line) => line.scope === scope),
    scopes: statement.scopes.filter((each) => each.scope === scope),
    totals: [],
  });
  return {
    ...month,
    statement: only(month.statement),
    ...(month.before === undefined ? {} : { before: only(month.before) }),
    corrections: month.corrections.filter((each) => each.scope === scope),
    notSplit: month.notSplit.filter(({ split }) => split.from === scope),
  };
}
