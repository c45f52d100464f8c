import { dimensionName } from "#facts/cost-question.ts";
import type { GroupedSums } from "#lake/queries/grouped-sums.ts";
import { formatDecimal, ONE } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { addSums, type SumRow, valueOf } from "./decode-sums.ts";
import type { NamedReport, ReportSum, SummedRow } from "./named-report.ts";
import { changeColumns, withPrevious } from "./previous-bucket.ts";

export interface NamedColumn {
  readonly name: string;
  /** ratio: a change against before; share: a part of a whole, 0 to 1. */
  readonly kind: "text" | "time" | "decimal" | "ratio" | "share" | "count";
}
export type NamedRow = Readonly<Record<string, string | number | null>>;

/** A named report's result: exact decimals as text, absent and unknown values null. */
export interface NamedTable {
  readonly columns: readonly NamedColumn[];
  readonly rows: readonly NamedRow[];
  /** Groups beyond the top, per currency. What can't be added up (quantities of different units) is left out. */
  readonly others: readonly NamedRow[];
  readonly totals: readonly NamedRow[];
  /** Charges without a value, per summed column that has such. */
  readonly unknown: Readonly<Record<string, number>>;
}

/**
 * Rows with their derived columns, largest first; totals and others per currency.
 * @param all totals per currency, where rows are only the largest groups
 */
export function namedTable(
  report: NamedReport,
  asked: GroupedSums,
  rows: readonly SumRow[],
  all: readonly SumRow[] | undefined,
  top: number | undefined,
): NamedTable {
  const names = asked.by.map(dimensionName);
  const keyOf =
    (row: SumRow) =>
    (name: string): string | null | undefined =>
      name === "BillingCurrency" ? row.currency : row.keys[names.indexOf(name)];
  const kept = bySize(rows.filter((row) => report.keep === undefined || report.keep(keyOf(row))));
  const totals = all ?? perCurrency(kept);
  const shown = top === undefined ? kept : largest(kept, top);
  const others = othersOf(totals, shown);
  const record = (row: SumRow): NamedRow => ({
    ...(asked.granularity === undefined ? {} : { Period: formatInstant(row.bucket) }),
    ...Object.fromEntries(names.map((name, index) => [name, row.keys[index] ?? null])),
    BillingCurrency: row.currency,
    ...numbers(report, row, keyOf(row), true),
  });
  const summary = (row: SumRow): NamedRow => ({
    BillingCurrency: row.currency,
    ...numbers(report, row, () => undefined, false),
  });
  const { granularity } = asked;
  const changing = report.change === true && granularity !== undefined;
  return {
    columns: [
      ...(granularity === undefined ? [] : [{ name: "Period", kind: "time" as const }]),
      ...names.map((name) => ({ name, kind: "text" as const })),
      { name: "BillingCurrency", kind: "text" },
      ...numberColumns(report, changing),
    ],
    rows: changing ? withPrevious(report, shown, granularity, asked.window, record) : shown.map(record),
    others: others.map(summary),
    totals: totals.map(summary),
    unknown: unknownOf(report, totals),
  };
}

function numberColumns(report: NamedReport, changing: boolean): NamedColumn[] {
  const sums = report.sums.filter(({ hidden }) => !hidden);
  const kindOf = ({ of, distinct }: ReportSum): NamedColumn["kind"] =>
    of === "x_Charges" || distinct ? "count" : "decimal";
  const columns = sums.map((sum) => ({ name: sum.name, kind: kindOf(sum) }));
  const first = report.sums[0]?.name ?? "";
  return [
    ...columns.slice(0, 1),
    ...(changing ? changeColumns(first) : []),
    ...columns.slice(1),
    ...(report.derived ?? []).map(({ name, kind }) => ({ name, kind })),
  ];
}

function numbers(report: NamedReport, row: SumRow, key: SummedRow["key"], group: boolean): NamedRow {
  const value = (sum: ReportSum, index: number): bigint | undefined => {
    const summed = row.sums[index];
    return summed === undefined || (!group && !addsUp(sum)) ? undefined : valueOf(summed);
  };
  const sums = new Map(report.sums.map((sum, index) => [sum.name, value(sum, index)]));
  const shown = report.sums.filter((sum) => !sum.hidden && (group || addsUp(sum)));
  const entries = shown.map((sum): [string, string | number | null] => {
    const units = sums.get(sum.name);
    if (units === undefined) return [sum.name, null];
    const counted = sum.of === "x_Charges" || sum.distinct;
    return [sum.name, counted ? Number(units / ONE) : formatDecimal(units)];
  });
  const derived = (report.derived ?? []).flatMap(
    ({ name, kind, from }): [string, string | number | null][] => {
      const units = from({ sum: (of) => sums.get(of), key });
      if (units === undefined) return group ? [[name, null]] : [];
      return [[name, kind === "share" ? Number(units) / 1e18 : formatDecimal(units)]];
    },
  );
  return Object.fromEntries([...entries, ...derived]);
}

const ADDS_UP = /Cost$|^x_Tokens$|^x_GpuHours$|^x_Charges$/;

/** Whether a column of different groups adds up: quantities of different units and prices in other currencies don't. */
function addsUp({ of, distinct }: ReportSum): boolean {
  return !distinct && ADDS_UP.test(of) && of !== "PricingCurrencyEffectiveCost";
}

function perCurrency(rows: readonly SumRow[]): SumRow[] {
  const all = new Map<string, SumRow>();
  for (const row of rows) {
    const before = all.get(row.currency);
    all.set(row.currency, before === undefined ? { ...row, keys: [], bucket: 0 } : addSums(before, row));
  }
  return [...all.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

function othersOf(totals: readonly SumRow[], shown: readonly SumRow[]): SumRow[] {
  const taken = new Map(perCurrency(shown).map((row) => [row.currency, row]));
  return totals.flatMap((total) => {
    const top = taken.get(total.currency);
    const left = top === undefined ? total : addSums(total, top, -1);
    return left.sums.some(({ charges }) => charges > 0) ? [left] : [];
  });
}

/** In order of time, then of currency, then largest first. */
function bySize(rows: readonly SumRow[]): SumRow[] {
  const size = (row: SumRow): bigint => row.sums[0]?.units ?? 0n;
  return [...rows].sort((a, b) => {
    if (a.bucket !== b.bucket) return a.bucket - b.bucket;
    if (a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
    if (size(a) !== size(b)) return size(a) > size(b) ? -1 : 1;
    return JSON.stringify(a.keys) < JSON.stringify(b.keys) ? -1 : 1;
  });
}

function largest(rows: readonly SumRow[], top: number): SumRow[] {
  const taken = new Map<string, number>();
  return rows.filter(({ currency }) => {
    const count = (taken.get(currency) ?? 0) + 1;
    taken.set(currency, count);
    return count <= top;
  });
}

function unknownOf(report: NamedReport, totals: readonly SumRow[]): Record<string, number> {
  const counts = report.sums.map(({ name, distinct }, index): [string, number] => {
    const lacking = totals.map(({ sums }) => (sums[index]?.charges ?? 0) - (sums[index]?.known ?? 0));
    return [name, distinct || !name.endsWith("Cost") ? 0 : lacking.reduce((a, b) => a + b, 0)];
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
