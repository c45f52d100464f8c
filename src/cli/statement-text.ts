import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { bold, dim, yellow } from "./colors.ts";
import { DETAIL_HEAD, DETAIL_WORDS, detailOf } from "./statement-detail.ts";
import { commitmentRemarks, remarksOf, scopeName, SUMMARY_WORDS, summaryOf } from "./statement-rows.ts";
import { table } from "./table.ts";

/**
 * A statement for people: what each scope bears, then what it is made of if one is asked for.
 * @param scope the one that was asked for, null for what nobody owns; undefined for all
 */
export function statementText(statement: MonthStatement, scope: string | null | undefined): string {
  const { head, rows } = summaryOf(statement);
  const outstanding = new Set(rows.flatMap(({ kind }, index) => (kind === "sum" ? [index] : [])));
  const parts = [
    bold(`Statement of ${statement.month} by ${statement.key}`),
    table(
      head,
      rows.map(({ cells }) => cells.map(({ text }) => text)),
      head.map((_, index) => index >= SUMMARY_WORDS),
      { bold: outstanding },
    ),
    ...(scope === undefined ? [] : [bold(`What ${scopeName(scope)} bears`), detailTable(statement, scope)]),
    ...remarksOf(statement).map((remark) => yellow(remark)),
    ...commitmentRemarks(statement),
    dim(
      "What all bear adds up to what was invoiced and corrected, unit for unit; --csv and --json give every line exactly.",
    ),
  ];
  return `${parts.join("\n")}\n`;
}

function detailTable(statement: MonthStatement, scope: string | null): string {
  const rows = detailOf(statement, scope);
  if (rows.length === 0) return "Nothing this month.\n";
  const outstanding = new Set(
    rows.flatMap(({ kind }, index) => (kind === "sum" || kind === "total" ? [index] : [])),
  );
  return table(
    DETAIL_HEAD,
    rows.map(({ cells }) => cells.map(({ text }) => text)),
    DETAIL_HEAD.map((_, index) => index >= DETAIL_WORDS),
    { bold: outstanding },
  );
}
