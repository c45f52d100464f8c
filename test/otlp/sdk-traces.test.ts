import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import type { Call } from "#facts/call.ts";
import { readTraces } from "#ingest/otlp/read-traces.ts";
import { UsageBelow } from "#ingest/otlp/usage-below.ts";
import { collect } from "./collector.ts";

const start = Date.UTC(2026, 6, 1, 12);
const SECRET_PROMPT = "Where did I leave the blue umbrella?";

/** What an application with an agent does: the agent asks a model twice, the first time in vain, and embeds the answer. */
function runApplication(exporter: SpanExporter): Promise<void> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": "chat-api",
      "deployment.environment.name": "production",
      "k8s.namespace.name": "chat",
      team: "search",
      "process.command_args": ["node", "--password=hunter2"],
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("application");
  const agent = tracer.startSpan("invoke_agent Helper", {
    startTime: start,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "Helper",
      "gen_ai.provider.name": "openai",
      "gen_ai.usage.input_tokens": 1200,
      "gen_ai.usage.output_tokens": 300,
      "user.id": "customer-7",
    },
  });
  const inside = trace.setSpan(context.active(), agent);
  const chat = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.input.messages": JSON.stringify([
      { role: "user", parts: [{ type: "text", content: SECRET_PROMPT }] },
    ]),
  };
  const failed = tracer.startSpan(
    "chat gpt-5-mini",
    {
      startTime: start + 10,
      kind: SpanKind.CLIENT,
      attributes: { ...chat, "error.type": "rate_limit_exceeded" },
    },
    inside,
  );
  failed.setStatus({ code: SpanStatusCode.ERROR, message: `Refused: ${SECRET_PROMPT}` });
  failed.end(start + 20);
  const answered = tracer.startSpan(
    "chat gpt-5-mini",
    {
      startTime: start + 30,
      kind: SpanKind.CLIENT,
      attributes: {
        ...chat,
        "gen_ai.response.model": "gpt-5-mini-2026-05-01",
        "gen_ai.usage.input_tokens": 1200,
        "gen_ai.usage.cache_read.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 300,
        "gen_ai.usage.reasoning.output_tokens": 100,
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.time_to_first_chunk": 0.25,
        "openai.response.service_tier": "default",
        "http.request.resend_count": 1,
      },
    },
    inside,
  );
  answered.addEvent("gen_ai.content.prompt", { "gen_ai.prompt": SECRET_PROMPT });
  answered.end(start + 2030);
  const embedded = tracer.startSpan(
    "embeddings text-embedding-3-small",
    {
      startTime: start + 2040,
      attributes: {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "text-embedding-3-small",
        "gen_ai.usage.prompt_tokens": 42,
      },
    },
    inside,
  );
  embedded.end(start + 2050);
  tracer.startSpan("GET /healthz", { startTime: start }, inside).end(start + 1);
  agent.end(start + 2100);
  return provider.shutdown();
}

async function callsFrom(exporter: (url: string) => SpanExporter): Promise<readonly Call[]> {
  const requests = await collect((url) => runApplication(exporter(`${url}/v1/traces`)));
  const calls: Call[] = [];
  for (const request of requests) {
    const read = await readTraces(request, { source: "otlp", now: start + 60_000, below: new UsageBelow() });
    expect(read).toMatchObject({ spans: 5, rejected: {}, repeating: 0 });
    calls.push(...read.calls);
  }
  return calls.sort((a, b) => a.start - b.start);
}

const exporters = {
  protobuf: (url: string) => new ProtobufExporter({ url }),
  "gzipped protobuf": (url: string) => new ProtobufExporter({ url, compression: "gzip" as never }),
  JSON: (url: string) => new JsonExporter({ url }),
};

test.each(Object.entries(exporters))("calls of the OpenTelemetry SDK arrive as %s", async (_, exporter) => {
  const [failed, answered, embedded, ...others] = await callsFrom(exporter);
  expect(others).toEqual([]);
  expect(failed).toMatchObject({
    status: "error",
    error: "rate_limit_exceeded",
    tokens: null,
    tokensFault: null,
    step: "Helper",
  });
  expect(answered).toEqual({
    source: "otlp",
    id: expect.stringMatching(/^[0-9a-f]{32}-[0-9a-f]{16}$/),
    start: start + 30,
    duration: 2_000_000,
    firstToken: 250_000,
    provider: "openai",
    operation: "chat",
    requestModel: "gpt-5-mini",
    responseModel: "gpt-5-mini-2026-05-01",
    region: null,
    tier: "standard",
    status: "ok",
    error: null,
    retry: true,
    tokens: {
      uncachedInput: 200,
      cacheRead: 1000,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      visibleOutput: 200,
      reasoningOutput: 100,
      audioInput: 0,
      imageInput: 0,
      videoInput: 0,
      audioOutput: 0,
    },
    tokensFault: null,
    requests: {},
    statedCost: null,
    statedCurrency: null,
    traceId: failed?.traceId,
    conversation: null,
    step: "Helper",
    customer: "customer-7",
    promptHash: null,
    attributes: {
      "service.name": "chat-api",
      "deployment.environment.name": "production",
      "k8s.namespace.name": "chat",
      team: "search",
      "gen_ai.response.finish_reasons": '["stop"]',
      "http.request.resend_count": "1",
    },
  });
  expect(embedded).toMatchObject({
    operation: "embeddings",
    provider: "openai",
    tokens: { uncachedInput: 42, visibleOutput: 0 },
  });
});

test("no text of a prompt is in what is kept, and none of a secret", async () => {
  for (const exporter of Object.values(exporters)) {
    const kept = JSON.stringify(await callsFrom(exporter));
    for (const text of ["umbrella", "hunter2", "Refused"]) expect(kept).not.toContain(text);
  }
});

test("protobuf and JSON of the same spans are the same calls, with the same hashes of prompts", async () => {
  const hashKey = Buffer.from("0123456789abcdef");
  const all = [];
  for (const exporter of Object.values(exporters)) {
    const requests = await collect((url) => runApplication(exporter(`${url}/v1/traces`)));
    for (const request of requests) {
      const { calls } = await readTraces(request, {
        source: "otlp",
        now: start,
        below: new UsageBelow(),
        hashKey,
      });
      all.push(calls.map((call) => ({ ...call, id: "", traceId: "" })));
    }
  }
  const [first, ...others] = all;
  expect(first?.map(({ promptHash }) => promptHash?.length ?? null)).toEqual([64, 64, null]);
  for (const other of others) expect(other).toEqual(first);
});
