import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { formatInstant } from "#units/instant.ts";
import { csv } from "./csv.ts";
import { exact, remarksOf, rowsOf, UNALLOCATED } from "./statement-rows.ts";

type Sums = MonthStatement["statement"]["totals"][number]["sums"];
const sumsJson = ({ billed, effective }: Sums): object => ({
  BilledCost: exact(billed),
  EffectiveCost: exact(effective),
});

/** A statement as JSON: amounts are exact decimal strings, null is unknown, scope null is what nobody owns. */
export function statementJson(asked: MonthStatement): object {
  const scopes = (statement: MonthStatement["statement"]): object[] =>
    statement.scopes.map((each) => ({
      scope: each.scope,
      currency: each.currency,
      direct: sumsJson(each.direct),
      shared: sumsJson(each.shared),
      credits: sumsJson(each.credits),
      corrections: sumsJson(each.corrections),
      total: sumsJson(each.total),
    }));
  return {
    month: asked.month,
    key: asked.key,
    provisional: asked.closed === undefined && asked.open.length > 0,
    closed: asked.closed === undefined ? null : { ...asked.closed, at: formatInstant(asked.closed.at) },
    open: asked.open.map(({ source, billingPeriod }) => ({ source, billingPeriod })),
    remarks: remarksOf(asked),
    scopes: scopes(asked.statement),
    rows: asked.statement.lines.map(({ sums, ...line }) => ({ ...line, ...sumsJson(sums) })),
    invoiced: asked.statement.totals.map(({ currency, sums }) => ({ currency, ...sumsJson(sums) })),
    monthBefore: asked.before === undefined ? null : scopes(asked.before),
  };
}

/** A statement's lines as CSV, safe to open in a spreadsheet. */
export const statementCsv = (asked: MonthStatement): string =>
  csv(
    ["month", asked.key, "kind", "what", "BillingCurrency", "EffectiveCost", "BilledCost", "charges"],
    rowsOf(asked).map((row) => ({
      month: row.month,
      // A cell of nobody is empty, so that no team can be taken for it.
      [asked.key]: row.scope === UNALLOCATED ? null : row.scope,
      kind: row.kind,
      what: row.what,
      BillingCurrency: row.currency,
      EffectiveCost: row.effective,
      BilledCost: row.billed,
      charges: row.chargeCount,
    })),
  );
