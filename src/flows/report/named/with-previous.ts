import { type CostRow, valueOf } from "#facts/cost-row.ts";
import { changeOf, nothing, type ResultRow } from "#flows/report/result-table.ts";
import { type Granularity, shift, startOf, type Window } from "#units/window.ts";
import type { NamedReport } from "./named-report.ts";

/**
 * Each row with the bucket before. What is before the window is unknown; inside it, a group that was not there was zero, and a
 * group that is no more gets a row of zero, since vanishing is a change too.
 */
export function withPrevious(
  report: NamedReport,
  rows: readonly CostRow[],
  granularity: Granularity,
  window: Window,
  record: (row: CostRow) => ResultRow,
): ResultRow[] {
  const name = report.sums[0]?.name ?? "";
  const first = startOf(granularity, window.start);
  const id = (row: CostRow, bucket: number): string => JSON.stringify([bucket, row.currency, row.keys]);
  const there = new Map(rows.map((row) => [id(row, row.bucket ?? 0), row]));
  const vanished = rows.flatMap((row) => {
    const next = shift(granularity, row.bucket ?? 0, 1);
    return next >= window.end || there.has(id(row, next)) ? [] : [{ ...nothing(row), bucket: next }];
  });
  return [...rows, ...vanished]
    .sort((a, b) => (a.bucket ?? 0) - (b.bucket ?? 0))
    .map((row) => {
      const before = shift(granularity, row.bucket ?? 0, -1);
      const previous = there.get(id(row, before));
      const then = before < first ? undefined : valueOf(previous ?? nothing(row), 0);
      return { ...record(row), ...changeOf(name, valueOf(row, 0), then) };
    });
}
