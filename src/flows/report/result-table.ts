import { dimensionName } from "#facts/cost-question.ts";
import type { CostRow } from "#facts/cost-row.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { ratio } from "#units/money.ts";
import { startOf } from "#units/window.ts";
import type { CostReport } from "./report-cost.ts";

/** A column of a result and what it holds. */
export interface ResultColumn {
  readonly name: string;
  readonly kind: "text" | "time" | "decimal" | "ratio" | "count";
}

/** A result as rows of named values: decimals and times as exact text, absent values null. What every view shows or writes. */
export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly others: readonly Readonly<Record<string, string | number | null>>[];
  readonly totals: readonly Readonly<Record<string, string | number | null>>[];
}

export function resultTable(report: CostReport): ResultTable {
  const { question, compared } = report;
  const keyNames = question.by.map(dimensionName);
  const counted = question.measures.includes("x_Charges");
  const columns: ResultColumn[] = [
    ...(question.granularity === undefined ? [] : [{ name: "Period", kind: "time" as const }]),
    ...keyNames.map((name) => ({ name, kind: "text" as const })),
    { name: "BillingCurrency", kind: "text" },
    ...question.measures.flatMap((measure): ResultColumn[] => [
      { name: measure, kind: "decimal" },
      ...(compared === undefined
        ? []
        : [
            { name: `${measure}_Previous`, kind: "decimal" as const },
            { name: `${measure}_Change`, kind: "decimal" as const },
            { name: `${measure}_ChangeRatio`, kind: "ratio" as const },
          ]),
    ]),
    ...(counted ? [] : [{ name: "x_Charges", kind: "count" as const }]),
  ];
  const record = (row: CostRow, before: CostRow | undefined): Record<string, string | number | null> => ({
    ...(row.bucket === undefined ? {} : { Period: formatInstant(row.bucket) }),
    ...Object.fromEntries(row.keys.map((key, index) => [keyNames[index] ?? "", key])),
    BillingCurrency: row.currency,
    ...Object.assign(
      {},
      ...question.measures.map((measure, index) =>
        measured(measure, index, row, before, compared !== undefined),
      ),
    ),
    ...(counted ? {} : { x_Charges: row.charges }),
  });
  const align = aligner(report);
  const lines = (
    rows: readonly CostRow[],
    then: readonly CostRow[],
  ): Record<string, string | number | null>[] => {
    const previous = new Map(then.map((row) => [align(row, true), row]));
    const now = rows.map((row) => {
      const id = align(row, false);
      const before = previous.get(id);
      previous.delete(id);
      return record(row, before);
    });
    // What there was before and is no more: a group that vanished is a change too.
    const gone = [...previous.values()].map((row) => record(empty(row), row));
    return [...now, ...(question.granularity === undefined ? gone : [])];
  };
  return {
    columns,
    rows: lines(report.rows, compared?.rows ?? []),
    others: lines(report.others, compared?.others ?? []),
    totals: lines(report.totals, compared?.totals ?? []),
  };
}

function measured(
  measure: string,
  index: number,
  row: CostRow,
  before: CostRow | undefined,
  comparing: boolean,
): Record<string, string | number | null> {
  const now = row.sums[index] ?? 0n;
  // A group of which no charge has a value is unknown, not zero.
  const shown = row.known[index] === 0 && row.charges > 0 ? null : formatDecimal(now);
  if (!comparing) return { [measure]: shown };
  const then = before?.sums[index] ?? 0n;
  return {
    [measure]: shown,
    [`${measure}_Previous`]: formatDecimal(then),
    [`${measure}_Change`]: formatDecimal(now - then),
    [`${measure}_ChangeRatio`]:
      ratio({ units: now - then, currency: "" }, { units: then, currency: "" }) ?? null,
  };
}

const empty = (row: CostRow): CostRow => ({
  ...row,
  sums: row.sums.map(() => 0n),
  known: row.known.map(() => 0),
  charges: 0,
});

/** Rows of two windows belong together by group, currency and the place of their bucket in its window. */
function aligner({ question, compared }: CostReport): (row: CostRow, then: boolean) => string {
  const { granularity, window } = question;
  if (granularity === undefined || compared === undefined)
    return (row) => JSON.stringify([row.keys, row.currency]);
  const nowStart = startOf(granularity, window.start);
  const thenStart = startOf(granularity, compared.window.start);
  const place = placeOf(granularity);
  return (row, then) =>
    JSON.stringify([row.keys, row.currency, place(then ? thenStart : nowStart, row.bucket ?? 0)]);
}

function placeOf(
  granularity: NonNullable<CostReport["question"]["granularity"]>,
): (start: number, bucket: number) => number {
  const hours = { hour: 1, day: 24, week: 168 } as const;
  if (granularity in hours) {
    const length = hours[granularity as keyof typeof hours] * 3_600_000;
    return (start, bucket) => Math.round((bucket - start) / length);
  }
  const months = { month: 1, quarter: 3, year: 12 } as const;
  const size = months[granularity as keyof typeof months];
  const index = (time: number): number => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth();
  return (start, bucket) => (index(bucket) - index(start)) / size;
}
