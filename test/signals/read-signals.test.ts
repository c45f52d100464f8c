import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SignalName, SignalPoint } from "#facts/signal.ts";
import { readSignals } from "#ingest/prometheus/signals/read-signals.ts";
import { openMetrics } from "../allocation/history.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { prometheusSkipped, type PrometheusServer, startPrometheus } from "../servers/prometheus.ts";
import { at, series, steps } from "./serving-history.ts";

describe.skipIf(prometheusSkipped !== undefined)("signals of a real Prometheus", () => {
  let own: OwnFolder;
  let server: PrometheusServer;
  let points: SignalPoint[];
  beforeAll(async () => {
    own = await ownFolder();
    server = await startPrometheus(path.join(own.folder, "tsdb"), openMetrics(series));
    points = await readSignals({ url: server.url }, { steps, matchers: "", cluster: "c" });
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await own.remove();
  });
  const of = (signal: SignalName): SignalPoint[] => points.filter((point) => point.signal === signal);

  test("a counter is summed over replicas: past resets, from zero for a pod that is started, and not over a gap", () => {
    const tokens = of("input_tokens");
    expect(
      tokens.every(
        ({ controllerKind, controller, model, namespace }) =>
          [controllerKind, controller, model, namespace].join() === "Deployment,chat,llama,ml",
      ),
    ).toBe(true);
    const byStep = new Map(tokens.map(({ time, sum }) => [time, sum]));
    expect(byStep.get(at(0))).toBe(300);
    // Minute 12 began at zero: 10 to 12 is lost with the restart, as every counter loses it; 12 to 15 is there.
    expect(byStep.get(at(2))).toBe(180);
    // The second pod is started in minute 20.
    expect(byStep.get(at(4))).toBe(600);
    // The first one's samples end in minute 26, and begin again in 48: what it counted meanwhile is nobody's step.
    expect(byStep.get(at(5))).toBe(360);
    for (const step of [6, 7, 8, 9]) expect(byStep.get(at(step))).toBe(300);
    expect(byStep.get(at(10))).toBe(600);
    expect(byStep.get(at(11))).toBe(600);
  });

  test("of a renamed gauge each step has one value, today's name first", () => {
    const usage = of("kv_cache_usage").map(({ time, sum, count }) => [(time - at(0)) / 300_000, sum, count]);
    expect(usage.slice(0, 4)).toEqual([
      [0, 0.25, 1],
      [1, expect.anything(), 1],
      [2, 0.5, 1],
      [3, 0.5, 1],
    ]);
  });

  test("a gauge has its mean and its highest value", () => {
    const [first] = of("requests_waiting");
    expect(first).toMatchObject({ time: at(0), max: 30, count: 1 });
    expect(first?.sum).toBeGreaterThan(5);
    expect(first?.sum).toBeLessThan(12);
  });

  test("a histogram's buckets hold their own observations, beside its sum and number", () => {
    const first = of("first_token_seconds").filter(({ time }) => time === at(0));
    expect(first.map(({ lower, upper, count, sum }) => [lower, upper, count, sum])).toEqual([
      [-Infinity, 1, 30, 0],
      [1, 4, 15, 0],
      [4, Infinity, 5, 0],
      [undefined, undefined, 50, 100],
    ]);
  });

  test("durations told in microseconds without buckets are seconds and their number", () => {
    expect(of("request_seconds")[0]).toMatchObject({ controller: "t-0", model: "bert", sum: 20, count: 10 });
  });

  test("a GPU has one activity, by the best metric, and its holder; one that nobody holds has its node", () => {
    const active = of("gpu_active").filter(({ time }) => time === at(0));
    expect(active).toMatchObject([
      { device: "GPU-1", controller: "chat", sum: 0.4, node: "n1" },
      { device: "GPU-2", controller: "", sum: 0.07, node: "n1" },
    ]);
  });

  test("copies of a fact are one", () => {
    expect(of("replicas_ready")[0]).toMatchObject({
      controllerKind: "Deployment",
      controller: "chat",
      sum: 2,
      count: 1,
    });
  });
});

if (prometheusSkipped !== undefined) console.warn(`Skipped: ${prometheusSkipped}`);
