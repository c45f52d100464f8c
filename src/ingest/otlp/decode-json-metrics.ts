import type { Decoding } from "./decode-attributes.ts";
import { attributesOf } from "./decode-json-attributes.ts";
import { type ExponentialSide, explicitBuckets } from "./exponential-buckets.ts";
import { tooMany } from "./invalid.ts";
import {
  doubleOf,
  enumOf,
  integerOf,
  type JsonObject,
  listOf,
  microsecondsOf,
  objectOf,
  parseBody,
  textOf,
  topList,
} from "./json-body.ts";
import type { OtlpLimits } from "./limits.ts";
import { emptyPoint, type MetricHead, type MetricPoints, PointSink, type RawPoint } from "./metric-point.ts";
import type { Attributes } from "./span.ts";

/**
 * The points of an ExportMetricsServiceRequest in OTLP/JSON, as `decodeMetrics` reads them from protobuf.
 * @throws Problem "otlp-invalid", "input-too-large"; then nothing has been taken
 */
export function decodeJsonMetrics(
  body: Buffer,
  limits: OtlpLimits,
  wanted: (name: string) => boolean,
): MetricPoints {
  const decoding: Decoding = { limits, prompts: false, setAside: { surplusAttributes: 0, largeValues: 0 } };
  const sink = new PointSink();
  for (const each of topList(parseBody(body), "resourceMetrics", "resource_metrics")) {
    const ofResource = objectOf(each, "an entry of resourceMetrics");
    const resource = attributesOf(objectOf(ofResource["resource"] ?? {}, "resource"), decoding, null, true);
    for (const ofScope of listOf(ofResource, "scopeMetrics"))
      for (const metric of listOf(objectOf(ofScope, "an entry of scopeMetrics"), "metrics"))
        readMetric(objectOf(metric, "a metric"), { resource, decoding, sink, wanted });
  }
  const { points, passedOver, rejected } = sink;
  return { points, passedOver, rejected, setAside: decoding.setAside };
}

interface Reading {
  readonly resource: Attributes;
  readonly decoding: Decoding;
  readonly sink: PointSink;
  readonly wanted: (name: string) => boolean;
}

const kinds = {
  gauge: "gauge",
  sum: "sum",
  histogram: "histogram",
  exponentialHistogram: "histogram",
  summary: "summary",
} as const;

function readMetric(metric: JsonObject, { resource, decoding, sink, wanted }: Reading): void {
  const [name, unit] = [textOf(metric, "name").slice(0, 256), textOf(metric, "unit").slice(0, 64)];
  for (const member of Object.keys(kinds) as (keyof typeof kinds)[]) {
    if (metric[member] === undefined || metric[member] === null) continue;
    const data = objectOf(metric[member], member);
    const points = listOf(data, "dataPoints");
    if (!wanted(name)) {
      sink.passedOver += points.length;
      continue;
    }
    const head: MetricHead = {
      name,
      unit,
      resource,
      kind: kinds[member],
      temporality: enumOf(data, "aggregationTemporality", ["UNSPECIFIED", "DELTA", "CUMULATIVE"]),
      monotonic: data["isMonotonic"] === true,
    };
    for (const each of points) {
      if (sink.points.length >= decoding.limits.points)
        throw tooMany("metric points", decoding.limits.points);
      sink.add(head, readPoint(objectOf(each, "a data point"), member, decoding));
    }
  }
}

function readPoint(point: JsonObject, member: keyof typeof kinds, decoding: Decoding): RawPoint {
  const raw = emptyPoint(attributesOf(point, decoding));
  raw.start = microsecondsOf(point, "startTimeUnixNano");
  raw.time = microsecondsOf(point, "timeUnixNano");
  raw.isGap = (enumOf(point, "flags", []) & 1) === 1;
  if (member === "gauge" || member === "sum") raw.value = valueOf(point);
  if (member !== "histogram" && member !== "exponentialHistogram") return raw;
  raw.count = countOf(point, "count");
  [raw.sum, raw.min, raw.max] = [numberOf(point, "sum"), numberOf(point, "min"), numberOf(point, "max")];
  if (member === "histogram") {
    raw.bounds = listOf(point, "explicitBounds").map((each) => doubleOf(each, "a bound"));
    raw.counts = listOf(point, "bucketCounts").map((each) => Number(integerOf(each, "a bucket's count")));
    return raw;
  }
  const buckets = explicitBuckets(
    countOf(point, "scale"),
    numberOf(point, "zeroThreshold") ?? 0,
    countOf(point, "zeroCount"),
    sideOf(point, "negative"),
    sideOf(point, "positive"),
  );
  return { ...raw, ...(buckets ?? { bounds: [NaN] }) };
}

function valueOf(point: JsonObject): number | null {
  const whole = point["asInt"];
  if (whole !== undefined && whole !== null) return Number(integerOf(whole, "asInt"));
  return numberOf(point, "asDouble");
}

function sideOf(point: JsonObject, name: string): ExponentialSide {
  const side = objectOf(point[name] ?? {}, name);
  return {
    offset: countOf(side, "offset"),
    counts: listOf(side, "bucketCounts").map((each) => Number(integerOf(each, "a bucket's count"))),
  };
}

const countOf = (parent: JsonObject, name: string): number =>
  parent[name] === undefined || parent[name] === null ? 0 : Number(integerOf(parent[name], name));

const numberOf = (parent: JsonObject, name: string): number | null =>
  parent[name] === undefined || parent[name] === null ? null : doubleOf(parent[name], name);
