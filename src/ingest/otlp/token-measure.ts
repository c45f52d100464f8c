import type { Attributes, AttributeValue } from "./span.ts";

/** What a metric of the conventions says of tokens. */
export interface TokenMeasure {
  readonly counts:
    | "input"
    | "output"
    | "cacheRead"
    | "cacheWrite"
    | "uncached"
    | "reasoning"
    | "visible"
    | "unknown";
  /** Whether these tokens are part of another measure, and so must not be added to it. */
  readonly isSubset: boolean;
  /** Whether its sums are totals of use; distributions may leave calls out and are for percentiles only. */
  readonly isTotal: boolean;
  /** Whether one recording is one call, so that percentiles of it mean something: split by modality it is only a part of a call. */
  readonly isPerCall: boolean;
}

const USAGE = "gen_ai.client.inference.usage.";
const CLASSES: Readonly<Record<string, TokenMeasure["counts"]>> = {
  none: "uncached",
  read: "cacheRead",
  creation: "cacheWrite",
  response: "visible",
  reasoning: "reasoning",
};

const classOf = (value: AttributeValue | undefined): TokenMeasure["counts"] =>
  (typeof value === "string" ? CLASSES[value] : undefined) ?? "unknown";

/**
 * What a metric counts, over the three generations of names; undefined if it counts no tokens.
 * @see semantic-conventions-genai gen-ai-token-metrics.md
 */
export function tokenMeasure(name: string, attributes: Attributes): TokenMeasure | undefined {
  const isWhole = !attributes.has("gen_ai.token.modality");
  const type = attributes.get("gen_ai.token.type");
  const side = type === "input" || type === "output" ? type : "unknown";
  const counter = (counts: TokenMeasure["counts"], isSubset: boolean): TokenMeasure => ({
    counts,
    isSubset,
    isTotal: true,
    isPerCall: false,
  });
  switch (name) {
    case "gen_ai.client.token.usage":
      return { counts: side, isSubset: false, isTotal: true, isPerCall: isWhole };
    case "gen_ai.client.inference.tokens":
      return counter(side, false);
    case "gen_ai.client.inference.input_tokens_by_cache":
      return counter(classOf(attributes.get("gen_ai.token.cache")), true);
    case "gen_ai.client.inference.output_tokens_by_phase":
      return counter(classOf(attributes.get("gen_ai.token.phase")), true);
    case `${USAGE}input_tokens`:
      return counter("input", false);
    case `${USAGE}output_tokens`:
      return counter("output", false);
    case `${USAGE}cache_read.input_tokens`:
      return counter("cacheRead", true);
    case `${USAGE}cache_write.input_tokens`:
      return counter("cacheWrite", true);
    case `${USAGE}reasoning.output_tokens`:
      return counter("reasoning", true);
    case "gen_ai.client.inference.operation.input_tokens":
      return { counts: "input", isSubset: false, isTotal: false, isPerCall: isWhole };
    case "gen_ai.client.inference.operation.output_tokens":
      return { counts: "output", isSubset: false, isTotal: false, isPerCall: isWhole };
    default:
      return undefined;
  }
}
