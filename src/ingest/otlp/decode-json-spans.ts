import type { Decoding } from "./decode-attributes.ts";
import { attributesOf } from "./decode-json-attributes.ts";
import { FIRST_TOKEN_EVENT, MOST_NAME_BYTES } from "./decode-spans.ts";
import { tooMany } from "./invalid.ts";
import {
  enumOf,
  hexOf,
  type JsonObject,
  listOf,
  microsecondsOf,
  objectOf,
  parseBody,
  textOf,
  topList,
} from "./json-body.ts";
import type { OtlpLimits } from "./limits.ts";
import type { Attributes, DecodedSpans, OtlpSpan, PromptPart } from "./span.ts";

/**
 * The spans of an ExportTraceServiceRequest in OTLP/JSON, as `decodeSpans` reads them from protobuf: ids are hex, whole numbers of 64 bits are
 * texts, members are in camelCase and unknown ones are stepped over.
 * @throws Problem "otlp-invalid", "input-too-large"; then nothing has been taken
 */
export function decodeJsonSpans(body: Buffer, limits: OtlpLimits, prompts: boolean): DecodedSpans {
  const decoding: Decoding = { limits, prompts, setAside: { surplusAttributes: 0, largeValues: 0 } };
  const spans: OtlpSpan[] = [];
  for (const each of topList(parseBody(body), "resourceSpans", "resource_spans")) {
    const ofResource = objectOf(each, "an entry of resourceSpans");
    const resource = attributesOf(objectOf(ofResource["resource"] ?? {}, "resource"), decoding, null, true);
    for (const ofScope of listOf(ofResource, "scopeSpans"))
      for (const span of listOf(objectOf(ofScope, "an entry of scopeSpans"), "spans")) {
        if (spans.length >= limits.spans) throw tooMany("spans", limits.spans);
        spans.push(readSpan(objectOf(span, "a span"), resource, decoding));
      }
  }
  return { spans, setAside: decoding.setAside };
}

function readSpan(span: JsonObject, resource: Attributes, decoding: Decoding): OtlpSpan {
  const prompt: PromptPart[] | null = decoding.prompts ? [] : null;
  const attributes = attributesOf(span, decoding, prompt);
  return {
    resource,
    traceId: hexOf(span, "traceId", 16),
    spanId: hexOf(span, "spanId", 8),
    parentSpanId: hexOf(span, "parentSpanId", 8),
    name: textOf(span, "name").slice(0, MOST_NAME_BYTES),
    start: microsecondsOf(span, "startTimeUnixNano"),
    end: microsecondsOf(span, "endTimeUnixNano"),
    attributes,
    status: enumOf(objectOf(span["status"] ?? {}, "status"), "code", ["UNSET", "OK", "ERROR"]),
    ...readEvents(span, decoding),
    prompt,
  };
}

function readEvents(span: JsonObject, decoding: Decoding): Pick<OtlpSpan, "exception" | "firstToken"> {
  let exception: string | null = null;
  let firstToken: number | null = null;
  for (const each of listOf(span, "events")) {
    const event = objectOf(each, "an event");
    const name = textOf(event, "name");
    if (FIRST_TOKEN_EVENT.test(name)) firstToken ??= microsecondsOf(event, "timeUnixNano");
    if (name !== "exception") continue;
    const type = attributesOf(event, decoding).get("exception.type");
    if (typeof type === "string") exception = type;
  }
  return { exception, firstToken };
}
