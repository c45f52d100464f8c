import protobuf from "protobufjs/minimal.js";
import { rejectedCalls, type Rejections, rejectionText } from "#facts/call-rejection.ts";

/** What the answer of OTLP says of a request that was taken in part. */
export interface PartialSuccess {
  readonly rejected: number;
  /** Empty if there is nothing to say. */
  readonly message: string;
}

/** Of calls that were not taken. */
export function partialSuccess(rejections: Rejections): PartialSuccess {
  return { rejected: rejectedCalls(rejections), message: rejectionText(rejections) };
}

/**
 * The body of a full or partial success: Export{Trace,Metrics}ServiceResponse. Both signals number their fields alike.
 * @see opentelemetry-proto docs/specification.md, partial success
 */
export function successBody(
  { rejected, message }: PartialSuccess,
  isJson: boolean,
  counted: "Spans" | "DataPoints",
): Buffer {
  const isFull = rejected === 0 && message === "";
  if (isJson) {
    const partial = { [`rejected${counted}`]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isFull ? {} : { partialSuccess: partial }));
  }
  if (isFull) return Buffer.alloc(0);
  const writer = protobuf.Writer.create();
  writer.uint32(0x0a).fork();
  if (rejected > 0) writer.uint32(0x08).int64(rejected);
  writer.uint32(0x12).string(message).ldelim();
  return Buffer.from(writer.finish());
}

/**
 * The body of a refusal: google.rpc.Status.
 * @param code of google.rpc.Code, such as 3, INVALID_ARGUMENT
 * @see opentelemetry-proto docs/specification.md, failures
 */
export function statusBody(code: number, message: string, isJson: boolean): Buffer {
  if (isJson) return Buffer.from(JSON.stringify({ code, message }));
  const writer = protobuf.Writer.create();
  writer.uint32(0x08).int32(code).uint32(0x12).string(message);
  return Buffer.from(writer.finish());
}
