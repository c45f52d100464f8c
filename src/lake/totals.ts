import { costColumns } from "#facts/focus-columns.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { LakePeriod } from "./snapshot.ts";

/** Currency to cost column to exact sum; a column that is absent is unknown. */
type PeriodSums = LakePeriod["totals"];

/** One sum that is not what it was; null where no charge has a value. */
export interface MovedTotal {
  readonly currency: string;
  readonly column: string;
  readonly before: string | null;
  readonly after: string | null;
  /** null if either side is unknown. */
  readonly difference: string | null;
}

/** The sum of those that are known, exact; null if none is. */
export function sumOfKnown(sums: readonly (string | null | undefined)[]): string | null {
  const known = sums.filter((sum) => sum !== null && sum !== undefined);
  return known.length === 0 ? null : formatDecimal(known.reduce((all, sum) => all + decimal(sum), 0n));
}

/** The totals of several billing periods, or of several parts of one, in order of the currencies' names. */
export function addTotals(all: readonly PeriodSums[]): PeriodSums {
  const sumOf = (currency: string, column: string): string | null =>
    sumOfKnown(all.map((totals) => totals[currency]?.[column]));
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
      const [before, after] = [sumIn(old, currency, column), sumIn(now, currency, column)];
      if (before === after) return [];
      const difference =
        before === null || after === null ? null : formatDecimal(decimal(after) - decimal(before));
      return [{ currency, column, before, after, difference }];
    }),
  );
}

/** A sum in its shortest exact text, null if it is unknown. Where a currency has no charges its sums are zero, and known to be. */
export const sumIn = (totals: PeriodSums, currency: string, column: string): string | null =>
  totals[currency] === undefined ? "0" : sumOfKnown([totals[currency][column]]);

const currenciesOf = (all: readonly PeriodSums[]): string[] =>
  [...new Set(all.flatMap((totals) => Object.keys(totals)))].sort();
