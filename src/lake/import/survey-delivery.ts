import { type CostColumn, costColumns } from "#facts/focus-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { textUnits } from "#lake/parse-sql.ts";
import { chargesSql, type Declared, type Group, plainColumn, plainSql } from "./delivery-sql.ts";

/** Exact sums of one currency. */
export type Totals = Record<CostColumn, string>;

/** What one billing period of a delivery holds. */
export interface PeriodTotals {
  /** YYYY-MM: the month that holds the middle of the billing period, so that a period in local time is named rightly. */
  readonly billingPeriod: string;
  readonly rows: number;
  readonly charges: { readonly start: number; readonly end: number };
  readonly totals: Record<string, Totals>;
  /** Rows without a value, per cost column: unknown is counted, never taken for zero. */
  readonly unknown: Record<CostColumn, number>;
}

/** The month that holds the middle of the billing period. */
export const monthSql = `strftime("BillingPeriodStart" + ("BillingPeriodEnd" - "BillingPeriodStart") / 2, '%Y-%m')`;

const typedSums = costColumns.map((column) => `sum(${quoted(column)})::varchar as ${quoted(column)}`);

/** Rows and sums per billing period and currency, of charges in their types. */
export function totalsSql(relation: string): string {
  const unknown = costColumns.map(
    (column) => `count(*) - count(${quoted(column)}) as ${quoted(`unknown_${column}`)}`,
  );
  return `select ${monthSql} as period, "BillingCurrency" as currency, count(*)::bigint as n,
    epoch_ms(min("ChargePeriodStart")) as first, epoch_ms(max("ChargePeriodEnd")) as last, ${[...typedSums, ...unknown].join(", ")}
    from ${relation} group by all order by 1, 2`;
}

/** What a delivery holds, from its parsed cells. */
export async function surveyDelivery(
  db: Duckdb,
  groups: readonly Group[],
  declared: Declared,
): Promise<PeriodTotals[]> {
  const rows: Row[] = [];
  for (const group of groups) {
    const surveyed = await db.run(totalsSql(`(${chargesSql(group, declared)})`));
    await controlText(db, group, surveyed);
    rows.push(...surveyed);
  }
  return periodTotals(rows);
}

/**
 * Sums the delivered text itself, by a way of its own, and compares: per currency where cost columns are carried over as they
 * are (FOCUS), else over each amount column of the delivery.
 * @throws Problem "totals-differ"
 */
async function controlText(db: Duckdb, group: Group, surveyed: readonly Row[]): Promise<void> {
  const { mapping } = group;
  const [only, ...more] = mapping.charges;
  const carried = costColumns.filter((column) => {
    const expression = only?.columns[column];
    return (
      more.length === 0 &&
      only?.where === undefined &&
      mapping.amounts.some((name) => quoted(name) === expression)
    );
  });
  if (carried.length === 0 || only === undefined) return;
  const plainOf = (column: CostColumn): string => {
    const name = mapping.amounts.find((amount) => quoted(amount) === only.columns[column]);
    return plainColumn(name ?? column);
  };
  const sums = carried.map((column) => `sum(${textUnits(plainOf(column))})::varchar as ${quoted(column)}`);
  const [text = {}] = await db.run(`select ${sums.join(", ")} from (${plainSql(group)})`);
  for (const column of carried) {
    const typed = surveyed.reduce((sum, row) => sum + units(row[column]), 0n);
    const fromText = BigInt(typeof text[column] === "string" ? text[column] : "0");
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
    const totals = costColumns.map((column): [CostColumn, string] => [
      column,
      formatDecimal(units(before?.totals[currency]?.[column]) + units(row[column])),
    ]);
    const unknown = costColumns.map((column): [CostColumn, number] => [
      column,
      (before?.unknown[column] ?? 0) + Number(row[`unknown_${column}`]),
    ]);
    periods.set(billingPeriod, {
      billingPeriod,
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

function units(value: unknown): bigint {
  return typeof value === "string" ? decimal(value) : 0n;
}

/** A condition that is true for the charges of one billing period. */
export const inPeriod = (billingPeriod: string): string => `${monthSql} = ${literal(billingPeriod)}`;
