import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { bold, dim, yellow } from "./colors.ts";
import { remarksOf, rowsOf, SUMMARY_WORDS, summaryOf } from "./statement-rows.ts";
import { table } from "./table.ts";

/** A statement for people: what each scope bears, then what it is made of if one is asked for. */
export function statementText(statement: MonthStatement, scope: string | undefined): string {
  const { head, scopes, sums } = summaryOf(statement);
  const right = head.map((_, index) => index >= SUMMARY_WORDS);
  const outstanding = new Set(sums.map((_, index) => scopes.length + index));
  const parts = [
    bold(`Statement of ${statement.month} by ${statement.key}`),
    table(head, [...scopes, ...sums], right, { bold: outstanding }),
    ...(scope === undefined ? [] : [bold(`What ${scope} bears`), linesTable(statement, scope)]),
    ...remarksOf(statement).map((remark) => yellow(remark)),
    dim(
      "What all bear adds up to what was invoiced and corrected, unit for unit; --csv and --json give every line exactly.",
    ),
  ];
  return `${parts.join("\n")}\n`;
}

function linesTable(statement: MonthStatement, scope: string): string {
  const rows = rowsOf(statement)
    .filter((row) => row.scope === scope)
    .map((row) => [row.kind, row.what, row.currency, row.effectiveShort, row.billedShort, row.charges]);
  const head = ["Kind", "What", "Currency", "EffectiveCost", "BilledCost", "Charges"];
  return table(head, rows, [false, false, false, true, true, true]);
}
