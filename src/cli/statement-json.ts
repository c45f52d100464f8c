import type { MonthStatement } from "#flows/statements/month-statement.ts";
import { formatInstant } from "#units/instant.ts";
import { csv } from "./csv.ts";
import { exact, remarksOf, rowsOf, sumRowsOf, type Sums } from "./statement-rows.ts";

const sumsJson = ({ billed, effective }: Sums): object => ({
  BilledCost: exact(billed),
  EffectiveCost: exact(effective),
});

type Scopes = MonthStatement["statement"]["scopes"];
const scopesJson = (scopes: Scopes): object[] =>
  scopes.map((each) => ({
    scope: each.scope,
    currency: each.currency,
    direct: sumsJson(each.direct),
    commitments: sumsJson(each.commitments),
    shared: sumsJson(each.shared),
    credits: sumsJson(each.credits),
    corrections: sumsJson(each.corrections),
    total: sumsJson(each.total),
  }));

/** A statement as JSON: amounts are exact decimal strings, null is unknown, scope null is what nobody owns. */
export function statementJson(asked: MonthStatement): object {
  return {
    month: asked.month,
    key: asked.key,
    provisional: asked.closed === undefined && asked.open.length > 0,
    closed: asked.closed === undefined ? null : { ...asked.closed, at: formatInstant(asked.closed.at) },
    open: asked.open.map(({ source, billingPeriod }) => ({ source, billingPeriod })),
    remarks: remarksOf(asked),
    scopes: scopesJson(asked.statement.scopes),
    rows: asked.statement.lines.map(({ sums, ...line }) => ({ ...line, ...sumsJson(sums) })),
    invoiced: asked.statement.totals.map(({ currency, sums }) => ({ currency, ...sumsJson(sums) })),
    sums: asked.sums.map(({ currency, invoiced, corrections, borne, parts }) => ({
      currency,
      invoiced: sumsJson(invoiced),
      corrections: sumsJson(corrections),
      borne: sumsJson(borne),
      parts: {
        direct: sumsJson(parts.direct),
        commitments: sumsJson(parts.commitments),
        shared: sumsJson(parts.shared),
        credits: sumsJson(parts.credits),
      },
    })),
    changes: asked.changes.map(({ scope, currency, kind, before, moved }) => ({
      scope,
      currency,
      kind,
      before: sumsJson(before),
      moved: sumsJson(moved),
    })),
    monthBefore: asked.before === undefined ? null : scopesJson(asked.before.scopes),
  };
}

/**
 * A statement's lines as CSV, safe to open in a spreadsheet, then the sums that they add up to as rows of the kind `sum`. A cell of nobody is
 * empty, so that no team can be taken for it.
 */
export function statementCsv(asked: MonthStatement): string {
  const sums = sumRowsOf(asked).map(({ what, currency, sums: { billed, effective } }) => ({
    month: asked.month,
    scope: null,
    kind: "sum",
    what,
    currency,
    effective: exact(effective),
    billed: exact(billed),
    charges: null,
  }));
  return csv(
    ["month", asked.key, "kind", "what", "BillingCurrency", "EffectiveCost", "BilledCost", "charges"],
    [...rowsOf(asked), ...sums].map((row) => ({
      month: row.month,
      [asked.key]: row.scope,
      kind: row.kind,
      what: row.what,
      BillingCurrency: row.currency,
      EffectiveCost: row.effective,
      BilledCost: row.billed,
      charges: row.charges,
    })),
  );
}
