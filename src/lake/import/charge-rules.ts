import { type FocusColumn, focusColumns, requiredColumns } from "#facts/focus-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { ProblemCode } from "#units/problems.ts";
import { emptyFault } from "./check-cells.ts";
import type { Forbidden } from "./offences.ts";

const holds = { decimal: "amount", time: "time", string: "currency" } as const;

/** What no finished charge may be: only then it shows whether a period ends before it starts, or an expression came out empty. */
export const chargeRules: Forbidden[] = [
  rule("ChargePeriodEnd", `"ChargePeriodEnd" < "ChargePeriodStart"`, "period-invalid", "is before its start"),
  rule(
    "BillingPeriodEnd",
    `"BillingPeriodEnd" <= "BillingPeriodStart"`,
    "period-invalid",
    "is not after its start",
  ),
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

function rule(column: FocusColumn, condition: string, code: ProblemCode, what: string): Forbidden {
  const isTime = focusColumns[column].type === "time";
  const shown = isTime ? { shown: `strftime(${quoted(column)}, '%Y-%m-%dT%H:%M:%SZ')` } : {};
  return { column, condition, ...shown, explain: () => ({ code, what }) };
}
