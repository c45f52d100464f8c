import type { OtlpSpan } from "./span.ts";

/** The spans of a request, children before their parents; spans in a circle come last. */
export function childrenFirst(
  spans: readonly OtlpSpan[],
  byId: ReadonlyMap<string, OtlpSpan>,
): readonly OtlpSpan[] {
  const waiting = new Map<OtlpSpan, number>();
  for (const span of spans) {
    const parent = parentOf(span, byId);
    if (parent !== undefined) waiting.set(parent, (waiting.get(parent) ?? 0) + 1);
  }
  if (waiting.size === 0) return spans;
  const ordered = spans.filter((span) => !waiting.has(span));
  for (let at = 0; at < ordered.length; at++) {
    const parent = parentOf(ordered[at] as OtlpSpan, byId);
    if (parent === undefined) continue;
    const left = (waiting.get(parent) ?? 0) - 1;
    waiting.set(parent, left);
    if (left === 0) ordered.push(parent);
  }
  return ordered.length === spans.length ? ordered : [...new Set([...ordered, ...spans])];
}

/** The spans around a span that came with it, from the inside out. */
export function* spansAround(span: OtlpSpan, byId: ReadonlyMap<string, OtlpSpan>): Generator<OtlpSpan> {
  let around = parentOf(span, byId);
  for (let depth = 0; around !== undefined && depth < MOST_DEPTH; depth++) {
    yield around;
    around = parentOf(around, byId);
  }
}

const MOST_DEPTH = 64;

/** Span ids alone are unique among the spans of a request, or else the last of one counts; a parent is of the same trace. */
export const spansById = (spans: readonly OtlpSpan[]): ReadonlyMap<string, OtlpSpan> =>
  new Map(spans.map((span) => [span.spanId, span]));

function parentOf(span: OtlpSpan, byId: ReadonlyMap<string, OtlpSpan>): OtlpSpan | undefined {
  if (span.parentSpanId === "" || span.parentSpanId === span.spanId) return undefined;
  const parent = byId.get(span.parentSpanId);
  return parent?.traceId === span.traceId ? parent : undefined;
}
