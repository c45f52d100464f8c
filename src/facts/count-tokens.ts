import { langfuseClaims } from "./count-langfuse.ts";
import { type CountReader, present, readCounts, shown, sumOf } from "./read-counts.ts";
import type { ByModality, CountClaims, Modality, TokenCount } from "./token-usage.ts";

/** Who counts how. docs/token-prices.md says where each rule is from. */
const rules = {
  /** Input includes cached and written tokens, output includes reasoning. Chat, responses, realtime, images, embeddings. */
  openai: openaiClaims,
  "azure-openai": openaiClaims,
  /** Input excludes what was read from a cache or written to one; output includes thinking. */
  anthropic: anthropicClaims,
  /** Converse, which excludes cache tokens from input as Anthropic does; or a model's own body. */
  bedrock: (c: CountReader) => converseClaims(c) ?? anthropicClaims(c),
  /** Prompt includes cached tokens and excludes what tools put in; candidates exclude thoughts. */
  gemini: geminiClaims,
  vertex: (c: CountReader) => geminiClaims(c) ?? ownClaims(c),
  /** Input includes cached tokens of all kinds; modalities, caches and reasoning are subsets. */
  otel: otelClaims,
  /** OpenAI's shape whoever served the call: the prompt includes cached and written tokens. */
  litellm: openaiClaims,
  /** Buckets that don't overlap; where their total says that they do, they are taken as parts of input and output. */
  langfuse: langfuseClaims,
} satisfies Record<string, (counts: CountReader) => CountClaims | undefined>;

/** A counting rule. */
export type CountingRule = keyof typeof rules;
/** The names of the counting rules. */
export const countingRules = Object.keys(rules) as readonly CountingRule[];

/**
 * A call's tokens by the counting rule of who counted them.
 * @param usage the provider's usage object, or the attributes of a span
 */
export const countTokens = (rule: CountingRule, usage: unknown): TokenCount => readCounts(usage, rules[rule]);

function openaiClaims(c: CountReader): CountClaims | undefined {
  const [input, output] = [
    c.either("prompt_tokens", "input_tokens"),
    c.either("completion_tokens", "output_tokens"),
  ];
  if (input === undefined && output === undefined) return undefined;
  const detail = (side: readonly string[], name: string): number | undefined =>
    c.either(...side.map((each) => `${each}.${name}`));
  const into = ["prompt_tokens_details", "input_tokens_details", "input_token_details"];
  const out = ["completion_tokens_details", "output_tokens_details", "output_token_details"];
  const hour = c.either(
    "prompt_tokens_details.cache_creation_token_details.ephemeral_1h_input_tokens",
    "cache_creation.ephemeral_1h_input_tokens",
  );
  const written = c.either(
    ...into.flatMap((each) => [`${each}.cache_write_tokens`, `${each}.cache_creation_tokens`]),
    "cache_creation_input_tokens",
    "input_cache_write_tokens",
  );
  return {
    input: input ?? 0,
    output: output ?? 0,
    ...present({
      cacheRead: c.either(
        ...into.map((each) => `${each}.cached_tokens`),
        "cache_read_input_tokens",
        "input_cached_tokens",
      ),
      cacheWrite5m: written === undefined ? undefined : written - (hour ?? 0),
      cacheWrite1h: hour,
      inputBy: byModality((modality) => detail(into, `${modality}_tokens`)),
      cacheReadBy: byModality((modality) => detail(into, `cached_tokens_details.${modality}_tokens`)),
      reasoning: detail(out, "reasoning_tokens"),
      outputBy: byModality((modality) =>
        modality === "text" ? undefined : detail(out, `${modality}_tokens`),
      ),
      total: c.count("total_tokens"),
    }),
  };
}

function anthropicClaims(c: CountReader): CountClaims | undefined {
  const uncached = c.either("input_tokens", "uncached_input_tokens");
  const output = c.count("output_tokens");
  if (uncached === undefined && output === undefined) return undefined;
  const read = c.count("cache_read_input_tokens");
  const [five, hour] = ["5m", "1h"].map((each) => c.count(`cache_creation.ephemeral_${each}_input_tokens`));
  const written = c.count("cache_creation_input_tokens");
  const split = sumOf(five, hour);
  if (written !== undefined && split !== undefined && written !== split)
    c.fault({
      code: "told-twice",
      field: "cache_creation_input_tokens, cache_creation",
      value: `${written}, ${split}`,
    });
  return {
    input: (uncached ?? 0) + (read ?? 0) + (split ?? written ?? 0),
    output: output ?? 0,
    ...present({
      cacheRead: read,
      cacheWrite5m: split === undefined ? written : five,
      cacheWrite1h: hour,
      reasoning: c.count("output_tokens_details.thinking_tokens"),
    }),
  };
}

