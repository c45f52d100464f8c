import protobuf from "protobufjs/minimal.js";
import { Problem } from "#units/problems.ts";
import { type Decoding, readAttribute } from "./decode-attributes.ts";
import { invalid, tooMany } from "./invalid.ts";
import type { OtlpLimits } from "./limits.ts";
import { textAt } from "./short-texts.ts";
import type { Attributes, AttributeValue, DecodedSpans, OtlpSpan, PromptPart } from "./span.ts";
import { endOfMessage, endReached, readHex, readMicroseconds, skipField } from "./wire.ts";

type Reader = protobuf.Reader;

/**
 * The spans of an ExportTraceServiceRequest in protobuf, read straight into flat rows; what we don't need is stepped over.
 * @param prompts whether the texts of prompts are read, for their hash
 * @throws Problem "otlp-invalid", "input-too-large"; then nothing has been taken
 * @see opentelemetry-proto trace.proto; its fields' numbers are the tags here: number × 8 + wire type
 */
export function decodeSpans(body: Buffer, limits: OtlpLimits, prompts: boolean): DecodedSpans {
  const decoding: Decoding = { limits, prompts, setAside: { surplusAttributes: 0, largeValues: 0 } };
  const spans: OtlpSpan[] = [];
  unbroken(body, (reader) => {
    readParts(reader, reader.len, 0x0a, (end) => readResourceSpans(reader, end, spans, decoding));
  });
  return { spans, setAside: decoding.setAside };
}

/** Whatever goes wrong inside is a fault of the body. */
export function unbroken(body: Buffer, read: (reader: Reader) => void): void {
  try {
    read(protobuf.Reader.create(body));
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw invalid("it is cut off or damaged", cause);
  }
}

/** Reads each part of one tag, and steps over the others. */
export function readParts(reader: Reader, end: number, part: number, read: (end: number) => void): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === part) read(endOfMessage(reader, end));
    else skipField(reader, tag, end);
  }
  endReached(reader, end);
}

/**
 * The attributes of the resource, field 1 of the message that ends there. It may be written behind its spans, so it is looked for first
 * and the reader put back.
 */
export function readResource(reader: Reader, end: number, decoding: Decoding): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  const start = reader.pos;
  readParts(reader, end, 0x0a, (resourceEnd) =>
    readParts(reader, resourceEnd, 0x0a, (attributeEnd) =>
      readAttribute(reader, attributeEnd, attributes, decoding, null, true),
    ),
  );
  reader.pos = start;
  return attributes;
}

function readResourceSpans(reader: Reader, end: number, spans: OtlpSpan[], decoding: Decoding): void {
  const resource = readResource(reader, end, decoding);
  readParts(reader, end, 0x12, (scopeEnd) =>
    readParts(reader, scopeEnd, 0x12, (spanEnd) => {
      if (spans.length >= decoding.limits.spans) throw tooMany("spans", decoding.limits.spans);
      spans.push(readSpan(reader, spanEnd, resource, decoding));
    }),
  );
}

function readSpan(reader: Reader, end: number, resource: Attributes, decoding: Decoding): OtlpSpan {
  const attributes = new Map<string, AttributeValue>();
  const prompt: PromptPart[] | null = decoding.prompts ? [] : null;
  const event: SpanEvents = { exception: null, firstToken: null };
  let [traceId, spanId, parentSpanId, name] = ["", "", "", ""];
  let [start, spanEnd, status] = [0, 0, 0];
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x0a:
        traceId = readHex(reader, end, 16);
        break;
      case 0x12:
        spanId = readHex(reader, end, 8);
        break;
      case 0x22:
        parentSpanId = readHex(reader, end, 8);
        break;
      case 0x2a:
        name = readText(reader, end);
        break;
      case 0x39:
        start = readMicroseconds(reader);
        break;
      case 0x41:
        spanEnd = readMicroseconds(reader);
        break;
      case 0x4a:
        readAttribute(reader, endOfMessage(reader, end), attributes, decoding, prompt);
        break;
      case 0x5a:
        readEvent(reader, endOfMessage(reader, end), event, decoding);
        break;
      case 0x7a:
        status = readStatus(reader, endOfMessage(reader, end));
        break;
      default:
        skipField(reader, tag, end);
    }
  }
  endReached(reader, end);
  const { exception, firstToken } = event;
  return {
    resource,
    traceId,
    spanId,
    parentSpanId,
    name,
    start,
    end: spanEnd,
    attributes,
    status,
    exception,
    firstToken,
    prompt,
  };
}

/** Text as it stands there; of names a few hundred letters say enough. */
function readText(reader: Reader, limit: number): string {
  const end = endOfMessage(reader, limit);
  const start = reader.pos;
  reader.pos = end;
  return textAt(reader.buf as Buffer, start, Math.min(end, start + MOST_NAME_BYTES));
}

export const MOST_NAME_BYTES = 256;

interface SpanEvents {
  exception: string | null;
  firstToken: number | null;
}

/** Of events only their time and the type of an exception are read: their other attributes are texts. */
function readEvent(reader: Reader, end: number, events: SpanEvents, decoding: Decoding): void {
  const start = reader.pos;
  let [time, name] = [0, ""];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x09) time = readMicroseconds(reader);
    else if (tag === 0x12) name = readText(reader, end);
    else skipField(reader, tag, end);
  }
  endReached(reader, end);
  if (FIRST_TOKEN_EVENT.test(name)) events.firstToken ??= time;
  if (name !== "exception") return;
  reader.pos = start;
  const attributes = new Map<string, AttributeValue>();
  readParts(reader, end, 0x1a, (attributeEnd) =>
    readAttribute(reader, attributeEnd, attributes, decoding, null, false),
  );
  const type = attributes.get("exception.type");
  if (typeof type === "string") events.exception = type;
}

/** OpenInference's event of the first chunk of a stream. */
export const FIRST_TOKEN_EVENT = /^first token stream event$/i;

function readStatus(reader: Reader, end: number): number {
  let code = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x18) code = reader.uint32();
    else skipField(reader, tag, end);
  }
  endReached(reader, end);
  return code;
}
