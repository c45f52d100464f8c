import type { Call } from "#facts/call.ts";
import { callTokens } from "#facts/call-tokens.ts";
import { countTokens } from "#facts/count-tokens.ts";
import type { TokenCount } from "#facts/token-usage.ts";
import type { Attributes, AttributeValue } from "./span.ts";

/** The newest convention's name of a count, and the spellings of it, of which the first that is there is read. */
const counts: readonly (readonly [name: string, ...spellings: string[]])[] = [
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
  ...counts.flatMap(([, ...spellings]) => spellings),
  "gen_ai.usage.total_tokens",
  "llm.usage.total_tokens",
  "llm.token_count.total",
  "gen_ai.usage.text.input_tokens",
  "gen_ai.usage.text.output_tokens",
]);

export type SpanUsage = Readonly<Record<string, AttributeValue>>;

/** A span's counts of tokens by their newest names; null if it has none. */
export function usageOf(attributes: Attributes): SpanUsage | null {
  const usage: Record<string, AttributeValue> = {};
  let isEmpty = true;
  for (const [name, ...spellings] of counts)
    for (const spelling of spellings) {
      const value = attributes.get(spelling);
      if (value === undefined) continue;
      usage[`gen_ai.usage.${name}`] = value;
      isEmpty = false;
      break;
    }
  return isEmpty ? null : usage;
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
  const count = countTokens("otel", usage);
  return callTokens(isExclusive(count) && /anthropic|bedrock/.test(provider) ? exclusive(usage) : count);
}

/** More cached than there was input: possible only where the input was told without it, as Anthropic itself counts. */
const isExclusive = (count: TokenCount): boolean =>
  count.state === "fault" && count.faults.every(({ code }) => code === "cached-exceeds-input");

function exclusive(usage: SpanUsage): TokenCount {
  const of = (name: string): AttributeValue | undefined => usage[`gen_ai.usage.${name}`];
  return countTokens("anthropic", {
    input_tokens: of("input_tokens"),
    output_tokens: of("output_tokens"),
    cache_read_input_tokens: of("cache_read.input_tokens"),
    cache_creation_input_tokens: of("cache_creation.input_tokens"),
    output_tokens_details: { thinking_tokens: of("reasoning.output_tokens") },
  });
}
