import { costColumns } from "#facts/focus-columns.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { LakePeriod } from "./snapshot.ts";

/** Currency to cost column to exact sum; a column that is absent adds nothing. */
type PeriodSums = LakePeriod["totals"];

/** One sum that is not what it was. */
export interface MovedTotal {
  readonly currency: string;
  readonly column: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}

/** The totals of several billing periods, or of several parts of one, in order of the currencies' names. */
export function addTotals(all: readonly PeriodSums[]): PeriodSums {
  const sumOf = (currency: string, column: string): string =>
    formatDecimal(all.reduce((sum, totals) => sum + units(totals, currency, column), 0n));
  return Object.fromEntries(
    currenciesOf(all).map((currency) => [
      currency,
      Object.fromEntries(costColumns.map((column) => [column, sumOf(currency, column)])),
    ]),
  );
}

/** The sums that differ, by currency and cost column. */
export function movedTotals(old: PeriodSums, now: PeriodSums): MovedTotal[] {
  return currenciesOf([old, now]).flatMap((currency) =>
    costColumns.flatMap((column) => {
      const [before, after] = [units(old, currency, column), units(now, currency, column)];
      if (before === after) return [];
      return [
        {
          currency,
          column,
          before: formatDecimal(before),
          after: formatDecimal(after),
          difference: formatDecimal(after - before),
        },
      ];
    }),
  );
}

const units = (totals: PeriodSums, currency: string, column: string): bigint =>
  decimal(totals[currency]?.[column] ?? "0");

const currenciesOf = (all: readonly PeriodSums[]): string[] =>
  [...new Set(all.flatMap((totals) => Object.keys(totals)))].sort();
