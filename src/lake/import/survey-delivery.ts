import { type CostColumn, costColumns } from "#facts/focus-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { sumOfKnown } from "#lake/totals.ts";
import { chargeRules } from "./charge-rules.ts";
import type { CheckedCells } from "./check-cells.ts";
import { chargesSql, type Declared, type Group } from "./delivery-sql.ts";
import { firstOffences, refuseOffences } from "./offences.ts";

/** Exact sums of one currency; null where no charge has a value. */
export type Totals = Record<CostColumn, string | null>;

/** What one billing period of a delivery holds. */
export interface PeriodTotals {
  /** YYYY-MM: the month that holds the middle of the billing period, so that a period in local time is named rightly. */
  readonly billingPeriod: string;
  /** Starts of the billing periods that were delivered for the month, as the engine writes them. */
  readonly billedFrom: readonly string[];
  readonly rows: number;
  readonly charges: { readonly start: number; readonly end: number };
  readonly totals: Record<string, Totals>;
  /** Rows without a value, per cost column: unknown is counted, never taken for zero. */
  readonly unknown: Record<CostColumn, number>;
}

/** The month that holds the middle of the billing period. */
export const monthSql = `strftime("BillingPeriodStart" + ("BillingPeriodEnd" - "BillingPeriodStart") / 2, '%Y-%m')`;

/**
 * Rows and sums per billing period and currency, of charges in their types.
 * @param more further aggregates
 */
export function totalsSql(relation: string, more: readonly string[] = []): string {
  const sums = costColumns.map((column) => `sum(${quoted(column)})::varchar as ${quoted(column)}`);
  const unknown = costColumns.map(
    (column) => `count(*) - count(${quoted(column)}) as ${quoted(`unknown_${column}`)}`,
  );
  // Periods are named after they are grouped, not once a row.
  return `select ${monthSql} as period, "BillingPeriodStart"::varchar as billed_from, * exclude ("BillingPeriodStart", "BillingPeriodEnd") from (
      select "BillingPeriodStart", "BillingPeriodEnd", "BillingCurrency" as currency, count(*)::bigint as n,
        epoch_ms(min("ChargePeriodStart")) as first, epoch_ms(max("ChargePeriodEnd")) as last, ${[...sums, ...unknown, ...more].join(", ")}
      from ${relation} group by "BillingPeriodStart", "BillingPeriodEnd", "BillingCurrency") order by period, currency, billed_from`;
}

/** Charges behind a rollup and its sums, per currency. */
export function rollupTotalsSql(relation: string): string {
  const sums = costColumns.map((column) => `sum(${quoted(column)})::varchar as ${quoted(column)}`);
  return `select "BillingCurrency" as currency, sum(n_Charges)::bigint as n, ${sums.join(", ")} from ${relation} group by all order by 1`;
}

/**
 * What a delivery holds, from its parsed cells, in one look at the finished charges.
 * @param checked what each group's cells told
 * @throws Problem "period-invalid", "currency-invalid" and the like for a charge that can't be, "totals-differ"
 */
export async function surveyDelivery(
  db: Duckdb,
  groups: readonly Group[],
  declared: Declared,
  checked: readonly CheckedCells[],
): Promise<PeriodTotals[]> {
  const rows: Row[] = [];
  for (const [index, group] of groups.entries()) {
    const charges = chargesSql(group, declared);
    const surveyed = await db.run(totalsSql(`(${charges})`, firstOffences(chargeRules)));
    await refuseOffences(db, group, charges, chargeRules, surveyed);
    controlText(group, checked[index]?.textSums ?? {}, surveyed);
    rows.push(...surveyed);
  }
  return periodTotals(rows);
}

/**
 * Compares the sums of the delivered text with those of the parsed amounts, where cost columns are carried over as they are (FOCUS).
 * @throws Problem "totals-differ"
 */
function controlText({ mapping }: Group, textSums: CheckedCells["textSums"], surveyed: readonly Row[]): void {
  const [only, ...more] = mapping.charges;
  if (only === undefined || more.length > 0 || only.where !== undefined) return;
  for (const column of costColumns) {
    const name = mapping.amounts.find((amount) => quoted(amount) === only.columns[column]);
    if (name === undefined) continue;
    const typed = surveyed.reduce((sum, row) => sum + decimal(textOf(row[column]) ?? "0"), 0n);
    const fromText = textSums[name] ?? 0n;
    if (typed !== fromText) {
      throw new Problem(
        "totals-differ",
        `${column}: the text adds up to ${formatDecimal(fromText)}, the parsed amounts to ${formatDecimal(typed)}.`,
      );
    }
  }
}

/** Rows of `totalsSql`, put together per billing period. */
export function periodTotals(rows: readonly Row[]): PeriodTotals[] {
  const periods = new Map<string, PeriodTotals>();
  for (const row of rows) {
    const billingPeriod = String(row["period"]);
    const currency = String(row["currency"]);
    const before = periods.get(billingPeriod);
    const totals = costColumns.map((column): [CostColumn, string | null] => [
      column,
      sumOfKnown([before?.totals[currency]?.[column], textOf(row[column])]),
    ]);
    const unknown = costColumns.map((column): [CostColumn, number] => [
      column,
      (before?.unknown[column] ?? 0) + Number(row[`unknown_${column}`]),
    ]);
    periods.set(billingPeriod, {
      billingPeriod,
      billedFrom: [...new Set([...(before?.billedFrom ?? []), String(row["billed_from"])])],
      rows: (before?.rows ?? 0) + Number(row["n"]),
      charges: {
        start: Math.min(before?.charges.start ?? Infinity, Number(row["first"])),
        end: Math.max(before?.charges.end ?? -Infinity, Number(row["last"])),
      },
      totals: { ...before?.totals, [currency]: Object.fromEntries(totals) as Totals },
      unknown: Object.fromEntries(unknown) as Record<CostColumn, number>,
    });
  }
  return [...periods.values()].sort((a, b) => (a.billingPeriod < b.billingPeriod ? -1 : 1));
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** A condition that is true for the charges of one billing period; its first part alone rules most others out. */
export const inPeriod = ({ billingPeriod, billedFrom }: PeriodTotals): string =>
  `("BillingPeriodStart" in (${billedFrom.map((time) => `timestamp ${literal(time)}`).join(", ")}) and ${monthSql} = ${literal(billingPeriod)})`;
