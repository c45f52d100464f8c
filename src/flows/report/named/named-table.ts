import { bySize, othersOf, topPerCurrency, totalsOf } from "#analysis/cost-report/cost-rows.ts";
import { dimensionName } from "#facts/cost-question.ts";
import { chargesOf, type CostRow, valueOf } from "#facts/cost-row.ts";
import {
  changeColumns,
  exactText,
  type ResultColumn,
  type ResultRow,
  type ResultTable,
} from "#flows/report/result-table.ts";
import type { GroupedSums } from "#lake/queries/grouped-sums.ts";
import { ONE } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import type { NamedReport, ReportSum, SummedRow } from "./named-report.ts";
import { withPrevious } from "./with-previous.ts";

/**
 * Rows with their derived columns, largest first; totals and others per currency.
 * @param all totals per currency, where rows are only the largest groups
 */
export function namedTable(
  report: NamedReport,
  asked: GroupedSums,
  rows: readonly CostRow[],
  all: readonly CostRow[] | undefined,
  top: number | undefined,
): ResultTable {
  const names = asked.by.map(dimensionName);
  const keyOf =
    (row: CostRow) =>
    (name: string): string | null | undefined =>
      name === "BillingCurrency" ? row.currency : row.keys[names.indexOf(name)];
  const kept = bySize(rows.filter((row) => report.keep === undefined || report.keep(keyOf(row))));
  const totals = [...(all ?? totalsOf(kept.map((row) => ({ ...row, bucket: 0 }))))].sort((a, b) =>
    a.currency < b.currency ? -1 : 1,
  );
  const shown = top === undefined ? kept : topPerCurrency(kept, top);
  const record = (row: CostRow): ResultRow => ({
    ...(row.bucket === undefined ? {} : { Period: formatInstant(row.bucket) }),
    ...Object.fromEntries(names.map((name, index) => [name, row.keys[index] ?? null])),
    BillingCurrency: row.currency,
    ...numbers(report, row, keyOf(row), true),
  });
  const summary = (row: CostRow): ResultRow => ({
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
    others: top === undefined ? [] : othersOf(totals, shown).map(summary),
    totals: totals.map(summary),
    unknown: unknownOf(report, totals),
  };
}

function numberColumns(report: NamedReport, changing: boolean): ResultColumn[] {
  const sums = report.sums.filter(({ hidden }) => !hidden);
  const kindOf = ({ of, distinct }: ReportSum): ResultColumn["kind"] =>
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

function numbers(report: NamedReport, row: CostRow, key: SummedRow["key"], group: boolean): ResultRow {
  const sums = new Map(
    report.sums.map((sum, index) => [sum.name, group || addsUp(sum) ? valueOf(row, index) : undefined]),
  );
  const shown = report.sums.filter((sum) => !sum.hidden && (group || addsUp(sum)));
  const entries = shown.map((sum): [string, string | number | null] => {
    const units = sums.get(sum.name);
    const counted = sum.of === "x_Charges" || sum.distinct;
    return [sum.name, counted && units !== undefined ? Number(units / ONE) : exactText(units)];
  });
  const derived = (report.derived ?? []).flatMap(
    ({ name, kind, from }): [string, string | number | null][] => {
      const units = from({ sum: (of) => sums.get(of), key });
      if (units === undefined) return group ? [[name, null]] : [];
      return [[name, kind === "share" ? Number(units) / 1e18 : exactText(units)]];
    },
  );
  return Object.fromEntries([...entries, ...derived]);
}

const ADDS_UP = /Cost$|^x_Tokens$|^x_GpuHours$|^x_Charges$/;

/** Whether a column of different groups adds up: quantities of different units and prices in other currencies don't. */
function addsUp({ of, distinct }: ReportSum): boolean {
  return !distinct && ADDS_UP.test(of) && of !== "PricingCurrencyEffectiveCost";
}

/** Charges whose cost a shown column lacks. */
function unknownOf(report: NamedReport, totals: readonly CostRow[]): Record<string, number> {
  const counts = report.sums.map((sum, index): [string, number] => {
    const lacking = totals.map((row) => chargesOf(row, index) - (row.known[index] ?? 0));
    return [
      sum.name,
      sum.hidden || sum.distinct || !sum.of.endsWith("Cost") ? 0 : lacking.reduce((a, b) => a + b, 0),
    ];
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
