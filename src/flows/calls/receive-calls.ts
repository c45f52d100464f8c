import { rejectedCalls } from "#facts/call-rejection.ts";
import { type CallBody, readCallBody } from "#ingest/calls/read-call-body.ts";
import { partialSuccess, statusBody, successBody } from "#ingest/otlp/partial-success.ts";
import { type OtlpRequest, readTraces } from "#ingest/otlp/read-traces.ts";
import { UsageBelow } from "#ingest/otlp/usage-below.ts";
import type { Instant } from "#units/instant.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import type { CallRecorder } from "./record-calls.ts";
import { recordSound } from "./record-sound.ts";

/** What was made of a request to /v1/traces. All of it is on the disk. */
export interface TakenTraces {
  /** The answer's body, in the request's format. */
  readonly body: Buffer;
  readonly spans: number;
  readonly calls: number;
  /** By reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** What was made of a batch of calls. */
export type TakenCalls = Omit<CallBody, "calls"> & { readonly calls: number };

/** Receives calls of other processes: what is answered for is on the disk, and a call that is sent again counts once. */
export interface CallReceiver {
  /** @throws Problem "otlp-invalid", "input-too-large", "compression-broken": never half-taken; "journal-full": send it again later */
  traces(request: OtlpRequest, now: Instant): Promise<TakenTraces>;
  /** @param source who sends; calls of the same source and id are one. @throws as `traces`; "json-invalid", "calls-invalid" if none can be taken */
  batch(body: Uint8Array, encoding: string | undefined, source: string, now: Instant): Promise<TakenCalls>;
}

/** A refusal in OTLP's own words, in the request's format. @param code of google.rpc.Code */
export const otlpRefusal = (
  code: number,
  { code: name, message, hint }: ProblemReport,
  isJson: boolean,
): Buffer => statusBody(code, `${name}: ${message} ${hint ?? ""}`.trim(), isJson);

/** Of spans: their ids are unique wherever they come from. */
const SOURCE = "otlp";

/** @param hashKey asks for a hash of prompts; at least 16 bytes */
export function receiveCalls(recorder: Pick<CallRecorder, "record">, hashKey?: Uint8Array): CallReceiver {
  const below = new UsageBelow();
  const hashed = hashKey === undefined ? {} : { hashKey };
  return {
    traces: async (request, now) => {
      const read = await readTraces(request, { source: SOURCE, now, below, ...hashed });
      const { kept, rejected } = await recordSound(recorder, read.calls, read.rejected);
      const isJson = request.contentType?.startsWith("application/json") === true;
      const body = successBody(partialSuccess(rejected), isJson, "Spans");
      return { body, spans: read.spans, calls: kept, rejected };
    },
    batch: async (body, encoding, source, now) => {
      const { calls, ...told } = await readCallBody(body, encoding, { source, now, ...hashed });
      if (calls.length === 0 && rejectedCalls(told.rejected) > 0) throw noneTaken(told);
      const { kept, rejected } = await recordSound(recorder, calls, told.rejected);
      return { ...told, calls: kept, rejected };
    },
  };
}

function noneTaken({ rows, faults: [first] }: Pick<CallBody, "rows" | "faults">): Problem {
  const why = first === undefined ? "" : ` Call ${first.line}: ${first.message}.`;
  return new Problem("calls-invalid", `None of the ${rows} calls can be taken.${why}`);
}
