import { dimensionName, type Measure, unitOf } from "#facts/cost-question.ts";
import { chargesOf, type CostRow, valueOf } from "#facts/cost-row.ts";
import { formatInstant } from "#units/instant.ts";
import { type Granularity, startOf } from "#units/window.ts";
import type { CostReport } from "./report-cost.ts";
import {
  changeColumns,
  changeOf,
  exactText,
  nothing,
  ratioOf,
  type ResultColumn,
  type ResultRow,
  type ResultTable,
} from "./result-table.ts";

/** The rows of a cost report: groups with their measures, their share or their change, and how many charges they are. */
export function costTable(report: CostReport): ResultTable {
  const { question, compared } = report;
  const names = question.by.map(dimensionName);
  const counted = question.measures.includes("x_Charges");
  const shared = shareOf(report);
  // Before the first charge of the lake nothing is known, which is not zero.
  const knownThen = compared !== undefined && compared.window.end > report.explanation.covers.start;
  const columns: ResultColumn[] = [
    ...(question.granularity === undefined ? [] : [{ name: "Period", kind: "time" as const }]),
    ...names.map((name) => ({ name, kind: "text" as const })),
    { name: "BillingCurrency", kind: "text" },
    ...question.measures.flatMap((measure, index): ResultColumn[] => [
      { name: measure, kind: measure === "x_Charges" ? "count" : "decimal" },
      ...(compared === undefined ? [] : changeColumns(measure)),
      ...(index === 0 && shared !== undefined ? [{ name: shared.name, kind: "share" as const }] : []),
    ]),
    ...(counted ? [] : [{ name: "x_Charges", kind: "count" as const }]),
  ];
  const record = (row: CostRow, before: CostRow | undefined, group: boolean): ResultRow => ({
    ...(row.bucket === undefined ? {} : { Period: formatInstant(row.bucket) }),
    ...(group ? Object.fromEntries(row.keys.map((key, index) => [names[index] ?? "", key])) : {}),
    BillingCurrency: row.currency,
    ...question.measures.reduce<ResultRow>((all, measure, index) => {
      // Sums over groups of different units would add hours to gigabytes.
      if (!group && !addsUp(report, measure)) return all;
      const now = valueOf(row, index);
      const value = { [measure]: measure === "x_Charges" ? row.charges : exactText(now) };
      const then = before === undefined && !knownThen ? undefined : valueOf(before ?? nothing(row), index);
      return { ...all, ...value, ...(compared === undefined ? {} : changeOf(measure, now, then)) };
    }, {}),
    ...(shared === undefined ? {} : { [shared.name]: shared.of(row) }),
    ...(counted ? {} : { x_Charges: row.charges }),
  });
  const place = placeOf(report);
  const lines = (rows: readonly CostRow[], then: readonly CostRow[], group: boolean): ResultRow[] => {
    const previous = new Map(then.map((row) => [place(row, true), row]));
    const now = rows.map((row) => {
      const id = place(row, false);
      const before = previous.get(id);
      previous.delete(id);
      return record(row, before, group);
    });
    // What there was before and is no more: a group that vanished is a change too.
    const gone = [...previous.values()].map((row) => record(nothing(row), row, group));
    return [...now, ...(question.granularity === undefined ? gone : [])];
  };
  return {
    columns,
    rows: lines(report.rows, compared?.rows ?? [], true),
    others: lines(report.others, compared?.others ?? [], false),
    totals: lines(report.totals, compared?.totals ?? [], question.by.length === 0),
    unknown: unknownOf(report),
  };
}

/** Costs, tokens and counts add up over all groups; quantities only where the groups can't differ in their unit. */
export function addsUp({ question }: CostReport, measure: Measure): boolean {
  const unit = unitOf[measure];
  return unit === undefined || !question.by.some((by) => by.kind === "column" && by.column === unit);
}

/** The share that a group has of its currency's (and bucket's) total, by the first measure; none where there is no such. */
function shareOf(report: CostReport): { name: string; of: (row: CostRow) => number | null } | undefined {
  const { question, compared, totals } = report;
  const [measure] = question.measures;
  if (measure === undefined || question.by.length === 0 || compared !== undefined || !addsUp(report, measure))
    return undefined;
  const id = ({ currency, bucket }: CostRow): string => `${currency} ${bucket ?? ""}`;
  const whole = new Map(totals.map((row) => [id(row), valueOf(row, 0)]));
  const of = (row: CostRow): number | null => {
    const total = whole.get(id(row));
    // Of a total that is negative nothing is a part.
    return total === undefined || total < 0n ? null : ratioOf(valueOf(row, 0), total);
  };
  return { name: `${measure}_Share`, of };
}

function unknownOf({ question, totals }: CostReport): Record<string, number> {
  const counts = question.measures.map((measure, index): [string, number] => [
    measure,
    measure.endsWith("Cost")
      ? totals.reduce((sum, row) => sum + chargesOf(row, index) - (row.known[index] ?? 0), 0)
      : 0,
  ]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Rows of two windows belong together by group, currency and the place of their bucket in its window. */
function placeOf({ question, compared }: CostReport): (row: CostRow, then: boolean) => string {
  const { granularity, window } = question;
  if (granularity === undefined || compared === undefined)
    return (row) => JSON.stringify([row.keys, row.currency]);
  const nowStart = startOf(granularity, window.start);
  const thenStart = startOf(granularity, compared.window.start);
  return (row, then) => {
    const place = bucketsBetween(granularity, then ? thenStart : nowStart, row.bucket ?? 0);
    return JSON.stringify([row.keys, row.currency, place]);
  };
}

function bucketsBetween(granularity: Granularity, start: number, bucket: number): number {
  const hours = { hour: 1, day: 24, week: 168 } as const;
  if (granularity in hours)
    return Math.round((bucket - start) / (hours[granularity as keyof typeof hours] * 3_600_000));
  const months = { month: 1, quarter: 3, year: 12 } as const;
  const index = (time: number): number => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth();
  return (index(bucket) - index(start)) / months[granularity as keyof typeof months];
}
