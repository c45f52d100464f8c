import type { Call, CallTokens } from "#facts/call.ts";
import { type PlainCounts, plainTokens } from "#facts/call-tokens.ts";
import { countTokens } from "#facts/count-tokens.ts";
import { inclusiveTokens } from "#ingest/calls/cached-input.ts";
import type { Attributes, AttributeValue } from "./span.ts";

/** The newest convention's name of a count, and the spellings of it, of which the first that is there is read. */
const spellings: readonly (readonly [name: string, ...spellings: string[]])[] = [
  [
    "input_tokens",
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
  ],
  [
    "output_tokens",
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
  ],
  [
    "cache_read.input_tokens",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
  ],
  [
    "cache_creation.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
  ],
  [
    "reasoning.output_tokens",
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
  ],
  ["audio.input_tokens", "gen_ai.usage.audio.input_tokens", "llm.token_count.prompt_details.audio"],
  ["image.input_tokens", "gen_ai.usage.image.input_tokens"],
  ["video.input_tokens", "gen_ai.usage.video.input_tokens"],
  ["audio.output_tokens", "gen_ai.usage.audio.output_tokens", "llm.token_count.completion_details.audio"],
  ["image.output_tokens", "gen_ai.usage.image.output_tokens"],
];

/** Every attribute that counts tokens, so that none is kept a second time among the others. */
export const countNames: ReadonlySet<string> = new Set([
  ...spellings.flatMap(([, ...each]) => each),
  "gen_ai.usage.total_tokens",
  "llm.usage.total_tokens",
  "llm.token_count.total",
  "gen_ai.usage.text.input_tokens",
  "gen_ai.usage.text.output_tokens",
]);

export type SpanUsage = Readonly<Record<string, AttributeValue>>;

/** Newest name and spellings, so that nothing is put together for each span. */
const counts = spellings.map(([name, ...each]) => ({ name: `gen_ai.usage.${name}`, spellings: each }));

/** A span's counts of tokens by their newest names; null if it has none. */
export function usageOf(attributes: Attributes): SpanUsage | null {
  let usage: Record<string, AttributeValue> | null = null;
  for (const { name, spellings } of counts)
    for (const spelling of spellings) {
      const value = attributes.get(spelling);
      if (value === undefined) continue;
      usage ??= {};
      usage[name] = value;
      break;
    }
  return usage;
}

/** Input and output as the span tells them, for comparing spans with one another. */
export const totalsOf = (usage: SpanUsage | null): readonly [input: number, output: number] | null => {
  if (usage === null) return null;
  const [input, output] = [usage["gen_ai.usage.input_tokens"], usage["gen_ai.usage.output_tokens"]];
  return [typeof input === "number" ? input : 0, typeof output === "number" ? output : 0];
};

/** The tokens of a call by the conventions: input includes what was cached, output includes reasoning. */
export function spanTokens(usage: SpanUsage | null, provider: string): Pick<Call, "tokens" | "tokensFault"> {
  if (usage === null) return { tokens: null, tokensFault: null };
  const plain = plainOf(usage);
  if (plain !== undefined) return { tokens: plain, tokensFault: null };
  const of = (name: string): AttributeValue | undefined => usage[`gen_ai.usage.${name}`];
  return inclusiveTokens(countTokens("otel", usage), provider, () => ({
    input: of("input_tokens"),
    output: of("output_tokens"),
    cacheRead: of("cache_read.input_tokens"),
    cacheWrite: of("cache_creation.input_tokens"),
    reasoning: of("reasoning.output_tokens"),
  }));
}

function plainOf(usage: SpanUsage): CallTokens | undefined {
  const counts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
  for (const [name, value] of Object.entries(usage)) {
    const plain = plainNames[name];
    if (plain === undefined || typeof value !== "number") return undefined;
    counts[plain] = value;
  }
  // Parts without their totals are no counts of a call.
  return "gen_ai.usage.input_tokens" in usage || "gen_ai.usage.output_tokens" in usage
    ? plainTokens(counts)
    : undefined;
}

const plainNames: Readonly<Record<string, keyof PlainCounts>> = {
  "gen_ai.usage.input_tokens": "input",
  "gen_ai.usage.output_tokens": "output",
  "gen_ai.usage.cache_read.input_tokens": "cacheRead",
  "gen_ai.usage.cache_creation.input_tokens": "cacheWrite",
  "gen_ai.usage.reasoning.output_tokens": "reasoning",
};
