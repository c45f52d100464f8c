import { serviceTier, regionOfAddress } from "#facts/call-service.ts";
import type { Call, CallStatus } from "#facts/call.ts";
import { providerName } from "#facts/provider-name.ts";
import { exactCost } from "#ingest/calls/exact-cost.ts";
import { KeptAttributes } from "#ingest/calls/kept-attributes.ts";
import { promptHash } from "#ingest/calls/prompt-hash.ts";
import { stepOf } from "./span-operation.ts";
import { customerNames, firstText, names, noise } from "./span-texts.ts";
import { countNames, type SpanUsage, spanTokens } from "./span-usage.ts";
import type { OtlpSpan } from "./span.ts";

/** What a call takes from outside its span. */
export interface SpanContext {
  readonly source: string;
  /** Spans around it that came with it, from the inside out. */
  readonly around: Iterable<OtlpSpan>;
  readonly hashKey: Uint8Array | null;
}

/** Told by columns of their own, so not kept among the attributes. */
const consumed = new Set<string>([
  ...Object.values(names).flat(),
  ...countNames,
  "gen_ai.operation.name",
  "openinference.span.kind",
  "llm.request.type",
  "gen_ai.agent.name",
  "gen_ai.workflow.name",
  "gen_ai.response.time_to_first_chunk",
  "error.type",
  "exception.type",
  "llm.cost.total",
  "gen_ai.usage.cost",
]);

/** A span that is a call, as a call; its times have been checked. */
export function callOfSpan(
  span: OtlpSpan,
  operation: string,
  usage: SpanUsage | null,
  { source, around, hashKey }: SpanContext,
): { readonly call: Call; readonly leftOut: number } {
  const { attributes } = span;
  const provider = providerOf(span);
  const kept = keptAttributes(span);
  const inherited = fromAround(span, around);
  const status = statusOf(span);
  const statedCost = exactCost(attributes.get("llm.cost.total") ?? attributes.get("gen_ai.usage.cost"));
  const call: Call = {
    source,
    id: `${span.traceId}-${span.spanId}`,
    start: Math.floor(span.start / 1000),
    duration: span.end - span.start,
    firstToken: firstTokenOf(span),
    provider,
    operation: operation.slice(0, 256),
    requestModel: firstText(attributes, names.requestModel),
    responseModel: firstText(attributes, names.responseModel),
    region: regionOfAddress(firstText(attributes, ["server.address"]) ?? ""),
    tier: serviceTier(firstText(attributes, names.tier) ?? ""),
    status,
    error:
      status === "error"
        ? (firstText(attributes, ["error.type"]) ?? span.exception?.slice(0, 256) ?? null)
        : null,
    retry: retryOf(span),
    ...spanTokens(usage, provider),
    requests: {},
    statedCost,
    statedCurrency: statedCost === null ? null : "USD",
    traceId: span.traceId,
    ...inherited,
    promptHash: hashKey === null || span.prompt === null ? null : promptHash(hashKey, span.prompt),
    attributes: kept.values,
  };
  return { call, leftOut: kept.leftOut };
}

/** OpenInference says who serves the model beside whose it is; Azure serving OpenAI's is a provider of its own. */
function providerOf({ attributes }: OtlpSpan): string {
  return providerName(firstText(attributes, names.provider) ?? "") || "unknown";
}

function firstTokenOf(span: OtlpSpan): number | null {
  const seconds = span.attributes.get("gen_ai.response.time_to_first_chunk");
  const microseconds =
    typeof seconds === "number"
      ? Math.round(seconds * 1e6)
      : span.firstToken === null
        ? -1
        : span.firstToken - span.start;
  return microseconds >= 0 && microseconds <= span.end - span.start ? microseconds : null;
}

/** Instrumentations leave the status unset when all went well. */
const statusOf = (span: OtlpSpan): CallStatus =>
  span.status === 2 || (span.status === 0 && span.attributes.has("error.type")) ? "error" : "ok";

function retryOf({ attributes }: OtlpSpan): boolean | null {
  const count = attributes.get("http.request.resend_count") ?? attributes.get("http.resend_count");
  return typeof count === "number" ? count > 0 : null;
}

/** Conversation, customer and step: the span's own, else those of the nearest span around it that says so. */
function fromAround(
  span: OtlpSpan,
  around: Iterable<OtlpSpan>,
): Pick<Call, "conversation" | "customer" | "step"> {
  let conversation = firstText(span.attributes, names.conversation);
  let customer = firstText(span.attributes, customerNames);
  let step = ownStep(span);
  if (conversation !== null && customer !== null && step !== null) return { conversation, customer, step };
  for (const each of around) {
    conversation ??= firstText(each.attributes, names.conversation);
    customer ??= firstText(each.attributes, customerNames);
    step ??= stepOf(each.attributes, each.name)?.slice(0, 256) ?? null;
  }
  return { conversation, customer, step: step ?? firstText(span.attributes, ["traceloop.workflow.name"]) };
}

/** A call's own name is that of the request; only an agent's, a workflow's or a prompt's says which step it is. */
const ownStep = ({ attributes }: OtlpSpan): string | null =>
  firstText(attributes, ["gen_ai.agent.name", "gen_ai.workflow.name", "agent.name", ...names.prompt]);

function keptAttributes(span: OtlpSpan): KeptAttributes {
  const kept = new KeptAttributes();
  // A span's own value counts before its resource's, as nearer to the call.
  for (const [key, value] of span.attributes) if (isKept(key)) kept.add(key, value, true);
  for (const [key, value] of span.resource) if (isKept(key)) kept.add(key, value, true);
  return kept;
}

const known = new Map<string, boolean>();

/** Names are asked about for every span and are few; a sender of ever new ones gains nothing. */
function isKept(key: string): boolean {
  let answer = known.get(key);
  if (answer !== undefined) return answer;
  answer = !consumed.has(key) && !noise.test(key);
  if (known.size >= 20_000) known.clear();
  known.set(key, answer);
  return answer;
}
