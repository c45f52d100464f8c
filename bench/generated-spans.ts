export const SPANS = 1000;

/** What of OTLP's trace.proto a span of the bench has, written for protobufjs to compile. */
export const traceProto = `syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
}
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
  ArrayValue array_value = 5; } }
message ArrayValue { repeated AnyValue values = 1; }`;

type Value =
  | { stringValue: string }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: Value[] } };

/** A thousand calls of an instrumented application, as both formats have them. */
export function exportRequest(
  now: number,
  count = SPANS,
): { readonly protobuf: object; readonly json: object } {
  const spans = Array.from({ length: count }, (_, index) => spanOf(index, now));
  const resource = {
    attributes: attributesOf({
      "service.name": "chat-api",
      "deployment.environment.name": "production",
      team: "search",
    }),
  };
  const request = (each: (span: Span) => object): object => ({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "bench" }, spans: spans.map(each) }] }],
  });
  return {
    json: request((span) => span),
    protobuf: request((span) => ({
      ...span,
      traceId: Buffer.from(span.traceId, "hex"),
      spanId: Buffer.from(span.spanId, "hex"),
      parentSpanId: Buffer.from(span.parentSpanId, "hex"),
    })),
  };
}

type Span = ReturnType<typeof spanOf>;

function spanOf(index: number, now: number) {
  const hex = (digits: number, of: number): string => (of + 1).toString(16).padStart(digits, "0");
  const start = BigInt(now - 60_000 + index) * 1_000_000n;
  return {
    traceId: hex(32, Math.floor(index / 4)),
    spanId: hex(16, index),
    parentSpanId: hex(16, 1_000_000 + Math.floor(index / 4)),
    name: "chat gpt-5-mini",
    kind: 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1_500_000_000n),
    status: { code: 1 },
    attributes: attributesOf({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.response.model": "gpt-5-mini-2026-05-01",
      "gen_ai.response.id": `chatcmpl-${hex(24, index)}`,
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 1000 + index,
      "gen_ai.usage.output_tokens": 200 + (index % 50),
      "gen_ai.usage.cache_read.input_tokens": 500,
      "gen_ai.usage.reasoning.output_tokens": 100,
      "gen_ai.request.temperature": 0.25,
      "gen_ai.conversation.id": `conv-${hex(12, Math.floor(index / 8))}`,
      "gen_ai.agent.name": "Helper",
      "server.address": "api.openai.com",
      "user.id": `customer-${index % 20}`,
    }),
  };
}

const attributesOf = (
  all: Readonly<Record<string, string | number | string[]>>,
): { key: string; value: Value }[] =>
  Object.entries(all).map(([key, value]) => ({ key, value: valueOf(value) }));

function valueOf(value: string | number | string[]): Value {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueOf) } };
  if (typeof value === "string") return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
