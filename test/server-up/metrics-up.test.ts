import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { AggregationTemporalityPreference } from "@opentelemetry/exporter-metrics-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import { post, up, type Up } from "./kit.ts";

const TOKENS = "gen_ai.client.token.usage";
const NEWER = "gen_ai.client.inference.usage.input_tokens";
const DURATION = "gen_ai.client.operation.duration";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

interface Group {
  readonly group: { readonly Controller: string | null };
  readonly signal: string;
  readonly total?: number;
  readonly mean?: number;
  readonly p95?: { readonly above: number; readonly upTo: number };
}
const signals = async (): Promise<Group[]> =>
  (JSON.parse((await plimsoll(["signals", "--data", own.data, "--json"])).stdout) as { groups: Group[] })
    .groups;
const totals = async (): Promise<Record<string, number | undefined>> =>
  Object.fromEntries((await signals()).map(({ signal, total }) => [signal, total]));

/** An instrumented application that exports where it is told. */
function application(temporality: AggregationTemporalityPreference, exponential = false) {
  let exporter: OTLPMetricExporter | undefined;
  const settled: Promise<void>[] = [];
  const reader = new PeriodicExportingMetricReader({
    exporter: {
      export: (metrics, done) => {
        settled.push(
          new Promise((resolve) =>
            exporter?.export(metrics, (result) => {
              done(result);
              resolve();
            }),
          ),
        );
      },
      forceFlush: async () => void (await Promise.all(settled)),
      shutdown: () => Promise.resolve(),
      selectAggregationTemporality: () => (temporality === AggregationTemporalityPreference.DELTA ? 0 : 1),
    },
    exportIntervalMillis: 3_600_000,
    exportTimeoutMillis: 60_000,
  });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ "service.name": "chat-api", team: "search" }),
    readers: [reader],
    views: exponential
      ? [{ instrumentName: DURATION, aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }]
      : [],
  });
  const meter = provider.getMeter("application");
  const tokens = meter.createHistogram(TOKENS, { unit: "{token}" });
  const duration = meter.createHistogram(DURATION, {
    unit: "s",
    advice: { explicitBucketBoundaries: [0.5, 1, 2, 4] },
  });
  const resolved = meter.createCounter("plimsoll.outcome.resolved-ticket");
  const newer = meter.createCounter(NEWER, { unit: "{token}" });
  return {
    call: (input: number, seconds: number, failed = false): void => {
      const of = { "gen_ai.operation.name": "chat", "gen_ai.response.model": "gpt-5" };
      tokens.record(input, { ...of, "gen_ai.token.type": "input" });
      tokens.record(10, { ...of, "gen_ai.token.type": "output" });
      newer.add(input, of);
      duration.record(seconds, { ...of, ...(failed ? { "error.type": "timeout" } : {}) });
      resolved.add(1, { success: !failed });
    },
    flush: async (url: string): Promise<void> => {
      exporter = new OTLPMetricExporter({ url: `${url}/v1/metrics`, temporalityPreference: temporality });
      await provider.forceFlush();
    },
    end: () => provider.shutdown(),
  };
}

describe.each([
  ["cumulative", AggregationTemporalityPreference.CUMULATIVE, false],
  ["delta", AggregationTemporalityPreference.DELTA, false],
  ["cumulative, exponential", AggregationTemporalityPreference.CUMULATIVE, true],
])("metrics of the OpenTelemetry SDK, %s", (_, temporality, exponential) => {
  test("count once, whatever ends the server between two exports", async () => {
    const app = application(temporality, exponential);
    let served: Up | undefined;
    const ends = ["SIGKILL", "SIGTERM", "SIGKILL", "SIGTERM"] as const;
    for (const [round, signal] of ends.entries()) {
      served = await up(own.data, { args: ["--compact-seconds", round === 1 ? "1" : "600"] });
      for (let each = 0; each < 10; each++) app.call(100 + round, 0.3 + round, each === 9);
      await app.flush(served.url);
      // Nothing happened since: an export like the one before.
      await app.flush(served.url);
      await served.end(signal);
    }
    await app.end();
    const input = [100, 101, 102, 103].reduce((sum, each) => sum + each * 10, 0);
    expect(await totals()).toMatchObject({
      used_input_tokens: input,
      used_output_tokens: 400,
      call_seconds: 40,
      calls_finished: 36,
      calls_failed: 4,
    });
    const of = (await signals()).find(({ signal }) => signal === "call_seconds");
    expect(of?.group.Controller).toBe("chat-api");
    expect(of?.mean).toBeCloseTo((0.3 + 1.3 + 2.3 + 3.3) / 4, 6);
    expect(of?.p95?.above).toBeGreaterThan(1.9);
    expect(of?.p95?.upTo).toBeLessThan(4.1);
    const outcomes = JSON.parse(
      (await plimsoll(["outcomes", "--data", own.data, "--by", "team", "--json"])).stdout,
    ) as {
      groups: Readonly<Record<string, string>>[];
    };
    expect(outcomes.groups).toMatchObject([
      { x_Team: "search", Kind: "resolved-ticket", Count: "40", Succeeded: "36", Failed: "4" },
    ]);
  }, 120_000);
});

