import { openStore, withStore } from "#store/open-store.ts";
import { closeStatement as keepClosed } from "#store/statements.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { Problem } from "#units/problems.ts";
import { freeze } from "./frozen-statement.ts";
import { monthStatement, type MonthStatement, type StatementAsked } from "./month-statement.ts";

/**
 * Closes a month's statement for ever, with an audit row: what is restated later is a correction in the next one.
 * @returns the statement as it is closed, and false if it was already
 * @throws Problem "statement-open" while a billing period of the month is open, and those of `monthStatement`
 */
export async function closeMonth(
  where: StoreWhere,
  asked: StatementAsked,
  by: { readonly actor: string; readonly at: number },
): Promise<{ statement: MonthStatement; closed: boolean }> {
  const month = await monthStatement(where, asked);
  if (month.closed !== undefined) return { statement: month, closed: false };
  if (month.open.length > 0) {
    const sources = month.open.map(({ source }) => source).join(", ");
    throw new Problem(
      "statement-open",
      `${asked.month} is still open for ${sources}: its statement can't be closed.`,
      {
        hint: `Close the books first: ${month.open.map(({ source, billingPeriod }) => `plimsoll periods close --source ${source} --period ${billingPeriod}`).join("; ")}.`,
      },
    );
  }
  await withStore(openStore(where), (store) =>
    keepClosed(store, by, { scope: asked.key, period: asked.month, content: freeze(month) }),
  );
  return { statement: await monthStatement(where, asked), closed: true };
}
