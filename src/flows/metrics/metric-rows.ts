import type { Totals } from "#analysis/metrics/increase.ts";
import type { EventRow } from "#facts/event-table.ts";
import { outcomeRow } from "#facts/outcome-columns.ts";
import { signalRow } from "#facts/signal-columns.ts";
import { MOMENT, type SignalName, type SignalPoint } from "#facts/signal.ts";
import type { MeasuredPoint } from "#ingest/otlp/measured-series.ts";
import { decimal } from "#units/decimal.ts";

/** Rows that keep by how much a series grew, and what it has come to: from these its next increase is known after any end of the process. */
export interface MetricRows {
  readonly signals: readonly EventRow[];
  readonly outcomes: readonly EventRow[];
}

/** Points that are sent have this source. */
export const SOURCE = "otlp";

/** @param increase of the point against the one before; its own values where it is a delta */
export function metricRows(point: MeasuredPoint, increase: Totals): MetricRows {
  const { as } = point;
  return as.of === "outcomes"
    ? { signals: [], outcomes: [outcomeOf(point, as, increase)] }
    : { signals: signalsOf(point, as, increase), outcomes: [] };
}

function outcomeOf(
  { series, time, isCumulative, sum }: MeasuredPoint,
  { kind, success, attributes }: Extract<MeasuredPoint["as"], { of: "outcomes" }>,
  increase: Totals,
): EventRow {
  return {
    ...outcomeRow({
      source: SOURCE,
      id: `${series}-${time}`,
      time,
      kind,
      count: decimal(increase.sum.toFixed(9)),
      success,
      value: null,
      currency: null,
      attributes,
    }),
    Series: series,
    Until: time,
    Total: isCumulative ? sum : null,
  };
}

function signalsOf(
  point: MeasuredPoint,
  { subject, summed, counted, distribution }: Extract<MeasuredPoint["as"], { of: "signals" }>,
  increase: Totals,
): EventRow[] {
  const { series, time, isCumulative } = point;
  const rowOf = (
    signal: SignalName,
    values: Omit<SignalPoint, keyof typeof subject | "time" | "signal">,
  ): EventRow => ({
    ...signalRow(SOURCE, { ...subject, time: Math.floor(time / MOMENT) * MOMENT, signal, ...values }),
    Series: series,
    Until: time,
  });
  const rows = [
    ...(summed === undefined ? [] : [rowOf(summed, { sum: increase.sum, count: 1 })]),
    ...(distribution === undefined
      ? []
      : [rowOf(distribution, { sum: increase.sum, count: increase.count })]),
    ...(counted === undefined ? [] : [rowOf(counted, { sum: increase.count, count: 1 })]),
  ];
  const [first] = rows;
  // The first of a point's rows tells what its series has come to.
  const told =
    isCumulative && first !== undefined ? [{ ...first, ...totalsOf(point) }, ...rows.slice(1)] : rows;
  return [...told, ...(distribution === undefined ? [] : bucketsOf(increase, distribution, rowOf))];
}

const totalsOf = ({ sum, count, buckets }: MeasuredPoint): EventRow => ({
  TotalSum: sum,
  TotalCount: count,
  ...(buckets.size === 0
    ? {}
    : {
        Totals: Object.fromEntries(
          [...buckets].filter(([, each]) => each > 0).map(([upper, each]) => [String(upper), each]),
        ),
      }),
});

function bucketsOf(
  { buckets }: Totals,
  signal: SignalName,
  rowOf: (
    signal: SignalName,
    values: { lower: number; upper: number; sum: number; count: number },
  ) => EventRow,
): EventRow[] {
  let lower = -Infinity;
  return [...buckets].flatMap(([upper, count]) => {
    const row = count > 0 ? [rowOf(signal, { lower, upper, sum: 0, count })] : [];
    lower = upper;
    return row;
  });
}
