import type { Reader } from "protobufjs/minimal.js";
import { type Decoding, readAttribute } from "./decode-attributes.ts";
import { readParts, readResource, unbroken } from "./decode-spans.ts";
import { type ExponentialSide, explicitBuckets } from "./exponential-buckets.ts";
import { invalid, tooMany } from "./invalid.ts";
import type { OtlpLimits } from "./limits.ts";
import { emptyPoint, type MetricHead, type MetricPoints, PointSink, type RawPoint } from "./metric-point.ts";
import type { Attributes, AttributeValue } from "./span.ts";
import { endOfMessage, endReached, readFixed64, readInt64, readMicroseconds, skipField } from "./wire.ts";

/**
 * The points of an ExportMetricsServiceRequest in protobuf.
 * @param wanted which metrics, by name; points of others are only counted
 * @throws Problem "otlp-invalid", "input-too-large"; then nothing has been taken
 * @see opentelemetry-proto metrics.proto
 */
export function decodeMetrics(
  body: Buffer,
  limits: OtlpLimits,
  wanted: (name: string) => boolean,
): MetricPoints {
  const decoding: Decoding = { limits, prompts: false, setAside: { surplusAttributes: 0, largeValues: 0 } };
  const sink = new PointSink();
  unbroken(body, (reader) =>
    readParts(reader, reader.len, 0x0a, (end) => {
      const resource = readResource(reader, end, decoding);
      readParts(reader, end, 0x12, (scopeEnd) =>
        readParts(reader, scopeEnd, 0x12, (metricEnd) =>
          readMetric(reader, metricEnd, { resource, decoding, sink, wanted, taken: 0 }),
        ),
      );
    }),
  );
  const { points, passedOver, rejected } = sink;
  return { points, passedOver, rejected, setAside: decoding.setAside };
}

interface Reading {
  readonly resource: Attributes;
  readonly decoding: Decoding;
  readonly sink: PointSink;
  readonly wanted: (name: string) => boolean;
  taken: number;
}

/** Field of `data` to its kind. */
const kinds = new Map<number, MetricHead["kind"] | "exponential">([
  [0x2a, "gauge"],
  [0x3a, "sum"],
  [0x4a, "histogram"],
  [0x52, "exponential"],
  [0x5a, "summary"],
]);

function readMetric(reader: Reader, end: number, reading: Reading): void {
  let [name, unit] = ["", ""];
  const parts: { kind: MetricHead["kind"] | "exponential"; at: number; end: number }[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    const kind = kinds.get(tag);
    if (tag === 0x0a) name = reader.string().slice(0, 256);
    else if (tag === 0x1a) unit = reader.string().slice(0, 64);
    else if (kind !== undefined) {
      const partEnd = endOfMessage(reader, end);
      parts.push({ kind, at: reader.pos, end: partEnd });
      reader.pos = partEnd;
    } else skipField(reader, tag, end);
  }
  endReached(reader, end);
  for (const { kind, at, end: partEnd } of parts) {
    reader.pos = at;
    readData(reader, partEnd, kind, { name, unit }, reading);
  }
  reader.pos = end;
}

function readData(
  reader: Reader,
  end: number,
  kind: MetricHead["kind"] | "exponential",
  { name, unit }: { readonly name: string; readonly unit: string },
  { resource, decoding, sink, wanted }: Reading,
): void {
  const ends: [at: number, end: number][] = [];
  let [temporality, monotonic] = [0, false];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) {
      const pointEnd = endOfMessage(reader, end);
      ends.push([reader.pos, pointEnd]);
      reader.pos = pointEnd;
    } else if (tag === 0x10) temporality = reader.uint32();
    else if (tag === 0x18) monotonic = reader.bool();
    else skipField(reader, tag, end);
  }
  endReached(reader, end);
  if (!wanted(name)) {
    sink.passedOver += ends.length;
    return;
  }
  const head: MetricHead = {
    name,
    unit,
    resource,
    temporality,
    monotonic,
    kind: kind === "exponential" ? "histogram" : kind,
  };
  for (const [at, pointEnd] of ends) {
    if (sink.points.length >= decoding.limits.points) throw tooMany("metric points", decoding.limits.points);
    reader.pos = at;
    sink.add(head, pointReaders[kind](reader, pointEnd, decoding));
  }
  reader.pos = end;
}

type PointReader = (reader: Reader, end: number, decoding: Decoding) => RawPoint;

const pointReaders: Readonly<Record<MetricHead["kind"] | "exponential", PointReader>> = {
  gauge: readNumberPoint,
  sum: readNumberPoint,
  histogram: readHistogramPoint,
  exponential: readExponentialPoint,
  // It is counted and not taken.
  summary: (reader, end) => {
    reader.pos = end;
    return emptyPoint(new Map());
  },
};

