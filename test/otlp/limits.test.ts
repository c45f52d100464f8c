import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { inflateBody } from "#ingest/otlp/inflate-body.ts";
import { otlpLimits } from "#ingest/otlp/limits.ts";
import { partialSuccess, successBody } from "#ingest/otlp/partial-success.ts";
import { type OtlpRequest, readTraces } from "#ingest/otlp/read-traces.ts";
import { UsageBelow } from "#ingest/otlp/usage-below.ts";
import { bodyOf, now, readSpans, type TestSpan } from "./span-body.ts";

const chat: Readonly<Record<string, unknown>> = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
};
const read = (request: Partial<OtlpRequest> & { body: Buffer }, limits = otlpLimits) =>
  readTraces(
    { contentType: "application/json", ...request },
    { source: "otlp", now, below: new UsageBelow(), limits },
  );

test("a gzip bomb is refused at the limit, not unpacked", async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20));
  expect(bomb.length).toBeLessThan(250_000);
  const before = process.memoryUsage().rss;
  for (const contentType of ["application/json", "application/x-protobuf"])
    await expect(read({ body: bomb, contentType, contentEncoding: "gzip" })).rejects.toMatchObject({
      code: "input-too-large",
    });
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  await expect(inflateBody(Buffer.alloc(17 * 2 ** 20), undefined, 2 ** 30, otlpLimits)).rejects.toMatchObject(
    {
      code: "input-too-large",
    },
  );
});

test.each([
  [{ body: gzipSync("{}").subarray(0, 12), contentEncoding: "gzip" }, "compression-broken"],
  [{ body: Buffer.from("{}"), contentEncoding: "gzip" }, "compression-broken"],
  [{ body: Buffer.from("{}"), contentEncoding: "br" }, "otlp-invalid"],
  [{ body: Buffer.from("{}"), contentType: "text/plain" }, "otlp-invalid"],
  [{ body: Buffer.from("{}"), contentType: undefined }, "otlp-invalid"],
  [{ body: Buffer.from("[]") }, "otlp-invalid"],
  [{ body: Buffer.from("") }, "otlp-invalid"],
  [{ body: Buffer.from([0x22, 0xff, 0x22]) }, "otlp-invalid"],
  [{ body: Buffer.from('{"resource_spans": []}') }, "otlp-invalid"],
  [{ body: Buffer.from('{"resourceSpans": {}}') }, "otlp-invalid"],
  [
    { body: Buffer.from('{"resourceSpans": [{"scopeSpans": [{"spans": [{"startTimeUnixNano": "now"}]}]}]}') },
    "otlp-invalid",
  ],
  [{ body: Buffer.from("umbrella"), contentType: "application/x-protobuf" }, "otlp-invalid"],
])("%o is one fault", async (request, code) => {
  await expect(read(request)).rejects.toMatchObject({ name: "Problem", code });
});

test("JSON that is nothing but brackets is refused before it is parsed", async () => {
  const started = performance.now();
  for (const text of ["[".repeat(15e6), `[${"[],".repeat(5e6)}[]]`])
    await expect(read({ body: Buffer.from(text) })).rejects.toMatchObject({ code: "otlp-invalid" });
  expect(performance.now() - started).toBeLessThan(5000);
});

test("empty requests are requests", async () => {
  expect(await read({ body: Buffer.from("{}") })).toMatchObject({ calls: [], spans: 0 });
  expect(await read({ body: Buffer.alloc(0), contentType: "application/x-protobuf" })).toMatchObject({
    spans: 0,
  });
});

test("more spans than the limit are refused whole", async () => {
  const body = bodyOf([{ attributes: chat }, { attributes: chat }, { attributes: chat }]);
  expect((await read({ body }, { ...otlpLimits, spans: 3 })).calls).toHaveLength(3);
  await expect(read({ body }, { ...otlpLimits, spans: 2 })).rejects.toMatchObject({
    code: "input-too-large",
  });
});

test("attributes beyond the limit, large values and deep ones are set aside and counted; the call is taken", async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`label.${index}`, "x"]));
  let deep: unknown = "x";
  for (let depth = 0; depth < 20; depth++) deep = [deep];
  const { calls, setAside, leftOut } = await readSpans([
    { attributes: { ...chat, ...many } },
    { attributes: { ...chat, "app.blob": "x".repeat(2 ** 20), "app.deep": deep, team: "search" } },
  ]);
  expect(calls.map(({ attributes }) => Object.keys(attributes).length)).toEqual([64, 1]);
  expect(setAside).toEqual({ surplusAttributes: 46, largeValues: 2 });
  expect(leftOut).toBe(254 - 64);
  expect(calls[1]?.attributes).toEqual({ team: "search" });
});

test("spans that can't be calls are counted by their reason, and the others taken", async () => {
  const year = 365 * 86_400_000;
  const spans: TestSpan[] = [
    { attributes: chat },
    { id: 0, attributes: chat },
    { trace: 0, attributes: chat },
    { start: -3 * year, attributes: chat },
    { start: 3 * 86_400_000, attributes: chat },
    { start: -now, attributes: chat },
    { start: 1000, end: 999, attributes: chat },
    // What is no call is not judged.
    { start: 1000, end: 999, attributes: {} },
  ];
  const { calls, rejected } = await readSpans(spans);
  expect(calls).toHaveLength(1);
  expect(rejected).toEqual({
    "id-missing": 2,
    "time-implausible": 2,
    "time-missing": 1,
    "ends-before-start": 1,
  });
  const partial = partialSuccess(rejected);
  expect(partial.rejected).toBe(6);
  expect(partial.message).toBe(
    "2 × id-missing (it has no valid id, by which it could be known again); 1 × time-missing (it has no start); " +
      "2 × time-implausible (it starts years ago or in the future: check the clock of its machine); " +
      "1 × ends-before-start (it ends before it starts)",
  );
  expect(JSON.parse(successBody(partial, true, "Spans").toString())).toEqual({
    partialSuccess: { rejectedSpans: "6", errorMessage: partial.message },
  });
});

test("full success says nothing", () => {
  expect(successBody(partialSuccess({}), true, "Spans").toString()).toBe("{}");
  expect(successBody(partialSuccess({}), false, "Spans")).toHaveLength(0);
});

test("ids in base64, as protobuf's own JSON has them, are no ids", async () => {
  const body = Buffer.from(
    JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: Buffer.alloc(16, 1).toString("base64"),
                  spanId: Buffer.alloc(8, 1).toString("base64"),
                  startTimeUnixNano: Number(BigInt(now) * 1_000_000n),
                  endTimeUnixNano: `${now + 1}000000`,
                  attributes: [{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }],
                },
              ],
            },
          ],
        },
      ],
    }),
  );
  expect(await read({ body })).toMatchObject({ calls: [], rejected: { "id-missing": 1 } });
});
