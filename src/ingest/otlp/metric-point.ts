import type { Attributes, SetAside } from "./span.ts";

/** What was measured, how often. */
export interface Histogram {
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Upper bounds, ascending; the last bucket has none. */
  readonly bounds: readonly number[];
  /** One more than bounds; empty where only count and sum were told. */
  readonly counts: readonly number[];
}

/** One point of a metric, whichever way it was sent. */
export interface MetricPoint {
  readonly name: string;
  readonly unit: string;
  readonly kind: "gauge" | "sum" | "histogram";
  /** Whether a value counts since the point before or since the start; null of a gauge. */
  readonly temporality: "delta" | "cumulative" | null;
  readonly monotonic: boolean | null;
  /** Microseconds since 1970: what the value counts from, null where it is not told; and when it was read. */
  readonly start: number | null;
  readonly time: number;
  readonly resource: Attributes;
  readonly attributes: Attributes;
  /** Of a gauge or a sum. */
  readonly value: number | null;
  readonly histogram: Histogram | null;
}

/** Why a point was not taken. */
export type PointRejection =
  | "no-temporality"
  | "no-number"
  | "buckets-broken"
  | "time-missing"
  | "summary"
  | "unit-unknown"
  | "not-a-count"
  | "time-implausible"
  | "name-invalid"
  | "out-of-range"
  | "too-many-series";

export interface MetricPoints {
  readonly points: readonly MetricPoint[];
  /** Points of metrics that are not asked for. */
  readonly passedOver: number;
  readonly rejected: Readonly<Partial<Record<PointRejection, number>>>;
  readonly setAside: Readonly<SetAside>;
}

/** A point as it stands in the body, before it is judged. */
export interface RawPoint {
  start: number;
  time: number;
  attributes: Attributes;
  /** NO_RECORDED_VALUE: a gap in a series, no value. */
  isGap: boolean;
  value: number | null;
  count: number;
  sum: number | null;
  min: number | null;
  max: number | null;
  bounds: number[];
  counts: number[];
}

export const emptyPoint = (attributes: Attributes): RawPoint => ({
  start: 0,
  time: 0,
  attributes,
  isGap: false,
  value: null,
  count: 0,
  sum: null,
  min: null,
  max: null,
  bounds: [],
  counts: [],
});

/** What is the same for all points of a metric. */
export interface MetricHead {
  readonly name: string;
  readonly unit: string;
  readonly resource: Attributes;
  readonly kind: MetricPoint["kind"] | "summary";
  /** 0 not told, 1 delta, 2 cumulative. */
  readonly temporality: number;
  readonly monotonic: boolean;
}

/** Collects the points of a body. */
export class PointSink {
  readonly points: MetricPoint[] = [];
  readonly rejected: Partial<Record<PointRejection, number>> = {};
  passedOver = 0;

  add(head: MetricHead, raw: RawPoint): void {
    if (raw.isGap) {
      this.passedOver++;
      return;
    }
    const reason = reasonAgainst(head, raw);
    if (reason !== null) this.rejected[reason] = (this.rejected[reason] ?? 0) + 1;
    else this.points.push(pointOf(head, raw));
  }
}

function reasonAgainst({ kind, temporality }: MetricHead, raw: RawPoint): PointRejection | null {
  if (kind === "summary") return "summary";
  if (raw.time === 0) return "time-missing";
  if (kind !== "gauge" && temporality !== 1 && temporality !== 2) return "no-temporality";
  if (kind !== "histogram") return raw.value !== null && Number.isFinite(raw.value) ? null : "no-number";
  const { bounds, counts } = raw;
  const isSorted = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? NaN));
  const fits = counts.length === 0 ? bounds.length === 0 : counts.length === bounds.length + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const isCounted = counts.every((count) => count >= 0) && raw.count >= 0;
  return isSorted && isCounted && fits && (counts.length === 0 || total === raw.count)
    ? null
    : "buckets-broken";
}

function pointOf(head: MetricHead, raw: RawPoint): MetricPoint {
  const { name, unit, resource } = head;
  const kind = head.kind as MetricPoint["kind"];
  const { count, sum, min, max, bounds, counts } = raw;
  return {
    name,
    unit,
    kind,
    temporality: kind === "gauge" ? null : head.temporality === 1 ? "delta" : "cumulative",
    monotonic: kind === "sum" ? head.monotonic : kind === "histogram" ? true : null,
    start: raw.start === 0 ? null : raw.start,
    time: raw.time,
    resource,
    attributes: raw.attributes,
    value: kind === "histogram" ? null : raw.value,
    histogram: kind === "histogram" ? { count, sum, min, max, bounds, counts } : null,
  };
}
