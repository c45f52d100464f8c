import { decodeJsonSpans } from "./decode-json-spans.ts";
import { decodeSpans } from "./decode-spans.ts";
import { inflateBody } from "./inflate-body.ts";
import { invalid } from "./invalid.ts";
import { type OtlpLimits, otlpLimits } from "./limits.ts";
import { callsOfSpans, type SpanCallOptions, type SpanCalls } from "./spans-calls.ts";
import type { SetAside } from "./span.ts";

/** A request of OTLP/HTTP, as far as its body is concerned. */
export interface OtlpRequest {
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  readonly contentEncoding?: string | undefined;
}

export interface TraceCalls extends SpanCalls {
  /** What of the body was not read. */
  readonly setAside: Readonly<SetAside>;
}

/**
 * The calls of a request to /v1/traces.
 * @throws Problem "otlp-invalid", "input-too-large", "compression-broken"; then nothing of it has been taken
 */
export async function readTraces(
  request: OtlpRequest,
  options: SpanCallOptions & { readonly limits?: OtlpLimits },
): Promise<TraceCalls> {
  const limits = options.limits ?? otlpLimits;
  const { body, isJson } = await unpack(request, limits);
  const prompts = options.hashKey !== undefined;
  const { spans, setAside } = isJson
    ? decodeJsonSpans(body, limits, prompts)
    : decodeSpans(body, limits, prompts);
  return { ...callsOfSpans(spans, options), setAside };
}

/** The body unpacked, and which of the two formats it is in. */
export async function unpack(
  { body, contentType, contentEncoding }: OtlpRequest,
  limits: OtlpLimits,
): Promise<{ readonly body: Buffer; readonly isJson: boolean }> {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  const isJson = type === "application/json";
  if (!isJson && type !== "application/x-protobuf" && type !== "application/protobuf")
    throw invalid(
      `the content type ${JSON.stringify(type)} is neither application/x-protobuf nor application/json`,
    );
  return {
    body: await inflateBody(body, contentEncoding, isJson ? limits.jsonBytes : limits.inflatedBytes, limits),
    isJson,
  };
}
