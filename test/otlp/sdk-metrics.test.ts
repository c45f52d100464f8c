import { OTLPMetricExporter as ProtobufExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter as JsonExporter,
} from "@opentelemetry/exporter-metrics-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import type { MetricPoint } from "#ingest/otlp/metric-point.ts";
import { readMetrics } from "#ingest/otlp/read-metrics.ts";
import { tokenMeasure } from "#ingest/otlp/token-measure.ts";
import { collect } from "./collector.ts";

const OPERATION = "gen_ai.client.inference.operation.input_tokens";
const USAGE = "gen_ai.client.inference.usage.input_tokens";
const OLD = "gen_ai.client.token.usage";
const call = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai" };

/** A hundred calls of 300 input tokens, 100 text and 200 image, told by three generations of metrics. */
async function pointsOf(exporter: (url: string) => PushMetricExporter): Promise<MetricPoint[]> {
  const requests = await collect(async (url) => {
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ "service.name": "chat-api" }),
      readers: [
        new PeriodicExportingMetricReader({
          exporter: exporter(`${url}/v1/metrics`),
          exportIntervalMillis: 60_000,
        }),
      ],
      views: [
        {
          instrumentName: OPERATION,
          aggregation: {
            type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
            options: { boundaries: [100, 200, 300, 400] },
          },
        },
        { instrumentName: OLD, aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
      ],
    });
    const meter = provider.getMeter("application");
    const operation = meter.createHistogram(OPERATION, { unit: "{token}" });
    const usage = meter.createCounter(USAGE, { unit: "{token}" });
    const old = meter.createHistogram(OLD, { unit: "{token}" });
    const other = meter.createCounter("http.server.requests");
    for (let each = 0; each < 100; each++) {
      operation.record(300, call);
      usage.add(100, { ...call, "gen_ai.token.modality": "text" });
      usage.add(200, { ...call, "gen_ai.token.modality": "image" });
      old.record(300, { ...call, "gen_ai.token.type": "input" });
      other.add(1);
    }
    await provider.shutdown();
  });
  const read = await Promise.all(requests.map((request) => readMetrics(request)));
  expect(read.map(({ passedOver, rejected }) => ({ passedOver, rejected }))).toEqual([
    { passedOver: 1, rejected: {} },
  ]);
  return read.flatMap(({ points }) => [...points]);
}

/** The bound of the bucket that holds the q-th part of what was recorded. */
function quantile({ histogram }: MetricPoint, q: number): number {
  if (histogram === null) return NaN;
  let seen = 0;
  for (const [index, count] of histogram.counts.entries()) {
    seen += count;
    if (seen >= q * histogram.count) return histogram.bounds[index] ?? Infinity;
  }
  return NaN;
}

const exporters = {
  protobuf: (url: string) => new ProtobufExporter({ url }),
  JSON: (url: string) => new JsonExporter({ url }),
  "protobuf, delta": (url: string) =>
    new ProtobufExporter({ url, temporalityPreference: AggregationTemporalityPreference.DELTA }),
};

test.each(Object.entries(exporters))(
  "metrics of the OpenTelemetry SDK arrive as %s",
  async (name, exporter) => {
    const points = await pointsOf(exporter);
    const temporality = name.endsWith("delta") ? "delta" : "cumulative";
    for (const point of points) {
      expect(point).toMatchObject({ unit: "{token}", temporality, monotonic: true });
      expect(point.resource.get("service.name")).toBe("chat-api");
      expect(Math.abs(point.time / 1000 - Date.now())).toBeLessThan(60_000);
      expect(point.start ?? Infinity).toBeLessThanOrEqual(point.time);
    }
    const operation = points.find((point) => point.name === OPERATION);
    expect(operation?.histogram).toEqual({
      count: 100,
      sum: 30_000,
      min: 300,
      max: 300,
      bounds: [100, 200, 300, 400],
      counts: [0, 0, 100, 0, 0],
    });
    const usage = points.filter((point) => point.name === USAGE);
    expect(usage.map(({ attributes, value }) => [attributes.get("gen_ai.token.modality"), value])).toEqual([
      ["text", 10_000],
      ["image", 20_000],
    ]);
    const old = points.find((point) => point.name === OLD)?.histogram;
    expect([old?.count, old?.sum]).toEqual([100, 30_000]);
    // The bucket of an exponential histogram that holds 300 is narrow around it.
    const at = old?.counts.indexOf(100) ?? -1;
    expect(old?.bounds[at - 1]).toBeLessThan(300);
    expect(old?.bounds[at]).toBeGreaterThanOrEqual(300);
    expect((old?.bounds[at] ?? NaN) / (old?.bounds[at - 1] ?? NaN)).toBeLessThan(1.01);
  },
);

test("95 % of 100 calls of 100 text and 200 image tokens have 300 input tokens, not 200", async () => {
  const points = await pointsOf(exporters.protobuf);
  const perCall = points.filter(({ name, attributes }) => tokenMeasure(name, attributes)?.isPerCall === true);
  expect(perCall.map(({ name }) => name).sort()).toEqual([OPERATION, OLD].sort());
  const operation = perCall.find(({ name }) => name === OPERATION);
  expect(operation === undefined ? NaN : quantile(operation, 0.95)).toBe(300);
  // Of the totals each modality is a part, so their percentiles are none of calls.
  expect(tokenMeasure(USAGE, new Map([["gen_ai.token.modality", "image"]]))).toEqual({
    counts: "input",
    isSubset: false,
    isTotal: true,
    isPerCall: false,
  });
  expect(tokenMeasure(OPERATION, new Map([["gen_ai.token.modality", "image"]]))?.isPerCall).toBe(false);
});
