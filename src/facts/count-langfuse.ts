import { type CountReader, present, sumOf } from "./read-counts.ts";
import type { CountClaims } from "./token-usage.ts";

/** What Langfuse's usage types mean; one class has many spellings, since each integration passes on its provider's. */
const meanings = {
  input: ["input", "input_tokens", "prompt_tokens", "prompt_token_count", "promptTokenCount"],
  output: ["output", "output_tokens", "completion_tokens", "candidates_token_count", "candidatesTokenCount"],
  cacheRead: [
    "input_cached_tokens",
    "input_cache_read",
    "cache_read_input_tokens",
    "cached_content_token_count",
    "input_cache_read_tokens",
  ],
  cacheReadText: ["input_cached_text_tokens"],
  cacheReadAudio: ["input_cached_audio_tokens"],
  inputText: ["input_text", "input_text_tokens"],
  outputText: ["output_text", "output_text_tokens"],
  cacheWrite5m: [
    "input_cache_creation",
    "cache_creation_input_tokens",
    "input_cache_creation_5m",
    "cache_write_tokens",
    "input_cache_write",
  ],
  cacheWrite1h: ["input_cache_creation_1h"],
  inputAudio: ["input_audio", "input_audio_tokens"],
  inputImage: ["input_image", "input_image_tokens"],
  outputAudio: ["output_audio", "output_audio_tokens"],
  outputImage: ["output_image", "output_image_tokens"],
  reasoning: [
    "output_reasoning",
    "output_reasoning_tokens",
    "reasoning_tokens",
    "thoughts_token_count",
    "thoughtsTokenCount",
  ],
  total: ["total", "total_tokens"],
} as const;
type Meaning = keyof typeof meanings;

/**
 * Langfuse keeps `usageDetails`: one number per usage type, each priced by itself, so that types must not overlap. Integrations that pass
 * a provider's inclusive counts on break that. The stated total tells: if it is input + output alone, the others are parts of them.
 */
export function langfuseClaims(c: CountReader): CountClaims | undefined {
  const spellings: readonly string[] = Object.values(meanings).flat();
  for (const name of c.names)
    if (!spellings.includes(name) && c.count(name) !== 0)
      c.fault({ code: "count-unknown", field: name, value: String(c.count(name)) });
  const of = (meaning: Meaning): number | undefined => c.either(...meanings[meaning]);
  const counts = Object.fromEntries(
    (Object.keys(meanings) as Meaning[]).map((meaning) => [meaning, of(meaning)]),
  ) as Record<Meaning, number | undefined>;
  const { input, output, total } = counts;
  if (sumOf(input, output, counts.inputText, counts.outputText) === undefined) return undefined;
  const cacheRead = sumOf(counts.cacheRead, counts.cacheReadText, counts.cacheReadAudio);
  const inputParts =
    sumOf(
      cacheRead,
      counts.cacheWrite5m,
      counts.cacheWrite1h,
      counts.inputText,
      counts.inputAudio,
      counts.inputImage,
    ) ?? 0;
  const outputParts = sumOf(counts.outputText, counts.outputAudio, counts.outputImage, counts.reasoning) ?? 0;
  const whole = (input ?? 0) + (output ?? 0);
  const inclusive = total !== undefined && total === whole && inputParts + outputParts > 0;
  const audio = inclusive ? counts.inputAudio : sumOf(counts.inputAudio, counts.cacheReadAudio);
  return {
    input: (input ?? 0) + (inclusive ? 0 : inputParts),
    output: (output ?? 0) + (inclusive ? 0 : outputParts),
    ...present({
      cacheRead,
      cacheWrite5m: counts.cacheWrite5m,
      cacheWrite1h: counts.cacheWrite1h,
      inputBy: present({ audio, image: counts.inputImage }),
      // Buckets that don't overlap tell what was cached by its modality.
      cacheReadBy: inclusive || cacheRead === undefined ? undefined : { audio: counts.cacheReadAudio ?? 0 },
      reasoning: counts.reasoning,
      outputBy: present({ audio: counts.outputAudio, image: counts.outputImage }),
      total,
    }),
  };
}
