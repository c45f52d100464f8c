import * as fc from "fast-check";
import protobuf from "protobufjs";
import { expect, test } from "vitest";
import { Problem } from "#units/problems.ts";
import { readMetrics } from "#ingest/otlp/read-metrics.ts";
import { type OtlpRequest, readTraces, type TraceCalls } from "#ingest/otlp/read-traces.ts";
import { UsageBelow } from "#ingest/otlp/usage-below.ts";
import { exportRequest, traceProto } from "../../bench/generated-spans.ts";

const now = Date.UTC(2026, 6, 1);
const request = exportRequest(now, 3);
const type = protobuf.parse(traceProto).root.lookupType("ExportTraceServiceRequest");
const bodies = {
  "application/x-protobuf": Buffer.from(type.encode(type.fromObject(request.protobuf)).finish()),
  "application/json": Buffer.from(JSON.stringify(request.json)),
};
const hashKey = Buffer.from("a key of sixteen");
const MOST_MILLISECONDS = 2000;
const members =
  `resourceSpans resourceMetrics scopeSpans scopeMetrics spans metrics resource attributes key value stringValue intValue
  arrayValue values kvlistValue name gauge sum histogram exponentialHistogram dataPoints bucketCounts explicitBounds count
  startTimeUnixNano status code events traceId`.split(/\s+/);

const readCalls = (of: OtlpRequest): Promise<TraceCalls> =>
  readTraces(of, { source: "otlp", now, below: new UsageBelow(), hashKey });

/** Anything but the stated faults, or a read that takes long, fails. */
async function survives(contentType: string, body: Buffer): Promise<void> {
  for (const read of [readCalls, readMetrics]) {
    const started = performance.now();
    try {
      await read({ body, contentType });
    } catch (caught) {
      expect(caught).toBeInstanceOf(Problem);
      expect(["otlp-invalid", "input-too-large"]).toContain((caught as Problem).code);
    }
    expect(performance.now() - started).toBeLessThan(MOST_MILLISECONDS);
  }
}

test("the whole bodies are three calls each, the same in both formats", async () => {
  const [fromProtobuf, fromJson] = await Promise.all(
    Object.entries(bodies).map(async ([contentType, body]) => (await readCalls({ body, contentType })).calls),
  );
  expect(fromProtobuf).toHaveLength(3);
  expect(fromJson).toEqual(fromProtobuf);
});

test.each(Object.entries(bodies))(
  "%s cut off anywhere is a fault, or nothing is missing of what came whole",
  async (contentType, body) => {
    for (let length = 0; length < body.length; length++) {
      const read = await readCalls({ body: body.subarray(0, length), contentType }).catch(
        (caught: unknown) => caught,
      );
      if (read instanceof Problem) expect(read.code).toBe("otlp-invalid");
      // Protobuf without its last message is whole, and so is no message at all.
      else expect([length, (read as TraceCalls).spans]).toEqual([0, 0]);
    }
  },
);

test.each(Object.entries(bodies))(
  "%s with changed bytes is a fault or is read",
  async (contentType, body) => {
    const change = fc.record({ at: fc.nat(body.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const changed = Buffer.from(body);
        for (const { at, byte } of changes) changed[at] = byte;
        await survives(contentType, changed);
      }),
      { numRuns: 1500 },
    );
  },
);

test.each(Object.keys(bodies))("any bytes as %s are a fault or are read", async (contentType) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(contentType, Buffer.from(bytes))),
    { numRuns: 1500 },
  );
});

test("any JSON is a fault or is read", async () => {
  const key = fc.constantFrom(...members);
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 9 },
      fc.constantFrom<unknown>("gen_ai.x", 1, "1", null, true, -1.5, ""),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(key, tie("json"), { maxKeys: 4 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(json, (value) => survives("application/json", Buffer.from(JSON.stringify(value)))),
    { numRuns: 1500 },
  );
});

test("groups and messages inside one another do not exhaust the stack", async () => {
  await survives("application/x-protobuf", Buffer.alloc(2 ** 20, 0x0b));
  // Each message holds the next one: a list in a list in a list.
  let body: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 3000; depth++) body = messageOf(depth % 2 === 0 ? 0x0a : 0x2a, body);
  const attribute = messageOf(
    0x4a,
    Buffer.concat([messageOf(0x0a, Buffer.from("app.deep")), messageOf(0x12, body)]),
  );
  const span = messageOf(0x0a, messageOf(0x12, messageOf(0x12, attribute)));
  const read = await readCalls({ body: span, contentType: "application/x-protobuf" });
  expect(read.setAside).toEqual({ surplusAttributes: 0, largeValues: 1 });
});

function messageOf(tag: number, content: Buffer): Buffer {
  const writer = protobuf.Writer.create();
  return Buffer.from(writer.uint32(tag).bytes(content).finish());
}