function converseClaims(c: CountReader): CountClaims | undefined {
  const [uncached, output] = [c.count("inputTokens"), c.count("outputTokens")];
  if (uncached === undefined && output === undefined) return undefined;
  const [read, written] = [c.count("cacheReadInputTokens"), c.count("cacheWriteInputTokens")];
  const hours = c.list("cacheDetails").flatMap((_, index) => {
    const entry = c.list("cacheDetails")[index] as { ttl?: unknown; inputTokens?: unknown } | null;
    return entry?.ttl === "1h" && typeof entry.inputTokens === "number" ? entry.inputTokens : [];
  });
  const hour = sumOf(...hours);
  return {
    input: (uncached ?? 0) + (read ?? 0) + (written ?? 0),
    output: output ?? 0,
    ...present({
      cacheRead: read,
      cacheWrite5m: written === undefined ? undefined : written - (hour ?? 0),
      cacheWrite1h: hour,
      total: c.count("totalTokens"),
    }),
  };
}

function geminiClaims(c: CountReader): CountClaims | undefined {
  const of = (name: string): number | undefined =>
    c.either(
      name,
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    );
  const [prompt, candidates] = [of("promptTokenCount"), of("candidatesTokenCount")];
  const [thoughts, tools] = [of("thoughtsTokenCount"), of("toolUsePromptTokenCount")];
  if (sumOf(prompt, candidates, thoughts) === undefined) return undefined;
  const details = (name: string): Partial<Record<Modality, number>> | undefined => {
    const list = [...c.list(name), ...c.list(name.replaceAll(/[A-Z]/g, (each) => `_${each.toLowerCase()}`))];
    return list.length === 0 ? undefined : geminiModalities(c, name, list);
  };
  return {
    input: (prompt ?? 0) + (tools ?? 0),
    output: (candidates ?? 0) + (thoughts ?? 0),
    ...present({
      cacheRead: of("cachedContentTokenCount"),
      inputBy: added(details("promptTokensDetails"), details("toolUsePromptTokensDetails")),
      cacheReadBy: details("cacheTokensDetails"),
      reasoning: thoughts,
      outputBy: details("candidatesTokensDetails"),
      total: of("totalTokenCount"),
    }),
  };
}

/** Lists of `{ modality, tokenCount }`; a document is read as images, as Google bills it. Text is what is left. */
function geminiModalities(
  c: CountReader,
  field: string,
  list: readonly unknown[],
): Partial<Record<Modality, number>> {
  const by: Partial<Record<Modality, number>> = {};
  for (const entry of list as readonly ({
    modality?: unknown;
    tokenCount?: unknown;
    token_count?: unknown;
  } | null)[]) {
    const name = String(entry?.modality).toLowerCase();
    const count = entry?.tokenCount ?? entry?.token_count ?? 0;
    if (typeof count !== "number") c.fault({ code: "not-a-count", field, value: shown(count) });
    else if (name === "audio" || name === "video") by[name] = (by[name] ?? 0) + count;
    else if (name === "image" || name === "document") by.image = (by.image ?? 0) + count;
    else if (name !== "text" && name !== "modality_unspecified")
      c.fault({ code: "count-unknown", field, value: name });
  }
  return by;
}

function otelClaims(c: CountReader): CountClaims | undefined {
  const of = (name: string): number | undefined => c.count(`gen_ai.usage.${name}`);
  const input = c.either("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens");
  const output = c.either("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens");
  if (input === undefined && output === undefined) return undefined;
  return {
    input: input ?? 0,
    output: output ?? 0,
    ...present({
      cacheRead: of("cache_read.input_tokens"),
      cacheWrite5m: c.either(
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_write.input_tokens",
      ),
      inputBy: byModality((modality) => of(`${modality}.input_tokens`)),
      reasoning: of("reasoning.output_tokens"),
      outputBy: byModality((modality) => (modality === "text" ? undefined : of(`${modality}.output_tokens`))),
    }),
  };
}

/** A partner's model on Vertex counts as its own maker does: Claude as Anthropic, the compatible endpoint as OpenAI. */
function ownClaims(c: CountReader): CountClaims | undefined {
  return c.names.includes("prompt_tokens") ? openaiClaims(c) : anthropicClaims(c);
}

function byModality(of: (modality: Modality) => number | undefined): ByModality | undefined {
  const by = present<Record<Modality, number>>({
    text: of("text"),
    audio: of("audio"),
    image: of("image"),
    video: of("video"),
  });
  return Object.keys(by).length === 0 ? undefined : by;
}

function added(a: ByModality | undefined, b: ByModality | undefined): ByModality | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return byModality((modality) => sumOf(a[modality], b[modality]));
}
