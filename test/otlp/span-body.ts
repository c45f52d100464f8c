import { readTraces, type TraceCalls } from "#ingest/otlp/read-traces.ts";
import type { SpanCallOptions } from "#ingest/otlp/spans-calls.ts";
import { UsageBelow } from "#ingest/otlp/usage-below.ts";

export const now = Date.UTC(2026, 6, 1, 12);

export interface TestSpan {
  readonly id?: number;
  readonly parent?: number;
  readonly trace?: number;
  readonly name?: string;
  /** Milliseconds after `now`. */
  readonly start?: number;
  readonly end?: number;
  readonly status?: number;
  readonly events?: readonly object[];
  readonly attributes?: Readonly<Record<string, unknown>>;
}

const hex = (of: number, digits: number): string => of.toString(16).padStart(digits, "0");

export const idOf = (span: number, trace = 1): string => `${hex(trace, 32)}-${hex(span, 16)}`;

/** A body of OTLP/JSON with these spans. */
export function bodyOf(spans: readonly TestSpan[], resource: Readonly<Record<string, unknown>> = {}): Buffer {
  const attributesOf = (all: Readonly<Record<string, unknown>>): object[] =>
    Object.entries(all).map(([key, value]) => ({ key, value: valueOf(value) }));
  return Buffer.from(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: attributesOf(resource) },
          scopeSpans: [
            {
              spans: spans.map((span, index) => ({
                traceId: hex(span.trace ?? 1, 32),
                spanId: hex(span.id ?? index + 1, 16),
                parentSpanId: span.parent === undefined ? "" : hex(span.parent, 16),
                name: span.name ?? "span",
                startTimeUnixNano: `${now + (span.start ?? 0)}000000`,
                endTimeUnixNano: `${now + (span.end ?? (span.start ?? 0) + 1000)}000000`,
                status: { code: span.status ?? 0 },
                events: span.events ?? [],
                attributes: attributesOf(span.attributes ?? {}),
              })),
            },
          ],
        },
      ],
    }),
  );
}

export function valueOf(value: unknown): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueOf) } };
  if (typeof value === "object" && value !== null)
    return {
      kvlistValue: { values: Object.entries(value).map(([key, each]) => ({ key, value: valueOf(each) })) },
    };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: value };
}

/** What is read of these spans. */
export const readSpans = (
  spans: readonly TestSpan[],
  options: Partial<SpanCallOptions> & { readonly resource?: Readonly<Record<string, unknown>> } = {},
): Promise<TraceCalls> =>
  readTraces(
    { body: bodyOf(spans, options.resource), contentType: "application/json; charset=utf-8" },
    { source: "otlp", now, below: new UsageBelow(), ...options },
  );
