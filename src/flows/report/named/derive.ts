import { decimal, divide, multiply } from "#units/decimal.ts";
import type { Unknown } from "#flows/report/result-table.ts";
import type { ReportDerived, SummedRow } from "./named-report.ts";

type Named = string | ((row: SummedRow) => Unknown);

const value = (row: SummedRow, of: Named): Unknown => (typeof of === "string" ? row.sum(of) : of(row));

/** a − b; unknown if either is. */
export const minus =
  (a: Named, b: Named) =>
  (row: SummedRow): Unknown => {
    const [x, y] = [value(row, a), value(row, b)];
    return x === undefined || y === undefined ? undefined : x - y;
  };

/** a ÷ b at the 18th decimal, half to even; unknown if either is, or b is zero. */
export const over =
  (a: Named, b: Named) =>
  (row: SummedRow): Unknown => {
    const [x, y] = [value(row, a), value(row, b)];
    return x === undefined || y === undefined || y === 0n ? undefined : divide(x, y, "half-even");
  };

/** a × a number that the group's key holds; unknown where the key is no decimal. */
export const timesKey =
  (a: Named, key: string) =>
  (row: SummedRow): Unknown => {
    const [x, text] = [value(row, a), row.key(key)];
    if (x === undefined || typeof text !== "string" || !/^-?\d+(\.\d+)?$/.test(text)) return undefined;
    return multiply(x, decimal(text), "half-even");
  };

/** a × a fixed number. */
export const times =
  (a: Named, factor: string) =>
  (row: SummedRow): Unknown => {
    const x = value(row, a);
    return x === undefined ? undefined : multiply(x, decimal(factor), "half-even");
  };

/** A column of amounts or rates. */
export const amount = (name: string, from: ReportDerived["from"]): ReportDerived => ({
  name,
  kind: "decimal",
  from,
});

/** A column `…Ratio`, 0 to 1. */
export const share = (name: string, part: Named, whole: Named): ReportDerived => ({
  name,
  kind: "share",
  from: over(part, whole),
});
