import { gzipSync } from "node:zlib";
import protobuf from "protobufjs/minimal.js";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildServer } from "#api/build-server.ts";
import { serverMetrics } from "#api/server-metrics.ts";
import { receiveCalls } from "#flows/calls/receive-calls.ts";
import { type CallRecorder, recordCalls } from "#flows/calls/record-calls.ts";
import { type OwnFolder, ownFolder } from "../imports/kit.ts";
import { line } from "./kit.ts";

let own: OwnFolder;
let recorder: CallRecorder;
let app: FastifyInstance;
const faults: unknown[] = [];

/** A server in this process over a real journal. */
const built = (record: CallRecorder, more: object = {}): FastifyInstance =>
  buildServer({
    receiver: receiveCalls(record),
    outcomes: { take: async () => 0 },
    metricReceiver: { metrics: async () => ({ body: Buffer.alloc(0), points: 0, rejected: {} }) },
    metrics: serverMetrics(async () => 0),
    now: () => Date.UTC(2026, 6, 15),
    isReady: () => true,
    onFault: (cause) => faults.push(cause),
    ...more,
  });

beforeAll(async () => {
  own = await ownFolder();
  recorder = await recordCalls(own.data);
  app = built(recorder);
});
afterAll(async () => {
  await app.close();
  await recorder.close();
  await own.remove();
});

const send = (url: string, payload: Buffer | string, headers: Record<string, string>, server = app) =>
  server.inject({ method: "POST", url, payload, headers });

/** The code and message of a google.rpc.Status. */
function statusOf(body: Buffer): [number, string] {
  const reader = protobuf.Reader.create(body);
  reader.uint32();
  const code = reader.int32();
  reader.uint32();
  return [code, reader.string()];
}

const bomb = gzipSync(Buffer.alloc(80 * 2 ** 20));
const proto = { "content-type": "application/x-protobuf" };

describe("a request of which nothing is taken", () => {
  test.each([
    ["protobuf that is none", Buffer.from("hello, this is text"), proto, 400, "otlp-invalid"],
    ["a bomb", bomb, { ...proto, "content-encoding": "gzip" }, 413, "input-too-large"],
    [
      "half of a gzip",
      bomb.subarray(0, 1000),
      { ...proto, "content-encoding": "gzip" },
      400,
      "compression-broken",
    ],
    ["another encoding", Buffer.from("x"), { ...proto, "content-encoding": "br" }, 400, "otlp-invalid"],
    ["another type", Buffer.from("x"), { "content-type": "text/plain" }, 415, "content-type-unsupported"],
    ["JSON that is none", Buffer.from("{"), { "content-type": "application/json" }, 400, "otlp-invalid"],
    ["a body beyond 16 MiB", Buffer.alloc(17 * 2 ** 20), proto, 413, "input-too-large"],
  ] as const)("%s", async (_, body, headers, status, code) => {
    const answer = await send("/v1/traces", body, headers);
    expect(answer.statusCode).toBe(status);
    const isProtobuf = headers["content-type"] === "application/x-protobuf";
    const message = isProtobuf ? statusOf(answer.rawPayload)[1] : answer.json<{ message: string }>().message;
    expect(message).toMatch(new RegExp(`^${code}: `));
    expect(faults).toEqual([]);
  });

  test.each([
    ["{", 400, "json-invalid"],
    ["[1, 2]", 400, "calls-invalid"],
    [JSON.stringify([line("a", { start: "2031-01-01T00:00:00Z" })]), 400, "calls-invalid"],
    [`[${"[".repeat(200)}${"]".repeat(200)}]`, 413, "input-too-large"],
  ])("a batch of %s", async (body, status, code) => {
    const answer = await send("/api/v1/calls", body, { "content-type": "application/json" });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });

  test("what is not there, and signals that are not kept", async () => {
    expect((await app.inject({ url: "/nothing" })).statusCode).toBe(404);
    const answer = await send("/v1/logs", "{}", { "content-type": "application/json" });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ message: string }>().message).toContain("OTLP logs are not kept");
  });
});

test("a call with an odd value keeps no other out", async () => {
  const calls = [line("odd", { durationSeconds: 3e9 }), line("even")];
  const answer = await send("/api/v1/calls", JSON.stringify(calls), { "content-type": "application/json" });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ calls: 1, rejected: { "field-invalid": 1 } });
});

describe("back-pressure", () => {
  test("more than the journal may hold is to be sent again later, and is taken then", async () => {
    const small = await ownFolder();
    const little = await recordCalls(small.data, {
      segmentBytes: 1e6,
      waitingBytes: 3000,
      unwrittenBytes: 1e6,
    });
    const server = built(little);
    const body = (id: string): string => JSON.stringify([line(id)]);
    const json = { "content-type": "application/json" };
    const statuses: number[] = [];
    for (let number = 0; number < 30; number++) {
      const answer = await send("/api/v1/calls", body(String(number)), json, server);
      statuses.push(answer.statusCode);
      if (answer.statusCode === 429) expect(answer.headers["retry-after"]).toBe("10");
    }
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.indexOf(429)).toBeGreaterThan(0);
    await server.close();
    await little.close();
    await small.remove();
  });

  test("more at once than the server works on is to be sent again in a second", async () => {
    const narrow = built(recorder, { limits: { requests: 2, bytes: 1e9 } });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        send(
          "/api/v1/calls",
          JSON.stringify([line(`n${index}`)]),
          { "content-type": "application/json" },
          narrow,
        ),
      ),
    );
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers["retry-after"]).toBe("1");
    expect(answers.some(({ statusCode }) => statusCode === 200)).toBe(true);
    const later = await send(
      "/api/v1/calls",
      JSON.stringify([line("later")]),
      { "content-type": "application/json" },
      narrow,
    );
    expect(later.statusCode).toBe(200);
    await narrow.close();
  });
});
