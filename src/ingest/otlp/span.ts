/** A value as OTLP has it. Whole numbers beyond 2^53 are their digits. */
export type AttributeValue =
  | string
  | number
  | boolean
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

export type Attributes = ReadonlyMap<string, AttributeValue>;

/** One span, as far as calls are read from it. */
export interface OtlpSpan {
  /** What the span's process says of itself; the same object for all spans of a resource. */
  readonly resource: Attributes;
  /** Lower-case hex; what is not 16 and 8 bytes is empty. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** Microseconds since 1970. */
  readonly start: number;
  readonly end: number;
  /** Without texts of prompts and answers: their values are not even read. */
  readonly attributes: Attributes;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  /** exception.type of an event, the last one. */
  readonly exception: string | null;
  /** Microseconds since 1970, from the event that says so. */
  readonly firstToken: number | null;
  /** The attributes that hold the prompt, only where a hash of it is asked for. */
  readonly prompt: readonly PromptPart[] | null;
}

export type PromptPart = readonly [key: string, value: AttributeValue];

/** What was left out of what was read. */
export interface SetAside {
  /** Attributes beyond the most of a span, point or resource. */
  surplusAttributes: number;
  /** Attributes whose value is too long or nested too deep. */
  largeValues: number;
}

export interface DecodedSpans {
  readonly spans: readonly OtlpSpan[];
  readonly setAside: Readonly<SetAside>;
}