const nano = (milliseconds: number): string => `${milliseconds}000000`;
const body = (name: string, unit: string, data: object, attributes: object[] = []): string =>
  JSON.stringify({
    resourceMetrics: [
      {
        resource: {
          attributes: [{ key: "service.name", value: { stringValue: "chat-api" } }, ...attributes],
        },
        scopeMetrics: [{ metrics: [{ name, unit, ...data }] }],
      },
    ],
  });
const sum = (points: readonly object[], more: object = {}): object => ({
  sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: points, ...more },
});
const now = Date.now();
const point = (value: number | string, more: object = {}): object => ({
  startTimeUnixNano: nano(now - 60_000),
  timeUnixNano: nano(now),
  asInt: String(value),
  attributes: [{ key: "gen_ai.token.type", value: { stringValue: "input" } }],
  ...more,
});

test("what can't be taken is told with its reason, and the rest counts", async () => {
  const served = await up(own.data);
  const send = async (content: string, type = "application/json"): Promise<[number, unknown]> => {
    const answer = await post(`${served.url}/v1/metrics`, content, { "content-type": type });
    return [answer.status, type.includes("json") ? (JSON.parse(answer.body) as unknown) : undefined];
  };
  const told = (count: number, reason: string): unknown => [
    200,
    {
      partialSuccess: {
        rejectedDataPoints: String(count),
        errorMessage: expect.stringContaining(reason) as string,
      },
    },
  ];
  const NAME = "gen_ai.client.inference.tokens";
  expect(await send(body(NAME, "{token}", sum([point(100)])))).toEqual([200, {}]);
  expect(await send(body(NAME, "{token}", sum([point(100)])))).toEqual([200, {}]);
  expect(await send(body(NAME, "furlongs", sum([point(100)])))).toEqual(told(1, "unit-unknown"));
  expect(await send(body(NAME, "{token}", sum([point(-5)])))).toEqual(told(1, "not-a-count"));
  expect(await send(body(NAME, "{token}", sum([point(5)], { isMonotonic: false })))).toEqual(
    told(1, "not-a-count"),
  );
  expect(await send(body(NAME, "{token}", sum([point(5)], { aggregationTemporality: 0 })))).toEqual(
    told(1, "no-temporality"),
  );
  expect(await send(body(NAME, "{token}", sum([point(0, { asInt: undefined, asDouble: "NaN" })])))).toEqual(
    told(1, "no-number"),
  );
  expect(
    await send(body(NAME, "{token}", sum([point(5, { timeUnixNano: nano(now - 5 * 366 * 86_400_000) })]))),
  ).toEqual(told(1, "time-implausible"));
  expect(await send(body("plimsoll.outcome.Not A Kind", "", sum([point(5)])))).toEqual(
    told(1, "name-invalid"),
  );
  expect(await send(body("http.server.requests", "", sum([point(5)])))).toEqual([200, {}]);
  expect(await send("{", "application/json")).toMatchObject([400, { code: 3 }]);
  expect(await send("\u0001\u0002", "application/x-protobuf")).toEqual([400, undefined]);
  expect(await send("{}", "text/plain")).toEqual([415, undefined]);
  const text = await (await fetch(`${served.url}/metrics`)).text();
  expect(text).toMatch(/plimsoll_calls_rejected_total\{route="\/v1\/metrics",reason="not-a-count"\} 2/);
  expect(await served.end()).toBe(0);
  expect(await totals()).toEqual({ used_input_tokens: 100 });
}, 60_000);

test("a process that ran for long before is counted from now on, and one that began anew from its start", async () => {
  const served = await up(own.data);
  const send = (start: number, time: number, value: number) =>
    post(
      `${served.url}/v1/metrics`,
      body(
        "gen_ai.client.inference.tokens",
        "{token}",
        sum([point(value, { startTimeUnixNano: nano(start), timeUnixNano: nano(time) })]),
      ),
      { "content-type": "application/json" },
    );
  await send(now - 86_400_000, now - 120_000, 1_000_000);
  await send(now - 86_400_000, now - 60_000, 1_000_007);
  await send(now - 30_000, now, 5);
  expect(await served.end()).toBe(0);
  expect(await totals()).toEqual({ used_input_tokens: 12 });
}, 60_000);

test("a value that is too large is set aside by itself, and no other of its request with it", async () => {
  const server = await up(own.data, { args: ["--compact-seconds", "1"] });
  const now = Date.now();
  const point = (team: string, value: number) => ({
    timeUnixNano: `${now}000000`,
    asDouble: value,
    attributes: [{ key: "team", value: { stringValue: team } }],
  });
  const dataPoints = [point("good", 7), point("bad", 1e300), point("worse", 1e12)];
  const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints };
  const body = {
    resourceMetrics: [
      { scopeMetrics: [{ metrics: [{ name: "plimsoll.outcome.conversion", unit: "1", sum }] }] },
    ],
  };
  const answer = await fetch(`${server.url}/v1/metrics`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect([answer.status, await answer.text()]).toEqual([
    200,
    expect.stringMatching(/"rejectedDataPoints":"2".*2 × out-of-range/),
  ]);
  await server.end();
  const { stdout } = await plimsoll(["outcomes", "--by", "team", "--data", own.data, "--csv"]);
  expect(stdout).toMatch(/^good,conversion,7,/m);
});
