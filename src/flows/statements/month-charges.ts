import type { CostQuestion } from "#facts/cost-question.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";

/** Which charges a month is: the part of a question that says so, and the billing periods of the lake that hold them. */
export interface MonthCharges extends Pick<CostQuestion, "window" | "time" | "spread" | "role"> {
  readonly only: (period: LakePeriod) => boolean;
}

/**
 * The charges that were invoiced in a month.
 * @throws Problem "window-invalid"
 */
export function monthCharges(month: string): MonthCharges {
  // Which invoices belong to a month the lake knows; a period in local time may start before it.
  const { start } = monthWindow(month);
  return {
    window: { start: start - 400 * DAY, end: start + 400 * DAY },
    time: "billing",
    spread: false,
    role: "invoice",
    only: ({ billingPeriod }) => billingPeriod === month,
  };
}

/** @throws Problem "window-invalid" */
export function monthWindow(month: string): CostQuestion["window"] {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
    throw new Problem("window-invalid", `"${month}" is no month.`, { hint: "Write a month as 2026-07." });
  return parsePeriod(month, 0);
}

const DAY = 86_400_000;
