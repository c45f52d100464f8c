import type { Call } from "#facts/call.ts";
import type { RejectionReason, Rejections } from "#facts/call-rejection.ts";
import type { Instant } from "#units/instant.ts";
import { callOfSpan } from "./span-call.ts";
import { operationOf } from "./span-operation.ts";
import { childrenFirst, spansAround, spansById } from "./span-order.ts";
import { totalsOf, usageOf } from "./span-usage.ts";
import type { OtlpSpan } from "./span.ts";
import type { UsageBelow } from "./usage-below.ts";

export interface SpanCallOptions {
  /** `Call.source`. */
  readonly source: string;
  /** The clock that spans are held against. */
  readonly now: Instant;
  /** Kept from one request to the next, so that parents sent later are known. */
  readonly below: UsageBelow;
  /** Asks for a hash of prompts; at least 16 bytes that only you know. */
  readonly hashKey?: Uint8Array;
}

export interface SpanCalls {
  readonly calls: readonly Call[];
  readonly spans: number;
  /** Spans that would be calls and can't be taken. */
  readonly rejected: Rejections;
  /** Spans around calls that only repeat what those used. */
  readonly repeating: number;
  /** Spans around calls that tell a usage of their own, other than that of the calls inside; they are taken. */
  readonly differing: number;
  /** Attributes of calls that were not kept, as texts, secrets or too many. */
  readonly leftOut: number;
}

/** Older spans than this, and those from further ahead, come from a wrong clock. */
const OLDEST_MILLISECONDS = 2 * 365 * 86_400_000;
const AHEAD_MILLISECONDS = 86_400_000;

/**
 * The calls among spans. Of spans inside one another each token counts once: an agent, workflow or tool is never a call, and a call around
 * others is none if it repeats the sum of their input and output, or tells no usage.
 */
export function callsOfSpans(spans: readonly OtlpSpan[], options: SpanCallOptions): SpanCalls {
  const { source, now, below } = options;
  const hashKey = options.hashKey ?? null;
  const byId = spansById(spans);
  const calls: Call[] = [];
  const rejected: Partial<Record<RejectionReason, number>> = {};
  let [repeating, differing, leftOut] = [0, 0, 0];
  for (const span of childrenFirst(spans, byId)) {
    const inside = below.of(span.traceId, span.spanId);
    const pass = (usage: typeof inside): void => {
      if (usage !== null) below.add(span.traceId, span.parentSpanId, span.spanId, usage);
    };
    const operation = operationOf(span.attributes, span.name);
    if (operation === null) {
      pass(inside);
      continue;
    }
    const reason = reasonAgainst(span, now);
    if (reason !== null) {
      rejected[reason] = (rejected[reason] ?? 0) + 1;
      continue;
    }
    const usage = usageOf(span.attributes);
    const own = totalsOf(usage);
    if (inside !== null && (own === null || (own[0] === inside.input && own[1] === inside.output))) {
      repeating++;
      pass(inside);
      continue;
    }
    if (inside !== null) differing++;
    pass(own === null ? null : { input: own[0], output: own[1] });
    const made = callOfSpan(span, operation, usage, { source, around: spansAround(span, byId), hashKey });
    calls.push(made.call);
    leftOut += made.leftOut;
  }
  return { calls, spans: spans.length, rejected, repeating, differing, leftOut };
}

function reasonAgainst(span: OtlpSpan, now: Instant): RejectionReason | null {
  if (/^0*$/.test(span.traceId) || /^0*$/.test(span.spanId)) return "id-missing";
  if (span.start === 0) return "time-missing";
  const start = span.start / 1000;
  if (start < now - OLDEST_MILLISECONDS || start > now + AHEAD_MILLISECONDS) return "time-implausible";
  return span.end < span.start ? "ends-before-start" : null;
}
