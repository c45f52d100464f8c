import { divide, formatDecimal } from "#units/decimal.ts";
import { type Granularity, shift, startOf, type Window } from "#units/window.ts";
import { type SumRow, valueOf } from "./decode-sums.ts";
import type { NamedReport } from "./named-report.ts";
import type { NamedColumn, NamedRow } from "./named-table.ts";

/** The columns that compare a sum with the bucket before. */
export const changeColumns = (name: string): NamedColumn[] => [
  { name: `${name}_Previous`, kind: "decimal" },
  { name: `${name}_Change`, kind: "decimal" },
  { name: `${name}_ChangeRatio`, kind: "ratio" },
];

/**
 * Each row with the bucket before. What is before the window is unknown; inside it, a group that was not there was zero, and a
 * group that is no more gets a row of zero, since vanishing is a change too.
 */
export function withPrevious(
  report: NamedReport,
  rows: readonly SumRow[],
  granularity: Granularity,
  window: Window,
  record: (row: SumRow) => NamedRow,
): NamedRow[] {
  const name = report.sums[0]?.name ?? "";
  const first = startOf(granularity, window.start);
  const id = (row: SumRow, bucket: number): string => JSON.stringify([bucket, row.currency, row.keys]);
  const there = new Map(rows.map((row) => [id(row, row.bucket), row]));
  const vanished = rows.flatMap((row) => {
    const next = shift(granularity, row.bucket, 1);
    return next >= window.end || there.has(id(row, next)) ? [] : [{ ...empty(row), bucket: next }];
  });
  return [...rows, ...vanished]
    .sort((a, b) => a.bucket - b.bucket)
    .map((row) => {
      const before = shift(granularity, row.bucket, -1);
      const previous = there.get(id(row, before));
      const then = before < first ? undefined : previous === undefined ? 0n : sumOf(previous);
      return { ...record(row), ...changes(name, sumOf(row), then) };
    });
}

function changes(name: string, now: bigint | undefined, then: bigint | undefined): NamedRow {
  const change = now === undefined || then === undefined ? undefined : now - then;
  const ratio = change === undefined || !then ? null : Number(divide(change, then, "half-even")) / 1e18;
  return {
    [`${name}_Previous`]: then === undefined ? null : formatDecimal(then),
    [`${name}_Change`]: change === undefined ? null : formatDecimal(change),
    [`${name}_ChangeRatio`]: ratio,
  };
}

const sumOf = (row: SumRow): bigint | undefined => {
  const [first] = row.sums;
  return first === undefined ? undefined : valueOf(first);
};

const empty = (row: SumRow): SumRow => ({
  ...row,
  sums: row.sums.map(() => ({ units: 0n, charges: 0, known: 0 })),
});
