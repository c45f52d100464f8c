/** How much of one request is read. What is beyond a limit of the body is refused whole; what is beyond one of an attribute is set aside and counted. */
export interface OtlpLimits {
  /** The body as it was sent. */
  readonly bodyBytes: number;
  /** The body unpacked, protobuf. */
  readonly inflatedBytes: number;
  /** The body unpacked, JSON: a parser takes up to thirty times its size. */
  readonly jsonBytes: number;
  readonly spans: number;
  readonly points: number;
  /** Of one span, metric point or resource. */
  readonly attributes: number;
  /** Of one attribute's value. */
  readonly valueBytes: number;
  /** Of values inside a value. */
  readonly depth: number;
}

/** Exporters send 512 spans at a time and collectors 8,192; SDKs keep 128 attributes of a span. */
export const otlpLimits: OtlpLimits = {
  bodyBytes: 16 * 2 ** 20,
  inflatedBytes: 64 * 2 ** 20,
  jsonBytes: 16 * 2 ** 20,
  spans: 50_000,
  points: 100_000,
  attributes: 256,
  valueBytes: 16 * 2 ** 10,
  depth: 16,
};
