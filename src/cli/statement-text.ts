import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { bold, dim, yellow } from "./colors.ts";
import { amount } from "./format.ts";
import { changeOf, remarksOf, rowsOf, scopeName, total } from "./statement-rows.ts";
import { table } from "./table.ts";

/** A statement for people: what each scope bears, then what it is made of if one is asked for. */
export function statementText(statement: MonthStatement, scope: string | undefined): string {
  const corrected = statement.corrections.length > 0;
  const rows = statement.statement.scopes.map((each) => [
    scopeName(each.scope),
    each.currency,
    total(each.direct),
    total(each.shared),
    total(each.credits),
    ...(corrected ? [total(each.corrections)] : []),
    total(each.total),
    changeOf(statement, each),
    each.total.billed === undefined ? "unknown" : amount(each.total.billed),
  ]);
  const totals = statement.statement.totals.map(({ currency, sums }) => [
    "Invoiced",
    currency,
    "",
    "",
    "",
    ...(corrected ? [""] : []),
    total(sums),
    "",
    sums.billed === undefined ? "unknown" : amount(sums.billed),
  ]);
  const head = [
    statement.key,
    "Currency",
    "Own",
    "Shared",
    "Credits",
    ...(corrected ? ["Corrections"] : []),
    "EffectiveCost",
    "Month before",
    "BilledCost",
  ];
  const right = head.map((_, index) => index > 1);
  const outstanding = new Set(totals.map((_, index) => rows.length + index));
  const parts = [
    bold(`Statement of ${statement.month} by ${statement.key}`),
    table(head, [...rows, ...totals], right, { bold: outstanding }),
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