function readNumberPoint(reader: Reader, end: number, decoding: Decoding): RawPoint {
  const attributes = new Map<string, AttributeValue>();
  const point = emptyPoint(attributes);
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x3a:
        readAttribute(reader, endOfMessage(reader, end), attributes, decoding);
        break;
      case 0x11:
        point.start = readMicroseconds(reader);
        break;
      case 0x19:
        point.time = readMicroseconds(reader);
        break;
      case 0x21:
        point.value = reader.double();
        break;
      case 0x31:
        point.value = Number(BigInt.asIntN(64, BigInt(reader.fixed32()) | (BigInt(reader.fixed32()) << 32n)));
        break;
      case 0x40:
        point.isGap = (reader.uint32() & 1) === 1;
        break;
      default:
        skipField(reader, tag, end);
    }
  }
  endReached(reader, end);
  return point;
}

function readHistogramPoint(reader: Reader, end: number, decoding: Decoding): RawPoint {
  const attributes = new Map<string, AttributeValue>();
  const point = emptyPoint(attributes);
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x4a:
        readAttribute(reader, endOfMessage(reader, end), attributes, decoding);
        break;
      // A number of 64 bits is packed or stands alone.
      case 0x32:
      case 0x31:
        eachNumber(reader, tag, end, () => point.counts.push(readFixed64(reader)));
        break;
      case 0x3a:
      case 0x39:
        eachNumber(reader, tag, end, () => point.bounds.push(reader.double()));
        break;
      case 0x50:
        point.isGap = (reader.uint32() & 1) === 1;
        break;
      case 0x59:
        point.min = reader.double();
        break;
      case 0x61:
        point.max = reader.double();
        break;
      default:
        if (!readCommon(reader, tag, point)) skipField(reader, tag, end);
    }
  }
  endReached(reader, end);
  return point;
}

/** Start, time, count and sum have the same numbers in both kinds of histogram. */
function readCommon(reader: Reader, tag: number, point: RawPoint): boolean {
  if (tag === 0x11) point.start = readMicroseconds(reader);
  else if (tag === 0x19) point.time = readMicroseconds(reader);
  else if (tag === 0x21) point.count = readFixed64(reader);
  else if (tag === 0x29) point.sum = reader.double();
  else return false;
  return true;
}

const MOST_BUCKETS = 4096;

function eachNumber(reader: Reader, tag: number, limit: number, read: () => number): void {
  if ((tag & 7) !== 2) {
    if (read() > MOST_BUCKETS) throw tooManyBuckets();
    return;
  }
  const end = endOfMessage(reader, limit);
  while (reader.pos < end) if (read() > MOST_BUCKETS) throw tooManyBuckets();
  endReached(reader, end);
}

const tooManyBuckets = (): Error => invalid(`a histogram has more than ${MOST_BUCKETS} buckets`);

function readExponentialPoint(reader: Reader, end: number, decoding: Decoding): RawPoint {
  const attributes = new Map<string, AttributeValue>();
  const point = emptyPoint(attributes);
  const positive: ExponentialSide = { offset: 0, counts: [] };
  const negative: ExponentialSide = { offset: 0, counts: [] };
  let [scale, zeroCount, zeroThreshold] = [0, 0, 0];
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x0a:
        readAttribute(reader, endOfMessage(reader, end), attributes, decoding);
        break;
      case 0x30:
        scale = reader.sint32();
        break;
      case 0x39:
        zeroCount = readFixed64(reader);
        break;
      case 0x42:
        readSide(reader, endOfMessage(reader, end), positive);
        break;
      case 0x4a:
        readSide(reader, endOfMessage(reader, end), negative);
        break;
      case 0x50:
        point.isGap = (reader.uint32() & 1) === 1;
        break;
      case 0x61:
        point.min = reader.double();
        break;
      case 0x69:
        point.max = reader.double();
        break;
      case 0x71:
        zeroThreshold = reader.double();
        break;
      default:
        if (!readCommon(reader, tag, point)) skipField(reader, tag, end);
    }
  }
  endReached(reader, end);
  return {
    ...point,
    ...(explicitBuckets(scale, zeroThreshold, zeroCount, negative, positive) ?? { bounds: [NaN] }),
  };
}

function readSide(reader: Reader, end: number, side: ExponentialSide): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x08) side.offset = reader.sint32();
    else if (tag === 0x12 || tag === 0x10)
      eachNumber(reader, tag, end, () => side.counts.push(Number(readInt64(reader))));
    else skipField(reader, tag, end);
  }
  endReached(reader, end);
}
