import type { Statement } from "#analysis/statements/statement.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { Problem } from "#units/problems.ts";
import type { MonthStatement, ScopeShare } from "./month-statement.ts";

/**
 * What one scope bears, and nothing of the others: it may be sent to its team. One that bore something the month before and is gone has no line.
 * @param scope null for what nobody owns
 * @throws Problem "option-invalid" if the statement has no such scope
 */
export function narrowStatement(month: MonthStatement, scope: string | null): MonthStatement {
  const all = [...month.statement.scopes, ...month.changes];
  if (!all.some((each) => each.scope === scope)) throw nobodyCalled(scope, month.month, all);
  const only = (statement: Statement): Statement => ({
    lines: statement.lines.filter((line) => line.scope === scope),
    scopes: statement.scopes.filter((each) => each.scope === scope),
    totals: [],
  });
  return {
    ...month,
    shares: sharesOf(month.statement, scope),
    statement: only(month.statement),
    ...(month.before === undefined ? {} : { before: only(month.before) }),
    changes: month.changes.filter((each) => each.scope === scope),
    sums: [],
    corrections: month.corrections.filter((each) => each.scope === scope),
    notSplit: month.notSplit.filter(({ split }) => split.from === scope),
  };
}

/** Who gets a part of a shared cost must see of how much, or can't check it. */
function sharesOf({ lines }: Statement, scope: string | null): ScopeShare[] {
  return lines
    .filter((line) => line.kind === "shared" && line.scope === scope)
    .map(({ what, currency, sums }) => {
      const given = lines.filter(
        (line) => line.kind === "given" && line.scope === what && line.currency === currency,
      );
      const of = given.reduce((sum, line) => sum - (line.sums.effective ?? 0n), 0n);
      return { from: what, currency, got: sums.effective ?? 0n, of };
    });
}

function nobodyCalled(
  scope: string | null,
  month: string,
  all: readonly { readonly scope: string | null }[],
): Problem {
  if (scope === null)
    return new Problem("option-invalid", `Everything of ${month} has an owner: nothing is unallocated.`);
  const names = [...new Set(all.flatMap((each) => each.scope ?? []))];
  const rest = /^\W*(unallocated|nobody|none)\W*$/i.test(scope);
  return new Problem(
    "option-invalid",
    `Nobody called "${scope}" bears anything of ${month}.${didYouMean(scope, names)}`,
    {
      hint: rest
        ? "What nobody owns is asked for by --unallocated; --scope names a team, whatever it is called."
        : "The statement without --scope lists who does.",
    },
  );
}
