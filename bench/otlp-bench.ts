import protobuf from "protobufjs";
import { gzipSync } from "node:zlib";
import { decodeJsonSpans } from "#ingest/otlp/decode-json-spans.ts";
import { decodeSpans } from "#ingest/otlp/decode-spans.ts";
import { otlpLimits } from "#ingest/otlp/limits.ts";
import { readTraces } from "#ingest/otlp/read-traces.ts";
import { UsageBelow } from "#ingest/otlp/usage-below.ts";
import { exportRequest, SPANS, traceProto } from "./generated-spans.ts";

/** Spans per second of our reading against protobufjs's own decoding of the same bodies, in one run. */
export async function otlpBench(): Promise<string[]> {
  const type = protobuf.parse(traceProto).root.lookupType("ExportTraceServiceRequest");
  const now = Date.UTC(2026, 6, 1);
  const request = exportRequest(now);
  const body = Buffer.from(type.encode(type.fromObject(request.protobuf)).finish());
  const json = Buffer.from(JSON.stringify(request.json));
  const gzip = gzipSync(body);
  const contentType = "application/x-protobuf";
  const options = { source: "otlp", now };
  const ways: [name: string, read: () => unknown][] = [
    ["protobufjs alone, decode", () => type.decode(body)],
    ["protobufjs alone, decode and toObject", () => type.toObject(type.decode(body))],
    ["spans from protobuf", () => decodeSpans(body, otlpLimits, false)],
    ["calls from protobuf", () => readTraces({ body, contentType }, { ...options, below: new UsageBelow() })],
    [
      "calls from gzipped protobuf",
      () =>
        readTraces(
          { body: gzip, contentType, contentEncoding: "gzip" },
          { ...options, below: new UsageBelow() },
        ),
    ],
    ["JSON.parse alone", () => JSON.parse(json.toString("utf8"))],
    ["spans from JSON", () => decodeJsonSpans(json, otlpLimits, false)],
    [
      "calls from JSON",
      () =>
        readTraces({ body: json, contentType: "application/json" }, { ...options, below: new UsageBelow() }),
    ],
  ];
  const rates = await ratesOf(ways.map(([, read]) => read));
  const alone = rates[0] ?? NaN;
  const size = (bytes: number): string => `${Math.round(bytes / 1000)} KB`;
  return [
    `${SPANS} spans of 15 attributes: ${size(body.length)} protobuf, ${size(gzip.length)} gzipped, ${size(json.length)} JSON`,
    ...ways.map(([name], index) => {
      const rate = rates[index] ?? NaN;
      const goal = name.startsWith("calls from p") ? " (goal 0.5)" : "";
      return `${name}: ${Math.round(rate / 1000)}k spans/s, ${(rate / alone).toFixed(2)} of protobufjs alone${goal}`;
    }),
  ];
}

/** By the time of the process's own threads, and the ways take turns, so that what else the machine does touches all alike; the middle of their rates. */
async function ratesOf(ways: readonly (() => unknown)[]): Promise<number[]> {
  const times = ways.map((): number[] => []);
  for (let round = 0; round < 60; round++)
    for (const [index, read] of ways.entries()) {
      const started = process.cpuUsage();
      await read();
      const { user, system } = process.cpuUsage(started);
      // The first rounds warm the compiler.
      if (round >= 20) times[index]?.push((user + system) / 1000);
    }
  return times.map(
    (each) => (SPANS / (each.sort((a, b) => a - b)[Math.floor(each.length / 2)] ?? NaN)) * 1000,
  );
}
