import type { Call, CallTokens } from "./call.ts";
import type { Modality, TokenClass, TokenCount, TokenUsage } from "./token-usage.ts";

/** The parts of a call that say its tokens: a partition, or why there is none; both null where nothing was counted. */
export function callTokens(count: TokenCount): Pick<Call, "tokens" | "tokensFault"> {
  if (count.state === "counted") return { tokens: classesOf(count.usage), tokensFault: null };
  const [first] = count.faults;
  if (first === undefined || first.code === "nothing-counted") return { tokens: null, tokensFault: null };
  // What stands where a count should may be a text, and texts are not kept.
  const value = first.code === "not-a-count" && !/^"?-?[\d.]*"?$/.test(first.value) ? "" : ` ${first.value}`;
  return { tokens: null, tokensFault: `${first.code}: ${first.field}${value}` };
}

function classesOf({ parts }: TokenUsage): CallTokens {
  const cell = (of: TokenClass, modality: Modality): number => parts[`${of}_${modality}`] ?? 0;
  const all = (of: TokenClass): number =>
    cell(of, "text") + cell(of, "audio") + cell(of, "image") + cell(of, "video");
  const input = (modality: Modality): number =>
    cell("uncached", modality) +
    cell("cache_read", modality) +
    cell("cache_write_5m", modality) +
    cell("cache_write_1h", modality);
  return {
    uncachedInput: all("uncached"),
    cacheRead: all("cache_read"),
    cacheWrite5m: all("cache_write_5m"),
    cacheWrite1h: all("cache_write_1h"),
    visibleOutput: all("visible"),
    reasoningOutput: all("reasoning"),
    audioInput: input("audio"),
    imageInput: input("image"),
    videoInput: input("video"),
    audioOutput: cell("visible", "audio") + cell("reasoning", "audio"),
  };
}
