import { type FocusColumn, focusColumns, requiredColumns } from "#facts/focus-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { ProblemCode } from "#units/problem-codes.ts";
import { emptyFault } from "./check-cells.ts";
import type { Forbidden } from "./offences.ts";

const holds = { decimal: "amount", time: "time", string: "currency" } as const;

/** What no finished charge may be: only then it shows whether a period ends before it starts, or an expression came out empty. */
export const chargeRules: Forbidden[] = [
  endRule("ChargePeriodEnd", "ChargePeriodStart", "<", "is before"),
  // A charge may be of one moment, a billing period holds charges.
  endRule("BillingPeriodEnd", "BillingPeriodStart", "<=", "is not after"),
  rule(
    "BillingCurrency",
    `not regexp_full_match("BillingCurrency", '[A-Z]{3}')`,
    "currency-invalid",
    "is not an ISO 4217 code",
  ),
  ...requiredColumns.map((column) => {
    const { code, what } = emptyFault(holds[focusColumns[column].type]);
    return rule(column, `${quoted(column)} is null`, code, what);
  }),
];

/** @param wrong how the end may not stand to the start, in SQL and in words */
function endRule(column: FocusColumn, start: FocusColumn, wrong: "<" | "<=", words: string): Forbidden {
  return {
    column,
    condition: `${quoted(column)} ${wrong} ${quoted(start)}`,
    shown: timeText(column),
    beside: timeText(start),
    explain: (_, startsAt) => ({
      code: "period-invalid",
      what: `${words} the ${start} of the same row, "${startsAt ?? ""}" (both in UTC), so there is no period to book it in`,
    }),
  };
}

function timeText(column: FocusColumn): string {
  return `strftime(${quoted(column)}, '%Y-%m-%dT%H:%M:%SZ')`;
}

function rule(column: FocusColumn, condition: string, code: ProblemCode, what: string): Forbidden {
  const isTime = focusColumns[column].type === "time";
  const shown = isTime ? { shown: timeText(column) } : {};
  return { column, condition, ...shown, explain: () => ({ code, what }) };
}
